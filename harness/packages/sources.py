"""The Lambdas of a project, and what of its sources goes into a zip."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.packages.errors import UnknownLambdaError


@dataclass(frozen=True)
class LambdaSource:
    """One Lambda of a project.

    Attributes:
        root: The project's folder.
        name: The Lambda's folder below `lambda/`.
    """

    root: Path
    name: str

    @property
    def index(self) -> Path:
        """The module that holds the handler."""
        return self.root / "lambda" / self.name / "index.py"

    @property
    def import_roots(self) -> tuple[Path, Path]:
        """Where its imports are looked for, in this order."""
        return self.index.parent, self.index.parents[1]

    def files(self) -> Mapping[str, Path]:
        """Give the project's files in its zip, by their names there.

        Of the contracts, it needs the schemas only.
        """
        own, common = self.import_roots
        contracts = self.root / "contracts"
        found = {
            **_named(own, own.rglob("*.py")),
            **_named(common, (common / "shared").rglob("*.py")),
            **_named(self.root, contracts.glob("v*/**/*.schema.json")),
        }
        return dict(sorted(found.items()))


def find(root: Path, only: Sequence[str] = ()) -> list[LambdaSource]:
    """Find the Lambdas of a project, in the order of their names.

    Args:
        root: The project's folder.
        only: The names of those that are wanted; none given wants all.

    Raises:
        UnknownLambdaError: One that is wanted does not exist.
    """
    indexes = (root / "lambda").glob("*/index.py")
    known = sorted(path.parent.name for path in indexes)
    for name in only:
        if name not in known:
            raise UnknownLambdaError(name, known)
    return [
        LambdaSource(root, each) for each in known if each in only or not only
    ]


def _named(base: Path, paths: Iterator[Path]) -> dict[str, Path]:
    return {path.relative_to(base).as_posix(): path for path in paths}
