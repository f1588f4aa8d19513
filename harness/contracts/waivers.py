"""Breaks that somebody has judged and accepted, with the reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from harness.contracts import strict_json
from harness.contracts.findings import Finding
from harness.contracts.mistakes import UnreadableError

FILE = "waivers.json"
FIELDS = ("schema", "direction", "finding", "reason", "who")


@dataclass(frozen=True)
class Waiver:
    """One accepted break.

    Attributes:
        schema: Name of the schema; `*` stands for any part of it.
        direction: "backward" or "forward".
        finding: As the finding calls itself, for example
            "type /state/region".
        reason: Why nobody is hurt.
        who: Who says so.
    """

    schema: str
    direction: str
    finding: str
    reason: str
    who: str

    def excuses(self, finding: Finding) -> bool:
        """Say whether this is the break that was accepted."""
        return (
            fnmatchcase(finding.schema, self.schema)
            and finding.direction == self.direction
            and finding.identity == self.finding
        )


def read(path: Path) -> list[Waiver]:
    """Read a file of waivers; a missing one holds none.

    Raises:
        UnreadableError: It is no list of whole waivers.
    """
    if not path.exists():
        return []
    content = strict_json.read(path)
    if not isinstance(content, list):
        raise UnreadableError(path, "a list of waivers is expected")
    return [_waiver(path, index, item) for index, item in enumerate(content)]


def applied(
    waivers: list[Waiver], findings: Iterable[Finding]
) -> list[Finding]:
    """Return the findings, the accepted ones marked so."""
    return [_excused(waivers, finding) for finding in findings]


def complaints(
    waivers: list[Waiver], findings: list[Finding], names: set[str]
) -> list[str]:
    """Say which waivers speak of nothing.

    Args:
        waivers: All of them.
        findings: All findings, whether accepted or not.
        names: Names of all schemas, old and new.
    """
    found = []
    for index, waiver in enumerate(waivers):
        if not any(fnmatchcase(name, waiver.schema) for name in names):
            found.append(f"/{index}/schema: no schema {waiver.schema}")
        elif not any(waiver.excuses(finding) for finding in findings):
            found.append(
                f"/{index}: {waiver.schema} has no finding "
                f"'{waiver.finding}' {waiver.direction}"
            )
    return found


def _excused(waivers: list[Waiver], finding: Finding) -> Finding:
    for waiver in waivers:
        if finding.breaks and waiver.excuses(finding):
            return finding.excused(f"{waiver.reason} ({waiver.who})")
    return finding


def _waiver(path: Path, index: int, item: Any) -> Waiver:
    keys = set(item) if isinstance(item, dict) else set()
    if keys != set(FIELDS):
        wanted = ", ".join(FIELDS)
        raise UnreadableError(path, f"/{index}: the keys are {wanted}")
    for key in FIELDS:
        if not isinstance(item[key], str) or not item[key].strip():
            raise UnreadableError(path, f"/{index}/{key}: a text is expected")
    if item["direction"] not in ("backward", "forward"):
        raise UnreadableError(path, f"/{index}/direction: no such direction")
    return Waiver(**item)
