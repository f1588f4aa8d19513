"""Try changes of the candidate's code, and print the score.

python -m tests.mutation [--sample N] [--seed N] [--module TEXT]
    [--last STAGE] [--parallel N] [--again] [--list]
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from harness.cloud import project
from tests.mutation import choosing, crew, results, stages, trees
from tests.mutation.mutations import Mutation
from tests.mutation.results import Book

WANTED = 95.0
BOOK = project.ROOT / "build" / "mutants" / "results.jsonl"


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry a command line out.

    Returns:
        0 when every survivor is known, or none need be; 1 when a change
        that nobody has explained was noticed by no test; 2 when nothing was
        chosen.
    """
    asked = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        tree = trees.copy(Path(folder) / "project")
        chosen = _chosen(asked, tree / "lambda")
        if not chosen:
            print(f"Nothing to change in a module like {asked.module!r}.")
            return 2
        if asked.list:
            print("\n".join(mutation.name for mutation in chosen))
            return 0
        book = Book(asked.results, tree / "lambda")
        _judge(asked, chosen, book, tree)
        return _report(chosen, book)


def _chosen(asked: argparse.Namespace, root: Path) -> list[Mutation]:
    everything = choosing.mutations(root, asked.module)
    if asked.sample is None:
        return everything
    return choosing.sample(everything, asked.sample, asked.seed)


def _judge(
    asked: argparse.Namespace, chosen: list[Mutation], book: Book, tree: Path
) -> None:
    """Try what was not tried before."""
    left = [m for m in chosen if _is_open(book.get(m), asked.again)]
    if not left:
        return
    names = [stage.name for stage in stages.ALL]
    with crew.crew(tree, min(asked.parallel, len(left))) as workers:
        print("Running the tests on the code as it is ...", flush=True)
        asked_for = names[: names.index(asked.last) + 1]
        crew.measure(workers, asked_for, tree / "reach.json")
        progress = _Progress(book, len(left))
        crew.judge(workers, left, asked.last, progress.tell)


def _is_open(result: dict[str, Any] | None, again: bool) -> bool:
    if result is None:
        return True
    return again and result["verdict"] == "survived"


class _Progress:
    """Keeps results, and prints a line for each."""

    def __init__(self, book: Book, total: int) -> None:
        self._book = book
        self._total = total
        self._number = 0

    def tell(self, mutation: Mutation, result: dict[str, Any]) -> None:
        self._book.add(mutation, result)
        self._number += 1
        print(
            f"{self._number}/{self._total} {result['verdict']:8} "
            f"{result['seconds']:5.0f} s  {_shown(mutation)}  "
            f"{result['by'][:70]}",
            flush=True,
        )


def _report(chosen: list[Mutation], book: Book) -> int:
    judged = [(m, r) for m in chosen if (r := book.get(m)) is not None]
    table = results.scores(judged, results.known())
    print(f"\n{'module':58} killed equivalent survived   score")
    for score in table:
        print(
            f"{score.module:58} {score.killed:6} {score.equivalent:10} "
            f"{len(score.survivors):8} {score.percent:6.1f}%"
        )
    survivors = [m for score in table for m in score.survivors]
    killed = sum(score.killed for score in table)
    tried = killed + len(survivors)
    percent = 100 * killed / tried if tried else 100.0
    print(f"{killed} of {tried} killed: {percent:.1f}%, wanted {WANTED:g}%")
    for mutation in survivors:
        print(f"survived, line {mutation.line}: {mutation.name}")
    return int(bool(survivors))


def _shown(mutation: Mutation) -> str:
    change = mutation.change
    short = (
        change if len(change) <= 90 else f"{change[:60]} ... {change[-25:]}"
    )
    return f"{mutation.module}:{mutation.line} {mutation.operator}: {short}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.mutation",
        description="Change the candidate's code and see what notices.",
    )
    parser.add_argument("--sample", type=int, help="so many; else all")
    parser.add_argument("--seed", type=int, default=0, help="of the sample")
    parser.add_argument("--module", default="", help="part of a file's path")
    parser.add_argument("--parallel", type=int, default=2, help="workers")
    parser.add_argument(
        "--last",
        default=stages.WHOLE.name,
        choices=[stage.name for stage in stages.ALL],
        help="the last stage of tests to run",
    )
    parser.add_argument(
        "--again", action="store_true", help="try old survivors once more"
    )
    parser.add_argument("--list", action="store_true", help="only name them")
    parser.add_argument("--results", type=Path, default=BOOK)
    return parser


if __name__ == "__main__":
    sys.exit(main())
