"""What is installed in this Python: distributions and their files."""

import re
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, PackageNotFoundError
from pathlib import Path

_NAME = re.compile(r"[A-Za-z0-9._-]+")


def version(distribution: str) -> str | None:
    """Tell which version is installed, None if none is."""
    found = _find(distribution)
    return found.version if found else None


def files(distributions: Iterable[str]) -> dict[str, Path]:
    """Give the files of distributions and of all that they need.

    Returns:
        Paths by their names below the folder of installed packages;
        without scripts, which are elsewhere.
    """
    return {
        each.as_posix(): Path(str(distribution.locate_file(each)))
        for distribution in _closure(distributions)
        for each in distribution.files or ()
        if ".." not in each.parts
    }


def link_installed(folder: Path, distributions: Iterable[str]) -> Path:
    """Make a folder with distributions and all that they need, as links.

    On the path of an interpreter without its own installed packages, it
    shows these and no other.

    Returns:
        The folder.
    """
    folder.mkdir()
    for name, path in files(distributions).items():
        link = folder / name.partition("/")[0]
        if not link.exists():
            link.symlink_to([path, *path.parents][name.count("/")])
    return folder


def _closure(names: Iterable[str]) -> Iterator[Distribution]:
    waiting, seen = list(names), set[str]()
    while waiting:
        found = _find(waiting.pop())
        if found is not None and found.name not in seen:
            seen.add(found.name)
            waiting += _needed(found)
            yield found


def _needed(distribution: Distribution) -> Iterator[str]:
    """Yield what is required; of other platforms' nothing is installed."""
    for requirement in distribution.requires or ():
        name = _NAME.match(requirement)
        if name and "extra ==" not in requirement:
            yield name[0]


def _find(name: str) -> Distribution | None:
    try:
        return Distribution.from_name(name)
    except PackageNotFoundError:
        return None
