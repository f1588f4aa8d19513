"""The folders that a function's process sees: its code and the runtime's."""

import zipfile
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory

from harness.packages import installed

# Lambda's runtime brings the first two; the third moves the clock.
RUNTIME = ("boto3", "awslambdaric", "time-machine")

# What zipfile raises for bytes that are not as they were written; the third
# when they tell of a cipher or of an unknown compression.
_DAMAGE = (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError)


class NoPackageError(Exception):
    """There is no zip for a function."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(
            f"There is no {path}: build it with "
            "'.venv/bin/python package_lambda.py --local --output "
            f"{path.parent}'"
        )


class BrokenPackageError(Exception):
    """A zip that cannot be unpacked."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        super().__init__(
            f"{path} cannot be unpacked ({reason}): build or upload that "
            "package again"
        )


class NoRuntimeClientError(Exception):
    """AWS's runtime interface client is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "Running packages needs awslambdaric, which is not installed: "
            "'pip install awslambdaric', in the version of pyproject.toml"
        )


def unpack(package: Path, task: Path) -> Path:
    """Unpack a function's zip, unless that was done before.

    Returns:
        The folder of its code.

    Raises:
        NoPackageError: There is no such zip.
        BrokenPackageError: It is damaged; nothing is unpacked.
    """
    if not package.is_file():
        raise NoPackageError(package)
    if not task.is_dir():
        _extract(package, task)
    return task


def _extract(package: Path, task: Path) -> None:
    """Make the folder with all files, or not at all."""
    with TemporaryDirectory(dir=task.parent) as unfinished:
        whole = Path(unfinished) / task.name
        try:
            with zipfile.ZipFile(package) as archive:
                archive.extractall(whole)
        except _DAMAGE as error:
            raise BrokenPackageError(package, str(error)) from error
        # A zip without any file makes no folder.
        whole.mkdir(exist_ok=True)
        whole.rename(task)


def make_runtime(folder: Path) -> Path:
    """Make a folder with what the Lambda runtime brings, and nothing else.

    Raises:
        NoRuntimeClientError: This Python lacks a part of it.
    """
    if installed.version("awslambdaric") is None:
        raise NoRuntimeClientError
    return installed.link_installed(folder, RUNTIME)
