"""Hunt all wrong candidates, or lay one out to try a command on.

python -m tests.property.miniatures [--most N] [--seed N] [NAME ...]
python -m tests.property.miniatures --lay-out FOLDER NAME
"""

import argparse
import json
import statistics
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from harness.equivalence import scenarios
from tests.property.miniatures.catalogue import MINIATURES
from tests.property.miniatures.hunting import (
    Catch,
    RealCandidatePartsError,
    hunt,
)
from tests.property.miniatures.miniature import Miniature, lay_out

ENOUGH = 20


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry a command line out.

    Returns:
        0 when every miniature was caught, with a median below 20
        scenarios; 1 otherwise.
    """
    parser = _parser()
    asked = parser.parse_args(arguments)
    if unknown := sorted(set(asked.names) - set(MINIATURES)):
        parser.error(f"no miniature is called {', '.join(unknown)}")
    wanted = [MINIATURES[name] for name in asked.names or MINIATURES]
    if asked.lay_out is not None:
        for miniature in wanted:
            print(lay_out(miniature, asked.lay_out / miniature.name))
        return 0
    catches = list(_hunted(wanted, asked.most, asked.seed))
    _keep(catches, asked.keep)
    return _verdict(len(wanted), catches)


def _hunted(
    wanted: Iterable[Miniature], most: int, seed: int
) -> Iterator[Catch]:
    with hunt() as hunting:
        for miniature in wanted:
            try:
                catch = hunting.catch(miniature, most, seed)
            except RealCandidatePartsError as error:
                print(f"{miniature.name:42} NOT HUNTED: {error}", flush=True)
                continue
            print(_line(miniature, catch), flush=True)
            if catch is not None:
                yield catch


def _line(miniature: Miniature, catch: Catch | None) -> str:
    if catch is None:
        return f"{miniature.name:42} NOT CAUGHT: {miniature.breaks}"
    return (
        f"{miniature.name:42} {catch.scenarios:3d} scenarios "
        f"{catch.seconds:5.0f} s  {catch.difference.path[:90]}"
    )


def _keep(catches: Iterable[Catch], folder: Path | None) -> None:
    """Write the scenarios that told them apart, where that is asked for."""
    if folder is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    for catch in catches:
        document = scenarios.to_document(catch.scenario)
        path = folder / f"{catch.miniature.name}.json"
        path.write_text(json.dumps(document, indent=2) + "\n", "utf-8")


def _verdict(wanted: int, catches: Sequence[Catch]) -> int:
    numbers = [catch.scenarios for catch in catches]
    median = statistics.median(numbers) if numbers else 0
    print(
        f"{len(catches)} of {wanted} caught; scenarios that it took: "
        f"median {median:g}, most {max(numbers, default=0)}"
    )
    return int(len(catches) < wanted or median >= ENOUGH)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.property.miniatures",
        description="Hunt candidates that are wrong on purpose.",
    )
    parser.add_argument("names", nargs="*", help="which; all by default")
    parser.add_argument("--most", type=int, default=200, help="scenarios")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--keep", type=Path, help="folder for the scenarios that it took"
    )
    parser.add_argument(
        "--lay-out", type=Path, help="folder to write the candidate to"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
