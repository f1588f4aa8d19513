"""Every document that the tree names is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("lambda", "harness", "contracts", "cfn", "docs", "tests", "examples")
TEXTS = [
    path
    for room in ROOMS
    for path in sorted((ROOT / room).rglob("*"))
    if path.suffix in {".py", ".md", ".yaml", ".json"}
    and "node_modules" not in path.parts
]
SPECIFICATION = re.compile(r"\b([A-Z][A-Z_]+\.md)\b")
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")


def named(text: str) -> set[str]:
    """Find the documents a text names by their capital letters."""
    return set(SPECIFICATION.findall(text))


def places(name: str, beside: Path) -> list[Path]:
    folders = [ROOT, ROOT / "docs", beside, *beside.parents]
    return [folder / name for folder in folders if (folder / name).is_file()]


def test_every_specification_that_is_named_is_there() -> None:
    missing = {
        (str(path.relative_to(ROOT)), name)
        for path in TEXTS
        for name in named(path.read_text(encoding="utf-8"))
        if not places(name, path.parent)
    }

    assert missing == set()
    assert places("nowhere.md", ROOT) == []


@pytest.mark.parametrize(
    "path",
    [path for path in TEXTS if path.suffix == ".md"],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_every_link_leads_somewhere(path: Path) -> None:
    links = LINK.findall(path.read_text(encoding="utf-8"))

    missing = [link for link in links if not (path.parent / link).exists()]

    assert missing == []
