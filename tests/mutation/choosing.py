"""Which modules are changed, and which changes are tried."""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.mutation import finding
from tests.mutation.mutations import Mutation

FOLDERS = (
    "dr-orchestration-stepfunction",
    "execution-handler",
    "query-handler",
    "shared",
)
# The contracts have laws and mutants of their own; a log line is a text for
# people, and every one is compared with the reference's.
LEFT_OUT = ("contract_", "contracts", "log_lines", "__init__")


def modules(root: Path) -> Iterator[Path]:
    """List the files that are changed.

    Args:
        root: The folder `lambda`.
    """
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*.py")):
            if not path.stem.startswith(LEFT_OUT):
                yield path


def mutations(root: Path, part: str = "") -> list[Mutation]:
    """List all changes of the modules whose path holds a text.

    Args:
        root: The folder `lambda`.
        part: Such as `wave_polls`; empty for all.
    """
    return [
        mutation
        for path in modules(root)
        if part in (name := str(path.relative_to(root)))
        for mutation in finding.mutations(name, path.read_text("utf-8"))
    ]


def sample(
    population: Sequence[Mutation], size: int, seed: int
) -> list[Mutation]:
    """Choose some changes, of each module in proportion to its number.

    A larger sample of the same seed holds the smaller one.
    """
    chance = random.Random(seed)
    by_module: dict[str, list[Mutation]] = defaultdict(list)
    for mutation in population:
        by_module[mutation.module].append(mutation)
    ranked = []
    for members in by_module.values():
        chance.shuffle(members)
        first = chance.random()
        ranked += [
            ((rank + first) / len(members), mutation)
            for rank, mutation in enumerate(members)
        ]
    ranked.sort(key=lambda pair: pair[0])
    return [mutation for _, mutation in ranked[:size]]
