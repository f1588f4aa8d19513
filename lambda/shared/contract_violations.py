"""What is told of each place where a document breaks its contract."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from shared import contract_values
from shared.contract_documents import Steps, pointer
from shared.contract_engines import Finding

MAX_VIOLATIONS = 20
MAX_PART_LENGTH = 300
# Of a character as ASCII, such as \\u00fc; few need twice as much.
ESCAPED_LENGTH = 6
# All of it is ASCII; with what stands around it a message is below 8 KiB.
MAX_DETAILS_LENGTH = 7800


@dataclass(frozen=True)
class Violation:
    """One place where a document breaks a rule of its contract.

    Attributes:
        pointer: JSON pointer (RFC 6901), empty for the whole document; one
            that is too long ends in three dots.
        rule: Keyword of the schema; "json" for what cannot be written as
            JSON or to DynamoDB, "version" for a version that is not served,
            "size" for a document too large to be searched for all that is
            wrong.
        expected: What the contract asks for.
        actual: What was found; a secret is hidden.
    """

    pointer: str
    rule: str
    expected: str
    actual: str

    def __str__(self) -> str:
        # !a: a key of the document must not forge a line of the log.
        return (
            f"at {self.pointer!a}: {self.rule}, expected {self.expected}, "
            f"got {self.actual}"
        )


def violation(
    steps: Steps, rule: str, expected: str, actual: str
) -> Violation:
    """Make a violation, none of its parts too long to be told."""
    place, limit = pointer(steps), MAX_PART_LENGTH
    if not (place.isascii() and place.isprintable()):
        limit //= ESCAPED_LENGTH
    return Violation(
        _shortened(place, limit), rule, _shortened(expected), actual
    )


def of_findings(
    findings: Iterable[Finding], document: object
) -> list[Violation]:
    """Say of each finding what was expected and what stands there.

    Args:
        findings: What an engine found, in any order.
        document: The plain JSON it looked at.

    Returns:
        Each violation once, in the order of their places.
    """
    distinct = {
        (_order(each.steps), each.rule, _expected(each)): each.steps
        for each in findings
    }
    return [
        violation(
            distinct[order, rule, expected],
            rule,
            expected,
            _actual(document, distinct[order, rule, expected], rule),
        )
        for order, rule, expected in sorted(distinct)
    ]


def tellable(violations: list[Violation]) -> list[Violation]:
    """Keep the first violations, as many as a message can hold."""
    kept: list[Violation] = []
    length = 0
    for each in violations[:MAX_VIOLATIONS]:
        length += len(f"{each}; ")
        if length > MAX_DETAILS_LENGTH:
            break
        kept.append(each)
    return kept


def _order(steps: Steps) -> tuple[tuple[bool, int, str], ...]:
    # The tenth wave comes after the second one.
    return tuple(
        (True, 0, step) if isinstance(step, str) else (False, step, "")
        for step in steps
    )


def _expected(finding: Finding) -> str:
    value: Any = finding.expected
    if finding.rule == "type":
        return " or ".join(
            sorted(value, key=lambda kind: (kind == "null", kind))
        )
    return json.dumps(value, default=str)


def _actual(document: object, steps: Steps, rule: str) -> str:
    if rule == "required":
        return "nothing"
    return contract_values.describe(document, steps)


def _shortened(text: str, limit: int = MAX_PART_LENGTH) -> str:
    return text if len(text) <= limit else f"{text[:limit - 3]}..."
