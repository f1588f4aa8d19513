"""Judge other people's documents by the contract of an action."""

import json
import re
from dataclasses import dataclass
from typing import Any

import jsonschema

from harness.contracts.engines import pointer
from harness.contracts.loading import Contracts
from harness.contracts.mistakes import UsageError

MAX_SHOWN = 120
# A secret access key has 40 characters, a session or task token far more.
LONGEST_TOLD = 36
# The same in the Lambdas (shared/contract_values.py).
SECRET = re.compile(
    "token|secret|passw|passphrase|credential|externalid|accesskey|apikey"
    "|privatekey|authorization|cookie|signature"
)
# What ends a line, or commands a terminal: keys may hold any of it.
_CONTROL = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


@dataclass(frozen=True)
class Violation:
    """One place where a document breaks a rule.

    Attributes:
        pointer: JSON pointer; empty for the whole document.
        rule: Keyword of the schema, or "version".
        expected: What the rule asks for.
        actual: What is there; a secret, and what is as long as one, only by
            its size.
    """

    pointer: str
    rule: str
    expected: str
    actual: str


@dataclass(frozen=True)
class Judge:
    """Judges documents of one action in one direction.

    Attributes:
        contracts: All contracts.
        action: For example "orchestration/begin".
        direction: "request" or "response".
        version: Version that is meant, or nothing: the one that a request
            says, else the oldest.
    """

    contracts: Contracts
    action: str
    direction: str
    version: str | None = None

    def __post_init__(self) -> None:
        """Refuse what the contracts do not know.

        Raises:
            UsageError: There is no such action, direction or version.
        """
        if self.direction not in ("request", "response"):
            raise UsageError(f"{self.direction}: say request or response")
        if not self.versions:
            known = ", ".join(actions(self.contracts))
            raise UsageError(f"{self.action}: unknown action, known: {known}")
        if self.version is not None and self.version not in self.versions:
            known = ", ".join(self.versions)
            raise UsageError(
                f"{self.action} has no contract version {self.version}, "
                f"known: {known}"
            )

    @property
    def versions(self) -> list[str]:
        """Versions of the action, the oldest first."""
        found = _versions(self.contracts).get(self.action, {})
        return sorted(found.get(self.direction, ()), key=int)

    def violations(self, document: Any) -> list[Violation]:
        """Return all that is wrong with a document, in document order."""
        version = self.version or self.versions[0]
        asked = _asked(document) if self.direction == "request" else None
        if self.version is None and asked is not None:
            if asked not in self.versions:
                return [self._unknown(asked)]
            version = asked
        name = f"v{version}/{self.action}/{self.direction}"
        errors = self.contracts.reference_validator(name).iter_errors(document)
        found = {_violation(error): None for error in errors}
        return sorted(found, key=lambda v: (v.pointer, v.rule, v.expected))

    def _unknown(self, asked: str) -> Violation:
        known = ", ".join(f'"{version}"' for version in self.versions)
        place = "/contract_version"
        return Violation(place, "version", f"one of {known}", _shown(asked))


def actions(contracts: Contracts) -> list[str]:
    """Return the names of all actions."""
    return sorted(_versions(contracts))


def _versions(contracts: Contracts) -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = {}
    for name in contracts.schemas:
        parts = re.fullmatch("v([0-9]+)/(.+)/(request|response)", name)
        if parts:
            version, action, direction = parts.groups()
            of_action = found.setdefault(action, {})
            of_action.setdefault(direction, []).append(version)
    return found


def _asked(document: Any) -> str | None:
    asked = (
        document.get("contract_version")
        if isinstance(document, dict)
        else None
    )
    return asked if isinstance(asked, str) else None


def _violation(error: jsonschema.ValidationError) -> Violation:
    way = list(error.absolute_path)
    rule = str(error.validator)
    expected: Any = error.validator_value
    if rule == "required" and isinstance(error.instance, dict):
        # The engine reports each missing key by itself, all with the list.
        expected = [k for k in expected if error.message.startswith(repr(k))]
        expected = expected[0] if len(expected) == 1 else expected
    secret = any(_is_secret(step) for step in way)
    actual = _hidden(error.instance) if secret else _shown(error.instance)
    return Violation(pointer(way), rule, _cut(expected), actual)


def _is_secret(step: str | int) -> bool:
    letters = re.sub("[^a-z]", "", str(step).lower())
    return bool(SECRET.search(letters))


def _shown(value: Any) -> str:
    """Show a value, but of an object or array only what it is."""
    if isinstance(value, dict):
        keys = ", ".join(sorted(value))
        return _short(f"an object with {keys}" if keys else "an empty object")
    if isinstance(value, list):
        return f"an array of {len(value)}"
    if isinstance(value, str) and len(value) > LONGEST_TOLD:
        return f"a text of {len(value)} characters"
    return _cut(value)


def _hidden(value: Any) -> str:
    if isinstance(value, str):
        return f"a text of {len(value)} characters, hidden"
    return f"{type(value).__name__}, hidden"


def _cut(value: Any) -> str:
    return _short(json.dumps(value, ensure_ascii=True))


def _short(text: str) -> str:
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}..."


def outline(violation: Violation) -> str:
    """Write a violation as a line for people."""
    place = violation.pointer or "the whole"
    line = (
        f"{place}: {violation.rule}, expected {violation.expected}, "
        f"found {violation.actual}"
    )
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", line)
