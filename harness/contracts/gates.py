"""The gates that a folder of contracts passes, or what is to be done."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from referencing.exceptions import Unresolvable

from harness.contracts import (
    checking,
    edits,
    examples,
    releases,
    sources,
    waivers,
)
from harness.contracts.compatibility import Mode, compare
from harness.contracts.findings import Finding, Side
from harness.contracts.loading import SUFFIX, Contracts
from harness.contracts.mistakes import UnreadableError
from harness.contracts.usage import unused
from harness.contracts.writers import RecursiveReferenceError


@dataclass(frozen=True)
class Complaint:
    """One thing that is wrong.

    Attributes:
        file: Below the folder of contracts.
        pointer: JSON pointer within it, or within a document of its schema;
            empty for the whole.
        text: What is wrong.
        witness: Document that shows it, if there is one.
    """

    file: str
    pointer: str
    text: str
    witness: Any = None

    def __str__(self) -> str:
        place = f"{self.file}#{self.pointer}" if self.pointer else self.file
        return f"{place}: {self.text}"


@dataclass(frozen=True)
class Gate:
    """One rule for all of the contracts.

    Attributes:
        name: What is looked at.
        advice: What to do about a complaint.
        complaints: What is wrong.
        note: What else is worth knowing, one sentence.
        skipped: It was not looked at, since an earlier gate failed.
        is_about_releases: It compares with what was released.
    """

    name: str
    advice: str
    complaints: list[Complaint] = field(default_factory=list)
    note: str = ""
    skipped: bool = False
    is_about_releases: bool = False

    @property
    def passed(self) -> bool:
        """Nothing is wrong, as far as was looked."""
        return not self.complaints


def run(folder: Path) -> list[Gate]:
    """Lead a folder of contracts through all gates.

    Args:
        folder: As `contracts/`.

    Raises:
        UnreadableError: It is no folder of contracts, or a file in it
            cannot be read.
    """
    contracts = sources.folder(folder)
    made: list[Gate] = []
    for name, advice, check in FORM:
        # What is no schema, which the first gate tells, cannot be walked.
        skipped = bool(made) and not made[0].passed
        found = [] if skipped else list(check(contracts))
        made.append(Gate(name, advice, found, skipped=skipped))
    is_sound = all(gate.passed for gate in made)
    for name, advice, judge in MEANING:
        found = list(judge(contracts, folder)) if is_sound else []
        made.append(Gate(name, advice, found, skipped=not is_sound))
    return [*made, *_releases(contracts, folder, is_sound)]


def _by_schema(check: Callable[[Contracts, str], Iterable[str]]) -> Any:
    """Apply a check to each schema and say which file it speaks of."""

    def all_schemas(contracts: Contracts) -> Iterator[Complaint]:
        for name in contracts.schemas:
            for text in check(contracts, name):
                yield _complaint(f"{name}{SUFFIX}", text)

    return all_schemas


def _complaint(file: str, text: str) -> Complaint:
    # The checks put the place before what they say.
    place, colon, said = text.partition(": ")
    if colon and (place.startswith("/") or not place):
        return Complaint(file, place, said)
    return Complaint(file, "", text)


FORM: list[tuple[str, str, Callable[[Contracts], Iterator[Complaint]]]] = [
    (
        "meta-schema",
        "Write what JSON Schema 2020-12 knows at that place.",
        _by_schema(lambda c, n: checking.meta_schema_complaints(c.schemas[n])),
    ),
    (
        "texts",
        "Give each file $schema, $id (its path), title, description and "
        "examples.",
        _by_schema(lambda c, n: checking.text_complaints(n, c.schemas[n])),
    ),
    (
        "references",
        "Correct the $ref: it is relative to the file's own folder.",
        _by_schema(checking.reference_complaints),
    ),
    (
        "descriptions and units",
        "Describe the property; give a number its x-unit.",
        _by_schema(lambda c, n: checking.property_complaints(c.schemas[n])),
    ),
    (
        "keywords",
        "Say it with keywords that both engines judge alike "
        "(contracts/README.md).",
        _by_schema(lambda c, n: checking.keyword_complaints(c.schemas[n])),
    ),
    (
        "unused",
        "Remove what nothing refers to, or refer to it.",
        lambda contracts: (
            _complaint(f"{name}{SUFFIX}", text)
            for name, text in unused(contracts)
        ),
    ),
]


def _examples(contracts: Contracts, folder: Path) -> Iterator[Complaint]:
    for name, schema in contracts.schemas.items():
        for index, document in enumerate(schema["examples"]):
            example = examples.Example(name, document, frozenset())
            for text in examples.complaints(example, contracts):
                place = f"/examples/{index}"
                yield Complaint(f"{name}{SUFFIX}", place, text)
    for path in examples.find(folder):
        file = path.relative_to(folder).as_posix()
        for text in _example_file(path, folder, contracts):
            yield Complaint(file, "", text)


def _example_file(
    path: Path, folder: Path, contracts: Contracts
) -> Iterator[str]:
    try:
        for example in examples.read(path, folder, contracts):
            _, _, name = example.label.partition(": ")
            for text in examples.complaints(example, contracts):
                yield f"{name}: {text}" if name else text
    except (examples.UnknownSchemaError, edits.PatchError) as error:
        yield str(error).removeprefix(f"{path}: ")
    except KeyError as error:
        yield f"an example lacks {error}"
    except (AttributeError, TypeError):
        yield "not of the form of an example (contracts/README.md)"
    except ValueError as error:
        yield f"no JSON: {error}"


MEANING: list[
    tuple[str, str, Callable[[Contracts, Path], Iterator[Complaint]]]
] = [
    (
        "examples",
        "Correct the example or the schema: both engines must say what the "
        "file's place and content say.",
        _examples,
    ),
]


def _releases(
    contracts: Contracts, folder: Path, is_sound: bool
) -> Iterator[Gate]:
    findings: list[Finding] = []
    released = releases.newest(folder)
    file = folder / waivers.FILE
    accepted = waivers.read(file)
    names = set(contracts.schemas)
    note = ""
    if released is None:
        note = "Nothing was released yet, so nothing can break."
    elif is_sound:
        findings = _compared(released, contracts, accepted)
        names |= set(released.contracts.schemas)
        note = _summary(released, findings)
    yield Gate(
        "compatibility",
        "Take the change back, make it additive, put it into a new version "
        f"beside the old one, or write a waiver into {waivers.FILE}.",
        [_broken(f) for f in findings if f.breaks and not f.waived],
        note,
        skipped=not is_sound,
        is_about_releases=True,
    )
    complaints = waivers.complaints(accepted, findings, names)
    yield Gate(
        "waivers",
        "Remove waivers that excuse nothing.",
        [_complaint(file.name, c) for c in complaints] if is_sound else [],
        skipped=not is_sound,
        is_about_releases=True,
    )


def _compared(
    released: Side, contracts: Contracts, accepted: list[waivers.Waiver]
) -> list[Finding]:
    new = Side("the working tree", contracts)
    try:
        comparison = compare(released, new, Mode.BACKWARD, bool(accepted))
    except (RecursiveReferenceError, Unresolvable) as error:
        raise UnreadableError(released.label, str(error)) from error
    return waivers.applied(accepted, comparison.findings)


def _summary(released: Side, findings: list[Finding]) -> str:
    excused = sum(bool(f.waived) for f in findings)
    added = sum(f.kind == "added" for f in findings)
    parts = [f"Compared with {released.label}"]
    parts += [f"{added} schemas added"] if added else []
    parts += [f"{excused} breaks waived"] if excused else []
    return f"{', '.join(parts)}."


def _broken(finding: Finding) -> Complaint:
    text = f"{finding.sentence} [{finding.direction}: {finding.identity}]"
    if finding.kind == "refused":
        text += f" Witness: {json.dumps(finding.witness)[:400]}"
    return Complaint(
        f"{finding.schema}{SUFFIX}", finding.pointer, text, finding.witness
    )
