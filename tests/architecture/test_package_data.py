"""What the installed package needs beside its modules is installed too."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_data_file_is_package_data_when_the_harness_has_one() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    declared = tomllib.loads(text)["tool"]["setuptools"]["package-data"]

    present = {
        path
        for path in (ROOT / "harness").rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc", ".md"}
    }
    installed = {
        path
        for package, patterns in declared.items()
        for pattern in patterns
        for path in (ROOT / package.replace(".", "/")).glob(pattern)
    }

    assert present and installed == present
