"""One wrong candidate: what it breaks, and the edit that breaks it."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from harness.cloud import project
from harness.equivalence.sides import CANDIDATE

LAMBDA = project.ROOT / "lambda"
INDEX = "dr-orchestration-stepfunction/index.py"
START = "execution-handler/index.py"
STARTS = "execution-handler/execution_handler"
POLL = "query-handler/index.py"
POLLS = "query-handler/query_handler"


class EditDoesNotApplyError(Exception):
    """The text that a miniature replaces is not there once."""

    def __init__(self, miniature: "Miniature", times: int) -> None:
        super().__init__(
            f"{miniature.name}: its old text stands {times} times in "
            f"lambda/{miniature.file}, it must stand there once"
        )


@dataclass(frozen=True)
class Miniature:
    """A candidate that does one thing wrong.

    Attributes:
        name: Short, unique, for people and command lines.
        breaks: What an outsider could see of it, one sentence.
        file: Which file is edited, below `lambda/`.
        old: Text that stands in the file exactly once.
        new: Text in its place.
    """

    name: str
    breaks: str
    file: str
    old: str
    new: str

    def edited(self) -> str:
        """Give the edited file's text.

        Raises:
            EditDoesNotApplyError: The old text does not stand there once.
        """
        text = (LAMBDA / self.file).read_text(encoding="utf-8")
        times = text.count(self.old)
        if times != 1:
            raise EditDoesNotApplyError(self, times)
        return text.replace(self.old, self.new)


def lay_out(miniature: Miniature, target: Path) -> Path:
    """Write the whole code of a wrong candidate.

    Args:
        target: Folder to make `lambda` in, with `shared` and the handlers.

    Returns:
        The folder of the orchestration Lambda, which a search can take as
        its candidate.

    Raises:
        EditDoesNotApplyError: The edit does not fit the candidate's code.
    """
    root = target / "lambda"
    text = miniature.edited()
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(LAMBDA, root, ignore=ignored)
    (root / miniature.file).write_text(text, encoding="utf-8")
    return root / CANDIDATE.name
