"""Copies of the project, in which code is changed and tested."""

import shutil
from pathlib import Path

from harness.cloud import project

_LEFT_OUT = (
    ".git",
    ".venv",
    "build",
    "dist",
    "runs",
    ".hypothesis",
    ".mypy_cache",
    ".pytest_cache",
    "*.egg-info",
)


def copy(target: Path, source: Path = project.ROOT) -> Path:
    """Copy what the tests need of the project; what is compiled, too."""
    ignored = shutil.ignore_patterns(*_LEFT_OUT)
    shutil.copytree(source, target, ignore=ignored)
    for cache in (target / "lambda").rglob("__pycache__"):
        shutil.rmtree(cache)
    return target


def write(path: Path, text: str) -> None:
    """Write a module, and forget how it was compiled.

    Python compiles a file again when its size or its second of writing is
    another; changes can come faster.
    """
    path.write_text(text, encoding="utf-8")
    for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"):
        compiled.unlink()
