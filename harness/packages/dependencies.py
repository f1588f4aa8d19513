"""What a zip holds of the distributions that a Lambda imports."""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from harness.packages import installed, pins, wheels
from harness.packages.errors import NotInstalledError
from harness.packages.platforms import Platform

Contents = Mapping[str, bytes]
# What a type checker reads, and what an installer leaves.
_SUFFIXES = {".pyi", ".pyc"}
_METADATA = ("METADATA", "licenses", "LICENSE")


class Dependencies:
    """Gives the files of distributions, each gathered once."""

    def __init__(self, root: Path, platform: Platform | None) -> None:
        """Prepare to gather.

        Args:
            root: The project's folder, where versions are pinned.
            platform: For which; None takes what is installed here.
        """
        self._root = root
        self._platform = platform
        self._gathered: dict[str, Contents] = {}

    def contents(self, distribution: str) -> Contents:
        """Give what a Lambda needs of a distribution, by name.

        Raises:
            PackagingError: It cannot be had for the platform.
        """
        if distribution not in self._gathered:
            self._gathered[distribution] = {
                name: content
                for name, content in self._gather(distribution).items()
                if _runs(PurePosixPath(name))
            }
        return self._gathered[distribution]

    def _gather(self, distribution: str) -> Contents:
        if self._platform is not None:
            return wheels.contents(self._root, distribution, self._platform)
        pinned = pins.version(self._root, distribution)
        present = installed.version(distribution)
        if present != pinned:
            raise NotInstalledError(distribution, pinned, present)
        files = installed.files([distribution]).items()
        return {n: path.read_bytes() for n, path in files if path.is_file()}


def _runs(name: PurePosixPath) -> bool:
    if name.parts[0].endswith(".dist-info"):
        return name.parts[1].startswith(_METADATA)
    return name.suffix not in _SUFFIXES and name.name != "py.typed"
