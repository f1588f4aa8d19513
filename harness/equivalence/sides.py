"""The two sides of a comparison: folders of Lambda code."""

from dataclasses import dataclass
from pathlib import Path

from harness.cloud import code_copies, project
from harness.equivalence.scenarios import Implementation

CONTROL = project.ROOT / "lambda" / "orchestration-stepfunctions"
CANDIDATE = project.ROOT / "lambda" / "dr-orchestration-stepfunction"


class NotALambdaError(ValueError):
    """A folder holds no Lambda."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder}: no index.py there; name a Lambda's folder"
        )
        self.folder = folder


@dataclass(frozen=True)
class Code:
    """Lambda folders that one world runs.

    Attributes:
        root: Folder with one folder per Lambda, and `shared`.
    """

    root: Path

    def function(self, by: Implementation) -> str:
        """Name the function that an implementation is deployed as."""
        folder = (CONTROL if by == "control" else CANDIDATE).name
        for function in project.deployment("refactored").functions:
            if function.folder == folder:
                return function.name
        raise LookupError(folder)


def folders(control: Path | None, candidate: Path | None) -> tuple[Path, Path]:
    """Find the folders of both sides; this project's where none is named.

    Raises:
        NotALambdaError: A folder holds no Lambda.
    """
    require_lambdas(control or CONTROL, candidate or CANDIDATE)
    return (control or CONTROL).resolve(), (candidate or CANDIDATE).resolve()


def require_lambdas(*named: Path) -> None:
    """Refuse folders that hold no Lambda.

    Raises:
        NotALambdaError: A folder holds no Lambda.
    """
    for folder in named:
        if not (folder / "index.py").is_file():
            raise NotALambdaError(folder)


def stage(
    target: Path,
    own: Path,
    control: Path = CONTROL,
    candidate: Path = CANDIDATE,
) -> Code:
    """Lay the code of one world out, so that any two folders can meet.

    What stands beside a side's folder (`shared`, the handlers) belongs to
    the side. A folder that stands alone gets this project's.

    Args:
        target: Empty folder to lay it out in.
        own: The side whose world it is: `control` or `candidate`.

    Raises:
        NotALambdaError: A folder holds no Lambda.
    """
    require_lambdas(control, candidate)
    beside = own.parent if (own.parent / "shared").is_dir() else CONTROL.parent
    root = code_copies.copy(beside, target)
    code_copies.replace(root / CONTROL.name, control)
    code_copies.replace(root / CANDIDATE.name, candidate)
    # Each scenario imports the code anew, as a cold start does.
    code_copies.compile_all(root)
    return Code(root)
