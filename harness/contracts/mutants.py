"""Whether the examples notice when a schema is changed.

A mutant is a set of contracts with one mutation. It is killed when an example
is no longer judged as its file says. A survivor is a rule, or a tolerance,
that nobody would miss.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import urljoin

from harness.contracts import edits, examples, mutations, sources
from harness.contracts.checking import subschemas
from harness.contracts.engines import fast_findings, reference_findings
from harness.contracts.examples import Example
from harness.contracts.loading import Contracts
from harness.contracts.mistakes import UnreadableError, UsageError
from harness.contracts.mutations import Mutation

KNOWN = "mutants-known.json"


class UnfitExampleError(UsageError):
    """An example does not fit the contracts, so it can judge no mutant."""

    def __init__(self, label: str) -> None:
        super().__init__(
            f"{label}: is not judged as it says; first run "
            "drs-orch contracts check"
        )


@dataclass(frozen=True)
class Jury:
    """The examples of some contracts, which judge mutants of them.

    Attributes:
        contracts: As they are.
        examples: All of them fit the contracts.
    """

    contracts: Contracts
    examples: tuple[Example, ...]

    def kills(self, mutation: Mutation) -> bool:
        """Tell whether an example is judged otherwise by a mutant.

        The fast engine is asked first; the other one knows differences, such
        as a line end at the end, that the fast one does not.
        """
        mutant = Contracts(
            {**self.contracts.schemas, mutation.schema: mutation.mutated}
        )
        names = self._reaching[mutation.schema]
        return any(self._is_noticed(mutant, name) for name in names) or any(
            self._is_noticed_by_reference(mutant, name) for name in names
        )

    def _is_noticed(self, mutant: Contracts, name: str) -> bool:
        validator = mutant.fast_validator(name)
        return any(
            fast_findings(validator, example.document) != example.findings
            for example in self._by_schema[name]
        )

    def _is_noticed_by_reference(self, mutant: Contracts, name: str) -> bool:
        validator = mutant.reference_validator(name)
        return any(
            reference_findings(validator, example.document) != example.findings
            for example in self._by_schema[name]
        )

    @cached_property
    def _by_schema(self) -> Mapping[str, list[Example]]:
        grouped = defaultdict(list)
        for example in self.examples:
            grouped[example.schema].append(example)
        return grouped

    @cached_property
    def _reaching(self) -> dict[str, list[str]]:
        """The schemas that a mutation reaches, its own first."""
        schemas = self.contracts.schemas
        names = {schema["$id"]: name for name, schema in schemas.items()}
        users = defaultdict(set)
        for name, schema in schemas.items():
            for _, part in subschemas(schema):
                if "$ref" in part:
                    target = urljoin(schema["$id"], part["$ref"])
                    users[names[target.partition("#")[0]]].add(name)
        return {name: _closure(name, users) for name in schemas}


def _closure(name: str, users: Mapping[str, set[str]]) -> list[str]:
    found = [name]
    for reached in found:
        found += sorted(users.get(reached, set()) - set(found))
    return found


@dataclass(frozen=True)
class Outcome:
    """What became of all mutants.

    Attributes:
        counts: Keyword to number of mutants and of killed ones.
        survivors: Mutants that no example notices, with the known reason.
        unused: Known reasons for mutants that are killed, or are none.
    """

    counts: dict[str, tuple[int, int]]
    survivors: dict[str, str | None]
    unused: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        """Whether each survivor has a reason and each reason a survivor."""
        return all(self.survivors.values()) and not self.unused


def try_all(
    contracts: Contracts,
    documents: Iterable[Example],
    known: Mapping[str, str],
) -> Outcome:
    """Make every mutant of some contracts and let the examples judge it.

    Args:
        contracts: Each schema of them is mutated.
        documents: Examples that fit the contracts.
        known: Survivors that are accepted, each with its reason.
    """
    jury = Jury(contracts, tuple(documents))
    counts: dict[str, tuple[int, int]] = {}
    survivors: dict[str, str | None] = {}
    for name, schema in contracts.schemas.items():
        for mutation in mutations.of(name, schema):
            is_killed = jury.kills(mutation)
            made, killed = counts.get(mutation.keyword, (0, 0))
            counts[mutation.keyword] = (made + 1, killed + is_killed)
            if not is_killed:
                survivors[str(mutation)] = known.get(str(mutation))
    unused = tuple(name for name in known if name not in survivors)
    return Outcome(counts, survivors, unused)


def try_folder(folder: Path) -> Outcome:
    """Do the same for a folder, with the known survivors it lists.

    Raises:
        UnreadableError: Something in it cannot be read.
        UnfitExampleError: An example does not fit even the contracts.
    """
    contracts = sources.usable_folder(folder)
    documents = _examples(folder, contracts)
    for example in documents:
        if examples.complaints(example, contracts):
            raise UnfitExampleError(example.label)
    return try_all(contracts, documents, _known(folder / KNOWN))


def _examples(folder: Path, contracts: Contracts) -> list[Example]:
    try:
        return examples.collect(folder, contracts)
    except (
        examples.UnknownSchemaError,
        edits.PatchError,
        KeyError,
        TypeError,
        ValueError,
    ) as error:
        raise UnreadableError(folder, f"an example: {error}") from error


def _known(file: Path) -> dict[str, str]:
    if not file.is_file():
        return {}
    try:
        known = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise UnreadableError(file, f"no JSON: {error}") from error
    if not isinstance(known, dict):
        raise UnreadableError(file, "no object of survivors and reasons")
    return known
