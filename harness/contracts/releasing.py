"""Write a release of the contracts, or say why it cannot be."""

import json
from pathlib import Path

from harness.contracts import gates, releases, sources
from harness.contracts.findings import Side
from harness.contracts.mistakes import UsageError


class ReleaseRefusedError(Exception):
    """A version cannot be released as it is; exit code 1."""


def release(folder: Path, text: str) -> Path:
    """Release the contracts of a folder.

    Args:
        folder: As `contracts/`.
        text: The new version, three numbers such as "1.2.0".

    Returns:
        The bundle that was written.

    Raises:
        UsageError: The text is no version, or something cannot be read.
        ReleaseRefusedError: The version exists or is not newer, a gate
            fails, or it breaks somebody without a new major version.
    """
    number = releases.version(text)
    if number is None:
        raise UsageError(f"{text}: a version is three numbers, such as 1.2.0")
    path = folder / releases.FOLDER / f"{text}.json"
    if path.exists():
        raise ReleaseRefusedError(f"{path} exists; what is released stays")
    last = releases.newest(folder)
    _refuse_faulty(folder, _is_major(number, last))
    path.parent.mkdir(exist_ok=True)
    schemas = sources.folder(folder).schemas
    content = json.dumps({"version": text, "schemas": schemas}, indent=1)
    path.write_text(f"{content}\n", encoding="utf-8")
    return path


def _is_major(number: releases.Version, last: Side | None) -> bool:
    before = releases.version(last.label) if last else None
    if last is None or before is None:
        return True
    if number <= before:
        raise ReleaseRefusedError(f"{last.label} is newer, or as new")
    return number[0] > before[0]


def _refuse_faulty(folder: Path, is_major: bool) -> None:
    failed = [gate for gate in gates.run(folder) if not gate.passed]
    # A new major version may break whoever relies on the old one.
    if is_major:
        failed = [gate for gate in failed if not gate.is_about_releases]
    lines = [
        f"{gate.name}: {complaint}"
        for gate in failed
        for complaint in gate.complaints
    ]
    if any(gate.is_about_releases for gate in failed):
        lines.append("A version that breaks somebody is a new major one.")
    if lines:
        raise ReleaseRefusedError("\n".join(lines))
