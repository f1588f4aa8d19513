"""Build the zips of Lambdas, one after the other."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.packages import archives, imports
from harness.packages.dependencies import Dependencies
from harness.packages.platforms import Platform
from harness.packages.sources import LambdaSource


@dataclass(frozen=True)
class Package:
    """A zip that was built.

    Attributes:
        name: The Lambda's folder.
        files: How many it holds.
        size: Its own bytes.
        unpacked: Bytes of its files.
        sha256: Of the zip, in hexadecimal digits.
    """

    name: str
    path: Path
    files: int
    size: int
    unpacked: int
    sha256: str


def build(
    sources: Sequence[LambdaSource], platform: Platform | None, output: Path
) -> Iterator[Package]:
    """Build a zip for each Lambda, and yield it once it is there.

    Args:
        platform: What to build for; None for this machine and Python.
        output: Folder of the zips, made if it is missing.

    Raises:
        PackagingError: A zip cannot be built; what to do is in its text.
    """
    gathered: dict[Path, Dependencies] = {}
    for source in sources:
        dependencies = gathered.setdefault(
            source.root, Dependencies(source.root, platform)
        )
        contents = _contents(source, dependencies)
        path = output / f"{source.name}.zip"
        archives.write(path, contents)
        yield _package(source.name, path, contents)


def _contents(
    source: LambdaSource, dependencies: Dependencies
) -> dict[str, bytes]:
    contents: dict[str, bytes] = {}
    for distribution in sorted(imports.distributions(source)):
        contents |= dependencies.contents(distribution)
    own = source.files().items()
    return contents | {name: path.read_bytes() for name, path in own}


def _package(name: str, path: Path, contents: dict[str, bytes]) -> Package:
    packed = path.read_bytes()
    return Package(
        name=name,
        path=path,
        files=len(contents),
        size=len(packed),
        unpacked=sum(map(len, contents.values())),
        sha256=hashlib.sha256(packed).hexdigest(),
    )
