"""Copies of the Lambdas' code, which nobody edits while it runs."""

import compileall
import shutil
from pathlib import Path

from harness.cloud import project

_LEFT_OUT = shutil.ignore_patterns("__pycache__")


def copy(root: Path, target: Path) -> Path:
    """Copy a folder of Lambdas, and the contracts that belong to them.

    Args:
        root: Folder with one folder per Lambda, and `shared`. Contracts
            are those beside it, or else this project's.
        target: Folder to lay both out in.

    Returns:
        The copy of the root.
    """
    contracts = root.resolve().parent / "contracts"
    if not contracts.is_dir():
        contracts = project.ROOT / "contracts"
    shutil.copytree(contracts, target / "contracts", ignore=_LEFT_OUT)
    shutil.copytree(root, target / "lambda", ignore=_LEFT_OUT)
    return target / "lambda"


def replace(folder: Path, source: Path) -> None:
    """Let a folder hold what another one does."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(source, folder, ignore=_LEFT_OUT)


def compile_all(root: Path) -> None:
    """Compile a copy whose modules many runs import anew.

    Python itself may not write bytecode; compiling would then be a tenth of
    the time of a run.
    """
    compileall.compile_dir(root, quiet=2)
