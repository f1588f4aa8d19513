"""The files that are written from the contracts, never by hand."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from harness.contracts import documentation, typed_dicts
from harness.contracts.loading import Contracts

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class GeneratedFile:
    """A file that follows from the contracts.

    Attributes:
        path: Where it stands in the tree.
        command: What a person runs to write it anew.
        write: Gives its text.
    """

    path: str
    command: str
    write: Callable[[Contracts], str]

    def complaints(self, contracts: Contracts, root: Path = ROOT) -> list[str]:
        """Say whether the file is not what the contracts make of it."""
        path = root / self.path
        if not path.is_file():
            return [f"{self.path} is missing: run {self.command}"]
        if path.read_text(encoding="utf-8") != self.write(contracts):
            return [f"{self.path} is not up to date: run {self.command}"]
        return []

    def renew(self, contracts: Contracts, root: Path = ROOT) -> Path:
        """Write the file and give its path."""
        path = root / self.path
        path.write_text(self.write(contracts), encoding="utf-8")
        return path


TYPES = GeneratedFile(
    "lambda/shared/contract_types.py", typed_dicts.COMMAND, typed_dicts.module
)
DOCUMENTATION = GeneratedFile(
    "docs/contracts.md", documentation.COMMAND, documentation.markdown
)
FILES = (TYPES, DOCUMENTATION)


def complaints(contracts: Contracts, root: Path = ROOT) -> list[str]:
    """Say which generated file is not up to date, and what to run."""
    return [c for file in FILES for c in file.complaints(contracts, root)]
