"""Every section and numbered fact of a specification that code cites exists.

Cited are `DRS_SERVICE.md 3.4`, a section or the fourth item of section 3,
and `BEHAVIOUR.md section 4 step 6` or `... 1 no. 13`, an item, too.
"""

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("lambda", "harness", "contracts", "cfn", "tests", "benchmarks")
CODE = [
    path
    for room in ROOMS
    for path in sorted((ROOT / room).rglob("*"))
    if path.suffix in {".py", ".md", ".yaml", ".json"}
    and "node_modules" not in path.parts
    and path != Path(__file__)
]
CITATION = re.compile(
    r"\b([A-Z][A-Z_]+\.md),?(?: section)? (\d+(?:\.\d+)?)"
    r"(?:,? (?:no\.|steps?) (\d+))?"
)
HEADING = re.compile(r"^#{2,3} (\d+(?:\.\d+)?)\b")
ITEM = re.compile(r"^(\d+)\. ")


@cache
def numbered(document: str) -> frozenset[str]:
    """List the sections of a document, and the items of each section."""
    found, section = set(), ""
    path = ROOT / "docs" / document
    for line in path.read_text(encoding="utf-8").splitlines():
        if heading := HEADING.match(line):
            section = heading[1]
            found.add(section)
        elif item := ITEM.match(line):
            found.add(f"{section}.{item[1]}")
    return frozenset(found)


def citations(text: str) -> set[tuple[str, str]]:
    """Find what a text cites, over the ends of its lines and comments."""
    flat = re.sub(r"\s*\n\s*(?:# )?", " ", text)
    return {
        (document, f"{section}.{item}" if item else section)
        for document, section, item in CITATION.findall(flat)
    }


def test_every_section_that_is_cited_is_there() -> None:
    missing = {
        (str(path.relative_to(ROOT)), *cited)
        for path in CODE
        for cited in citations(path.read_text(encoding="utf-8"))
        if cited[1] not in numbered(cited[0])
    }

    assert missing == set()


@pytest.mark.parametrize(
    ("text", "cited", "exists"),
    [
        ("(DRS_SERVICE.md 3.4).", "3.4", True),
        ("DRS_SERVICE.md 1 no. 13", "1.13", True),
        ("DRS_SERVICE.md section 3.8\n    # step 7", "3.8.7", True),
        ("DRS_SERVICE.md 1.16", "1.16", False),
        ("DRS_SERVICE.md 5.8", "5.8", False),
    ],
)
def test_a_citation_is_told_from_one_that_leads_nowhere(
    text: str, cited: str, exists: bool
) -> None:
    assert citations(text) == {("DRS_SERVICE.md", cited)}
    assert (cited in numbered("DRS_SERVICE.md")) is exists
