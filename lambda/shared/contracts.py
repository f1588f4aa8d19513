"""Check what crosses a Lambda's boundary against the action contracts.

The contracts are the JSON Schema files of `contracts/`. A request that breaks
its contract is refused before anything starts. A response that does is only
reported, so that what was started is not lost with it, unless the environment
variable CONTRACT_RESPONSES is "refuse".
"""

import json
import logging
import os
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from jsonschema_rs import Draft202012Validator, Registry, ValidationError

Direction = Literal["request", "response"]

VERSION = "v1"
VIOLATION_LOG_LINE = "Contract violation in %s %s: %s"
MAX_VIOLATIONS = 20
MAX_EXPECTED_LENGTH = 300
# All of it is ASCII; with action and direction a message stays below 8 KiB.
MAX_DETAILS_LENGTH = 8000

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Violation:
    """One place where a document breaks a rule of its contract.

    Attributes:
        pointer: JSON pointer (RFC 6901); empty for the whole document.
        rule: Keyword of the schema, or "json" for what is no JSON at all.
        expected: What the contract asks for; never the value, a secret maybe.
    """

    pointer: str
    rule: str
    expected: str

    def __str__(self) -> str:
        # !a: a key of the document must not forge a line of the log.
        return f"at {self.pointer!a}: {self.rule}, expected {self.expected}"


class ContractViolationError(Exception):
    """A document breaks its contract; the class name is wire format."""

    def __init__(
        self, action: str, direction: Direction, violations: list[Violation]
    ) -> None:
        what = f"{action} {direction} breaks contract"
        super().__init__(f"{what}: {_details(violations)}")
        self.action = action
        self.direction = direction
        self.violations = violations


def check_request(action: str, document: object) -> None:
    """Refuse a request that breaks the contract of its action.

    Args:
        action: Folder of the contract, such as "orchestration/begin".
        document: The event, as `json.loads` gives it.

    Raises:
        ContractViolationError: The request breaks its contract.
        KeyError: The action has no contract.
    """
    require(action, "request", document)


def check_response(action: str, document: object) -> None:
    """Report, or refuse, a response that breaks the contract of its action.

    Raises:
        ContractViolationError: It does, and CONTRACT_RESPONSES is "refuse".
    """
    if os.environ.get("CONTRACT_RESPONSES") == "refuse":
        return require(action, "response", document)
    if found := find_violations(action, "response", document):
        logger.error(VIOLATION_LOG_LINE, action, "response", _details(found))


def require(action: str, direction: Direction, document: object) -> None:
    """Refuse a document that breaks its contract, whatever the policy is.

    Raises:
        ContractViolationError: The document breaks its contract.
    """
    if violations := find_violations(action, direction, document):
        raise ContractViolationError(action, direction, violations)


def find_violations(
    action: str, direction: Direction, document: object
) -> list[Violation]:
    """Find where a document breaks its contract, MAX_VIOLATIONS at most."""
    validator = _validator(action, direction)
    try:
        errors = islice(validator.iter_errors(document), MAX_VIOLATIONS)
        return [_violation(error) for error in errors]
    except ValueError:
        # A set, bytes, a key that is no text, or half of a surrogate pair.
        return [Violation("", "json", "a JSON document")]


@cache
def _validator(action: str, direction: Direction) -> Draft202012Validator:
    schema = _schemas()[f"{VERSION}/{action}/{direction}.schema.json"]
    return Draft202012Validator(schema, registry=_registry(), offline=True)


@cache
def _registry() -> Registry:
    return Registry((schema["$id"], schema) for schema in _schemas().values())


@cache
def _schemas() -> dict[str, dict[str, Any]]:
    folder = _contracts_folder()
    return {
        path.relative_to(folder).as_posix(): json.loads(path.read_bytes())
        for path in sorted(folder.glob(f"{VERSION}/**/*.schema.json"))
    }


def _contracts_folder() -> Path:
    # Beside `shared/` in a Lambda's package, beside `lambda/` in the sources.
    rooms = [p / "contracts" for p in Path(__file__).resolve().parents[1:3]]
    return rooms[0] if rooms[0].is_dir() else rooms[1]


def _violation(error: ValidationError) -> Violation:
    steps = [str(step).replace("~", "~0") for step in error.instance_path]
    pointer = "".join("/" + step.replace("/", "~1") for step in steps)
    expected = json.dumps(error.kind.value, default=str)
    return Violation(pointer, error.kind.name, expected[:MAX_EXPECTED_LENGTH])


def _details(violations: list[Violation]) -> str:
    text = "; ".join(map(str, violations))
    cut = text[:MAX_DETAILS_LENGTH]
    return text if cut == text else f"{cut} ..."
