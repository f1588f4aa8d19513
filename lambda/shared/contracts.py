"""Check what crosses a Lambda's boundary against the action contracts.

The contracts are the JSON Schema files of `contracts/`. A request that breaks
its contract is refused before anything starts. A response that does is only
reported, so that what was started is not lost with it; CONTRACT_RESPONSES=
refuse in the environment makes responses as strict as requests.
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
        expected: What the contract asks for. Never the value that was found:
            it may be a secret.
    """

    pointer: str
    rule: str
    expected: str

    def __str__(self) -> str:
        # ascii(): a key of the document must not forge a line of the log.
        place = ascii(self.pointer)
        return f"at {place}: {self.rule}, expected {self.expected}"


class ContractViolationError(Exception):
    """A document breaks its contract; the class name is wire format."""

    def __init__(
        self, action: str, direction: Direction, violations: list[Violation]
    ) -> None:
        details = _details(violations)
        super().__init__(f"{action} {direction} breaks contract: {details}")
        self.action = action
        self.direction = direction
        self.violations = violations


def check_request(action: str, document: object) -> None:
    """Refuse a request that breaks the contract of its action.

    Args:
        action: Folder of the contract, for example "poll_wave_status" or
            "orchestration/begin".
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
    violations = find_violations(action, "response", document)
    if violations:
        details = _details(violations)
        logger.error(VIOLATION_LOG_LINE, action, "response", details)


def require(action: str, direction: Direction, document: object) -> None:
    """Refuse a document that breaks its contract, whatever the policy is.

    Raises:
        ContractViolationError: The document breaks its contract.
    """
    violations = find_violations(action, direction, document)
    if violations:
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
    shared = Path(__file__).resolve().parent
    packaged = shared.parent / "contracts"
    return packaged if packaged.is_dir() else shared.parents[1] / "contracts"


def _violation(error: ValidationError) -> Violation:
    steps = (str(step) for step in error.instance_path)
    escaped = (step.replace("~", "~0").replace("/", "~1") for step in steps)
    pointer = "".join(f"/{step}" for step in escaped)
    expected = json.dumps(error.kind.value, default=str)
    return Violation(pointer, error.kind.name, expected[:MAX_EXPECTED_LENGTH])


def _details(violations: list[Violation]) -> str:
    text = "; ".join(str(violation) for violation in violations)
    if len(text) <= MAX_DETAILS_LENGTH:
        return text
    return f"{text[:MAX_DETAILS_LENGTH]} ..."
