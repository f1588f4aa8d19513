"""Zips that are equal, byte for byte, when their contents are."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

# The first moment that a zip can hold; a real one would differ each time.
_MOMENT = (1980, 1, 1, 0, 0, 0)
# A file that everybody may read: Lambda runs code as another user.
_MODE = 0o100644
_UNIX = 3
# Deflate's own default: 9 takes twice the time for a five hundredth.
_LEVEL = 6


def write(path: Path, contents: Mapping[str, bytes]) -> None:
    """Write a zip, sorted by name, with fixed times and modes.

    An earlier zip is replaced only by a whole one.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    with zipfile.ZipFile(unfinished, "w") as archive:
        for name in sorted(contents):
            archive.writestr(
                _entry(name), contents[name], compresslevel=_LEVEL
            )
    unfinished.replace(path)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _MOMENT)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = _UNIX
    entry.external_attr = _MODE << 16
    return entry
