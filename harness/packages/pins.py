"""The versions that the project has chosen, in `requirements-dev.txt`."""

import re
from pathlib import Path

from harness.packages.errors import UnpinnedError

_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;]+)", re.MULTILINE)


def file(root: Path) -> Path:
    """Name the file that pins every version, in pip's own form."""
    return root / "requirements-dev.txt"


def version(root: Path, distribution: str) -> str:
    """Tell the version that is pinned for a distribution.

    Raises:
        UnpinnedError: None is.
    """
    pins = dict(_PIN.findall(file(root).read_text(encoding="utf-8")))
    if distribution not in pins:
        raise UnpinnedError(distribution, file(root).name)
    return str(pins[distribution])
