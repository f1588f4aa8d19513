"""The example files of the contracts: a file in a folder is a test.

``examples/valid/<schema>-<what it shows>.json`` holds a document.
``examples/invalid/<schema>-<what is wrong>.json`` holds a ``document`` and the
one ``violation`` (``pointer`` and ``rule``) that makes it invalid.
``examples/{valid,invalid}/<schema>-edits.json`` holds many: see ``edits.py``.
"""

from dataclasses import dataclass
from pathlib import Path

from harness.contracts import edits, strict_json
from harness.contracts.engines import (
    Finding,
    fast_findings,
    reference_findings,
)
from harness.contracts.loading import Contracts


class UnknownSchemaError(Exception):
    """An example's file name begins with no schema of its folder."""

    def __init__(self, path: Path, stems: list[str]) -> None:
        super().__init__(f"{path}: begin the name with one of {stems}")
        self.path = path


@dataclass(frozen=True)
class Example:
    """A document and what the engines must say of it.

    Attributes:
        schema: Name of the schema in ``Contracts``.
        document: What is judged.
        findings: What both engines must find, nothing for a valid example.
        label: Its file below the contracts, and the edit's name if it is one.
    """

    schema: str
    document: object
    findings: frozenset[Finding]
    label: str = ""


def find(folder: Path) -> list[Path]:
    """List the example files below a folder of contracts, edits included."""
    return sorted(folder.glob("**/examples/*/*.json"))


def collect(folder: Path, contracts: Contracts) -> list[Example]:
    """Read every example below a folder of contracts.

    Raises:
        UnknownSchemaError: The name of a file says no schema.
        PatchError: An edit does not fit its base.
        KeyError: An example lacks a part.
    """
    return [
        example
        for path in find(folder)
        for example in read(path, folder, contracts)
    ]


def read(path: Path, folder: Path, contracts: Contracts) -> list[Example]:
    """Read the one example of a file, or all of a file of edits.

    Raises:
        UnknownSchemaError: The name says no schema.
        PatchError: An edit does not fit its base.
        KeyError: An example lacks a part.
    """
    schema = schema_of(path, folder, contracts)
    label = path.relative_to(folder).as_posix()
    is_valid = path.parent.name == "valid"
    if path.stem.endswith(edits.SUFFIX):
        _require_verdict(edited := edits.read(path), is_valid)
        return [
            Example(
                schema,
                edit.document,
                _findings(edit.violations),
                f"{label}: {edit.name}",
            )
            for edit in edited
        ]
    content = strict_json.parse(path.read_text(encoding="utf-8"))
    if is_valid:
        return [Example(schema, content, frozenset(), label)]
    findings = _findings([content["violation"]])
    return [Example(schema, content["document"], findings, label)]


def schema_of(path: Path, folder: Path, contracts: Contracts) -> str:
    """Return the schema that an example's path and file name say.

    Raises:
        UnknownSchemaError: The name says no schema.
    """
    room = path.parents[2].relative_to(folder).as_posix() + "/"
    stems = [
        name.removeprefix(room)
        for name in contracts.schemas
        if name.startswith(room)
    ]
    fitting = [s for s in stems if f"{path.stem}-".startswith(f"{s}-")]
    if not fitting:
        raise UnknownSchemaError(path, stems)
    return room + max(fitting, key=len)


def complaints(example: Example, contracts: Contracts) -> list[str]:
    """Say which engine does not judge an example as the example says."""
    reference = contracts.reference_validator(example.schema)
    fast = contracts.fast_validator(example.schema)
    found = {
        "jsonschema": reference_findings(reference, example.document),
        "jsonschema_rs": fast_findings(fast, example.document),
    }
    return [
        f"{engine} found {sorted(findings)}, not {sorted(example.findings)}"
        for engine, findings in found.items()
        if findings != example.findings
    ]


def _require_verdict(edited: list[edits.Edit], is_valid: bool) -> None:
    for edit in edited:
        if is_valid == bool(edit.violations):
            raise KeyError(f"{edit.name}: a violation if it is invalid")


def _findings(violations: list[dict[str, str]]) -> frozenset[Finding]:
    return frozenset((v["pointer"], v["rule"]) for v in violations)
