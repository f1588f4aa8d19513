"""A small project with Lambdas, and a folder of wheels instead of an index."""

import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

FILES = {
    "requirements-dev.txt": "jsonschema-rs==0.60.3\n",
    "lambda/greeter/index.py": "from greetings import words\n",
    "lambda/greeter/greetings/__init__.py": "",
    "lambda/greeter/greetings/words.py": "from shared.checks import check\n",
    "lambda/quiet/index.py": "import json, boto3\n",
    "lambda/shared/__init__.py": "",
    "lambda/shared/checks.py": "def check():\n    import jsonschema_rs\n",
    "contracts/v1/greet/request.schema.json": "{}",
    "contracts/v1/greet/examples/valid/request-plain.json": "{}",
    "contracts/mutants-known.json": "{}",
    "contracts/released/v1.json": "{}",
}

METADATA = "Metadata-Version: 2.1\nName: jsonschema-rs\nVersion: 0.60.3\n"
WHEEL = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: false\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def offer_wheel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], None]:
    """Let pip find wheels in a folder only, and put one there."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))

    def offer(tags: str) -> None:
        about = "jsonschema_rs-0.60.3.dist-info"
        wheel = folder / f"jsonschema_rs-0.60.3-{tags}.whl"
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr("jsonschema_rs/__init__.py", f"TAGS = {tags!r}\n")
            archive.writestr("jsonschema_rs/__init__.pyi", "TAGS: str\n")
            archive.writestr(f"{about}/METADATA", METADATA)
            archive.writestr(f"{about}/WHEEL", f"{WHEEL}Tag: {tags}\n")
            archive.writestr(f"{about}/RECORD", "")

    return offer
