"""Released versions: one bundle file each, never edited afterwards."""

import re
from pathlib import Path

from harness.contracts import sources, strict_json
from harness.contracts.findings import Side
from harness.contracts.mistakes import UnreadableError

FOLDER = "released"

Version = tuple[int, int, int]


def version(text: str) -> Version | None:
    """Read three numbers such as "1.2.0"; nothing where there are none."""
    number = "(0|[1-9][0-9]*)"
    found = re.fullmatch(rf"{number}\.{number}\.{number}", text)
    if not found:
        return None
    major, minor, patch = map(int, found.groups())
    return major, minor, patch


def newest(folder: Path) -> Side | None:
    """Read the newest release of a folder of contracts, if there is one.

    Raises:
        UnreadableError: A file among the releases is no bundle, or says
            another version than its name.
    """
    found = {}
    for path in sorted((folder / FOLDER).glob("*.json")):
        number = version(path.stem)
        if number is None:
            raise UnreadableError(path, "its name is no version")
        found[number] = path
    if not found:
        return None
    path = found[max(found)]
    side = sources.bundle(strict_json.read(path), path)
    if side.label != path.stem:
        raise UnreadableError(path, f"it says version {side.label}")
    return side
