"""What was found about changes: kept, and set against what is known."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.mutation.mutations import Mutation

KNOWN = Path(__file__).parent / "known.json"
Result = dict[str, Any]


class Book:
    """The file of results: a run that was broken off goes on from it."""

    def __init__(self, path: Path, lambda_root: Path) -> None:
        """Read what was found before, if anything.

        Args:
            path: File with one JSON object a line; made when missing.
            lambda_root: The code that is judged. Results about other code
                of a module do not count.
        """
        self._path = path
        self._root = lambda_root
        self._digests: dict[str, str] = {}
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        results = [json.loads(line) for line in lines]
        self._results = {
            (result["mutation"], result["code"]): result for result in results
        }

    def get(self, mutation: Mutation) -> Result | None:
        """Give what was found about a change; None for nothing."""
        return self._results.get(self._key(mutation))

    def add(self, mutation: Mutation, found: Mapping[str, Any]) -> None:
        """Keep what was found about a change."""
        name, code = self._key(mutation)
        result = {"mutation": name, "code": code, **found}
        self._results[(name, code)] = result
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(result) + "\n")

    def _key(self, mutation: Mutation) -> tuple[str, str]:
        module = mutation.module
        if module not in self._digests:
            code = (self._root / module).read_bytes()
            self._digests[module] = hashlib.sha256(code).hexdigest()[:12]
        return mutation.name, self._digests[module]


@dataclass(frozen=True)
class Score:
    """How the changes of a module fared.

    Attributes:
        equivalent: Survivors that nobody could notice, by `known.json`.
        survivors: Those about which nothing is known.
    """

    module: str
    killed: int
    equivalent: int
    survivors: tuple[Mutation, ...]

    @property
    def percent(self) -> float:
        """Killed ones among those that are not equivalent."""
        total = self.killed + len(self.survivors)
        return 100 * self.killed / total if total else 100.0


def known() -> dict[str, str]:
    """Read the survivors that are understood: name and reason."""
    document: dict[str, str] = json.loads(KNOWN.read_text("utf-8"))
    return document


def scores(
    judged: Iterable[tuple[Mutation, Mapping[str, Any]]],
    reasons: Mapping[str, str],
) -> list[Score]:
    """Sum up by module, in the order of the modules."""
    by_module: dict[str, list[tuple[Mutation, bool]]] = {}
    for mutation, result in judged:
        killed = result["verdict"] == "killed"
        by_module.setdefault(mutation.module, []).append((mutation, killed))
    return [
        Score(
            module,
            killed=sum(killed for _, killed in members),
            equivalent=sum(
                mutation.name in reasons and not killed
                for mutation, killed in members
            ),
            survivors=tuple(
                mutation
                for mutation, killed in members
                if not killed and mutation.name not in reasons
            ),
        )
        for module, members in sorted(by_module.items())
    ]
