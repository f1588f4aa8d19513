"""The example files of the contracts: a file in a folder is a test.

``examples/valid/<schema>-<what it shows>.json`` holds a document.
``examples/invalid/<schema>-<what is wrong>.json`` holds a ``document`` and the
one ``violation`` (``pointer`` and ``rule``) that makes it invalid.
"""

import json
from dataclasses import dataclass
from pathlib import Path

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
    """

    schema: str
    document: object
    findings: frozenset[Finding]


def find(folder: Path) -> list[Path]:
    """List the example files below a folder of contracts."""
    return sorted(folder.glob("**/examples/*/*.json"))


def read(path: Path, folder: Path, contracts: Contracts) -> Example:
    """Read an example file.

    Raises:
        UnknownSchemaError: The name says no schema.
        KeyError: An invalid example lacks its document or violation.
    """
    schema = schema_of(path, folder, contracts)
    content = json.loads(path.read_text(encoding="utf-8"))
    if path.parent.name == "valid":
        return Example(schema, content, frozenset())
    violation = content["violation"]
    finding = (violation["pointer"], violation["rule"])
    return Example(schema, content["document"], frozenset({finding}))


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
