"""Carry out the commands of `drs-orch contracts`."""

import dataclasses
import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from referencing.exceptions import Unresolvable

from harness.console.endings import OUTPUT_CLOSED
from harness.contracts import (
    gates,
    mutants_report,
    payloads,
    releasing,
    sources,
    strict_json,
    waivers,
)
from harness.contracts.compatibility import Comparison, Mode, compare
from harness.contracts.findings import Finding
from harness.contracts.mistakes import UnreadableError, UsageError
from harness.contracts.mutants import try_folder
from harness.contracts.writers import RecursiveReferenceError

GOOD, BAD, UNUSABLE = 0, 1, 2


@dataclass(frozen=True)
class Diff:
    """What is to be compared, as the command line has it."""

    versions: tuple[Path, Path]
    mode: str
    direction: str
    waivers: Path | None


@dataclass(frozen=True)
class Validate:
    """What is to be judged, as the command line has it."""

    contract: tuple[str, str]
    files: list[str]
    version: str | None
    contracts: Path | None


def diff(asked: Diff, as_json: bool) -> int:
    """Compare two versions and print what breaks."""
    return _answered(lambda: _diff(asked, as_json))


def check(folder: Path | None, as_json: bool) -> int:
    """Print which gates a folder passes."""
    return _answered(lambda: _check(_folder(folder), as_json))


def validate(asked: Validate, as_json: bool) -> int:
    """Judge documents and print what is wrong with each."""
    return _answered(lambda: _validate(asked, as_json))


def release(version: str, folder: Path | None, as_json: bool) -> int:
    """Write a release and print where it is."""
    return _answered(lambda: _release(version, _folder(folder), as_json))


def mutants(folder: Path | None, as_json: bool) -> int:
    """Print which changes of the schemas no example would notice."""
    return _answered(lambda: _mutants(_folder(folder), as_json))


def _answered(work: Callable[[], int]) -> int:
    try:
        code = work()
        # Here, and not when Python exits: it would complain by itself.
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OUTPUT_CLOSED
    except (UsageError, RecursiveReferenceError) as error:
        print(error, file=sys.stderr)
    except Unresolvable as error:
        print(f"$ref {error.ref}: leads nowhere", file=sys.stderr)
    return UNUSABLE


def _folder(folder: Path | None) -> Path:
    chosen = folder or sources.published_folder()
    if not chosen.is_dir():
        raise UnreadableError(chosen, "no such folder")
    return chosen


def _diff(asked: Diff, as_json: bool) -> int:
    kinds = [asked.direction] if asked.direction != "both" else sources.KINDS
    old, new = sources.sides(*asked.versions, kinds)
    accepted = _accepted(asked)
    comparison = compare(old, new, Mode(asked.mode), bool(accepted))
    findings = waivers.applied(accepted, comparison.findings)
    comparison = Comparison(findings, comparison.proved)
    breaks = any(f.breaks and not f.waived for f in findings)
    if as_json:
        _print_json(
            {
                "old": old.label,
                "new": new.label,
                "mode": asked.mode,
                "compatible": not breaks,
                **dataclasses.asdict(comparison),
            }
        )
    else:
        for line in _diff_lines(comparison, asked.mode):
            print(line)
    return BAD if breaks else GOOD


def _accepted(asked: Diff) -> list[waivers.Waiver]:
    if asked.waivers is None:
        return waivers.read(asked.versions[1] / waivers.FILE)
    if not asked.waivers.is_file():
        raise UnreadableError(asked.waivers, "no such file")
    return waivers.read(asked.waivers)


def _diff_lines(comparison: Comparison, mode: str) -> Iterator[str]:
    breaking = [f for f in comparison.findings if f.breaks and not f.waived]
    for finding in comparison.findings:
        yield from _finding_lines(finding)
    if breaking:
        yield f"Not {mode} compatible: {len(breaking)} findings."
    else:
        yield (
            f"Compatible ({mode}); proved for {len(comparison.proved)} "
            "requests and responses."
        )


def _finding_lines(finding: Finding) -> Iterator[str]:
    kind = "breaks" if finding.breaks else "note"
    kind = "waived" if finding.waived else kind
    yield f"{kind:7} {finding.schema} {finding.direction}: {finding.identity}"
    yield f"        {finding.sentence}"
    if finding.waived:
        yield f"        Waived: {finding.waived}"
    elif finding.kind == "refused":
        yield f"        Witness: {json.dumps(finding.witness)}"


def _check(folder: Path, as_json: bool) -> int:
    found = gates.run(folder)
    passed = all(gate.passed for gate in found)
    if as_json:
        _print_json(
            {
                "passed": passed,
                "gates": [
                    {**dataclasses.asdict(gate), "passed": gate.passed}
                    for gate in found
                ],
            }
        )
    else:
        for gate in found:
            for line in _gate_lines(gate):
                print(line)
    return GOOD if passed else BAD


def _gate_lines(gate: gates.Gate) -> Iterator[str]:
    verdict = "ok" if gate.passed else f"{len(gate.complaints)} wrong"
    verdict = "skipped" if gate.skipped else verdict
    yield f"{gate.name:24} {verdict:10} {gate.note}".rstrip()
    for complaint in gate.complaints:
        yield f"  {complaint}"
    if gate.complaints:
        yield f"  -> {gate.advice}"


def _validate(asked: Validate, as_json: bool) -> int:
    contracts = sources.usable_folder(_folder(asked.contracts))
    judge = payloads.Judge(contracts, *asked.contract, asked.version)
    results = [
        _judged(judge, label, text)
        for file in asked.files
        for label, text in _documents(file)
    ]
    if as_json:
        _print_json(
            {
                "action": judge.action,
                "direction": judge.direction,
                "documents": results,
            }
        )
    else:
        for result in results:
            _print_result(result)
    if any(result["problem"] for result in results):
        return UNUSABLE
    return BAD if any(result["violations"] for result in results) else GOOD


def _documents(file: str) -> Iterator[tuple[str, str | UnreadableError]]:
    """Yield each document of a file with its name, not yet parsed."""
    try:
        text = _text(file)
    except UnreadableError as error:
        yield file, error
        return
    if not file.endswith(".jsonl"):
        yield file, text
        return
    # Not `splitlines`: other line ends may stand within a text of JSON.
    lines = enumerate(text.split("\n"), start=1)
    documents = [(number, line) for number, line in lines if line.strip()]
    if not documents:
        yield file, UnreadableError(file, "holds no document")
    for number, line in documents:
        yield f"{file}:{number}", line


def _text(file: str) -> str:
    if file != "-":
        return strict_json.text(Path(file))
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError("-", "no UTF-8") from error


def _judged(
    judge: payloads.Judge, label: str, text: str | UnreadableError
) -> dict[str, Any]:
    result: dict[str, Any] = {
        "file": label,
        "problem": None,
        "violations": [],
    }
    if isinstance(text, UnreadableError):
        return result | {"problem": str(text).removeprefix(f"{label}: ")}
    try:
        document = strict_json.parse(text)
    except ValueError as error:
        return result | {"problem": f"no JSON: {error}"}
    found = judge.violations(document)
    return result | {"violations": [dataclasses.asdict(v) for v in found]}


def _print_result(result: dict[str, Any]) -> None:
    if result["problem"]:
        print(f"{result['file']}: {result['problem']}", file=sys.stderr)
    elif not result["violations"]:
        print(f"{result['file']}: ok")
    else:
        number = len(result["violations"])
        print(f"{result['file']}: {number} violation{'s' * (number != 1)}")
    for violation in result["violations"]:
        print(f"  {payloads.outline(payloads.Violation(**violation))}")


def _release(version: str, folder: Path, as_json: bool) -> int:
    try:
        path = releasing.release(folder, version)
    except releasing.ReleaseRefusedError as error:
        print(f"{version} is not released:\n{error}", file=sys.stderr)
        return BAD
    if as_json:
        _print_json({"version": version, "file": str(path)})
    else:
        print(f"Released {version}: {path}")
    return GOOD


def _mutants(folder: Path, as_json: bool) -> int:
    outcome = try_folder(folder)
    if as_json:
        _print_json(mutants_report.document(outcome))
    else:
        for line in mutants_report.lines(outcome):
            print(line)
    return GOOD if outcome.is_good else BAD


def _print_json(content: Any) -> None:
    print(json.dumps(content, indent=2, default=str))
