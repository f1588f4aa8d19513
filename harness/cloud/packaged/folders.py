"""The folders that a function's process sees: its code and the runtime's."""

import zipfile
from pathlib import Path

from harness.packages import installed

# Lambda's runtime brings the first two; the third moves the clock.
RUNTIME = ("boto3", "awslambdaric", "time-machine")


class NoPackageError(Exception):
    """There is no zip for a function."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(
            f"There is no {path}: build it with "
            "'.venv/bin/python package_lambda.py --local --output "
            f"{path.parent}'"
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
    """
    if not package.is_file():
        raise NoPackageError(package)
    if not task.is_dir():
        with zipfile.ZipFile(package) as archive:
            archive.extractall(task)
    return task


def make_runtime(folder: Path) -> Path:
    """Make a folder with what the Lambda runtime brings, and nothing else.

    Raises:
        NoRuntimeClientError: This Python lacks a part of it.
    """
    if installed.version("awslambdaric") is None:
        raise NoRuntimeClientError
    return installed.link_installed(folder, RUNTIME)
