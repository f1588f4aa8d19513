"""The command `drs-orch replay`, once its arguments are parsed."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.console.output import Output, say
from harness.equivalence import findings, replaying, sides
from harness.equivalence.comparison import Difference
from harness.equivalence.options import ReplayOptions
from harness.equivalence.pairs import Pair, side_by_side
from harness.equivalence.printing import difference_lines, step_text
from harness.equivalence.recorded_histories import HistoryError
from harness.equivalence.recordings import Recording, from_document
from harness.equivalence.replaying import Replayed
from harness.equivalence.scenario_checks import check
from harness.equivalence.scenarios import Scenario, ScenarioError
from harness.equivalence.scenarios import from_document as scenario_from
from harness.equivalence.world_process import WorldFailedError

_SHOWN = 20


class ReplayFileError(ValueError):
    """A file is nothing that can be carried out again."""

    def __init__(self, path: Path, reason: object) -> None:
        super().__init__(f"{path}: {reason}")


@dataclass(frozen=True)
class Played:
    """What a file holds.

    Attributes:
        mismatch: The one that the file tells of, if it does.
    """

    course: Scenario | Recording
    mismatch: Mapping[str, Any] | None = None

    def carried_out(self, pair: Pair) -> Iterator[Replayed]:
        """Carry it out in two worlds, step by step."""
        if isinstance(self.course, Recording):
            return replaying.recording(pair, self.course)
        return replaying.scenario(pair, self.course)


def run(options: ReplayOptions) -> int:
    """Carry out the command.

    Returns:
        The exit code: 0 equal, 1 a mismatch, 2 wrong usage, a file that
        cannot be used, or one that broke a world.
    """
    console = Output(stderr=options.as_json, highlight=False)
    try:
        control, candidate = sides.folders(options.control, options.candidate)
        played = read(options.file)
        steps = _carry_out(played, console, control, candidate)
    except (
        ReplayFileError,
        sides.NotALambdaError,
        WorldFailedError,
        OSError,
    ) as error:
        say(Output(stderr=True), str(error))
        return 2
    if options.as_json:
        print(json.dumps(_document(options, played, steps), indent=2))
    else:
        for line in _summary(played, steps):
            say(console, line)
    return 1 if steps and steps[-1].mismatch else 0


def read(path: Path) -> Played:
    """Read a file that holds a scenario or a history.

    Raises:
        ReplayFileError: It holds neither, or cannot be read.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        return _played(document)
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ReplayFileError(path, reason) from None
    except (ScenarioError, HistoryError) as error:
        raise ReplayFileError(path, error) from None
    except ValueError as error:
        # Numbers of thousands of digits, too.
        raise ReplayFileError(path, f"no JSON: {error}") from None
    except RecursionError:
        raise ReplayFileError(path, "nested beyond reason") from None


def _played(document: Any) -> Played:
    keys = set(document) if isinstance(document, Mapping) else set()
    if "events" in keys:
        return Played(from_document(document))
    if {"setup", "steps"} <= keys:
        scenario = scenario_from(document)
        check(scenario)
        if not scenario.steps:
            raise ScenarioError("/steps: none to carry out")
        return Played(scenario, _mismatch(document.get("mismatch")))
    raise ScenarioError(
        "/: neither a scenario (an object with setup and steps) nor an "
        "execution's history (an object with events)"
    )


def _mismatch(value: Any) -> Mapping[str, Any] | None:
    """Check what a file tells of its mismatch, as far as it is read.

    Raises:
        ScenarioError: It is none.
    """
    if value is None:
        return None
    if not isinstance(value, Mapping):
        raise ScenarioError("/mismatch: not an object")
    differences = value.get("differences", [])
    if not isinstance(differences, list) or not all(
        isinstance(each, Mapping) and "path" in each for each in differences
    ):
        raise ScenarioError(
            "/mismatch/differences: not a list of objects with a path"
        )
    return value


def _carry_out(
    played: Played, console: Output, control: Path, candidate: Path
) -> list[Replayed]:
    say(console, "Starting two worlds ...")
    start = getattr(played.course, "start", None)
    steps = []
    with side_by_side(control, candidate, start) as pair:
        for step in played.carried_out(pair):
            say(console, _line(step))
            for difference in step.unlike_recorded[:1]:
                say(console, _unlike(step, difference))
            for trouble in step.never_met:
                say(
                    console,
                    f"    never met: {trouble.operation}, {trouble.kind}",
                )
            steps.append(step)
    return steps


def _line(step: Replayed) -> str:
    text = f"  step {step.number}: "
    if step.recorded is not None:
        text += f"event {step.recorded.number}"
    else:
        text += step_text(step.step)
    if step.action is not None:
        times = f" ({step.deliveries} times)" if step.deliveries > 1 else ""
        text += f": {step.action}{times} -> {step.ending}"
    return f"{text}  {'DIFFERENT' if step.mismatch else 'equal'}"


def _unlike(step: Replayed, difference: Difference) -> str:
    more = len(step.unlike_recorded) - 1
    others = f", and {more} more" if more else ""
    return f"    unlike the recorded answer: {difference.path}{others}"


def _summary(played: Played, steps: list[Replayed]) -> Iterator[str]:
    yield ""
    if isinstance(played.course, Recording):
        yield from _beside_record(steps)
    mismatch = steps[-1].mismatch if steps else None
    if mismatch is None:
        if played.mismatch is not None:
            yield "The mismatch that the file tells of did not come again."
        yield f"EQUAL: {len(steps)} steps, 0 differences."
        return
    for difference in mismatch.differences[:_SHOWN]:
        yield from difference_lines(difference)
    if (more := len(mismatch.differences) - _SHOWN) > 0:
        yield f"  ... and {more} more; --json lists them all."
    if played.mismatch is not None:
        same = "" if _is_same(played, steps) else "not "
        yield f"This is {same}the mismatch that the file tells of."
    number = len(mismatch.differences)
    yield (
        f"MISMATCH: {number} difference{'' if number == 1 else 's'} "
        f"after step {len(steps)} ({mismatch.step.do})."
    )


def _beside_record(steps: list[Replayed]) -> Iterator[str]:
    recorded = [step for step in steps if step.recorded is not None]
    unlike = [step for step in recorded if step.unlike_recorded]
    yield (
        f"Recorded answers: {len(recorded) - len(unlike)} of {len(recorded)} "
        "were given again, ids that AWS makes up aside."
    )
    for step in unlike:
        difference = step.unlike_recorded[0]
        yield (
            f"  step {step.number}: {difference.path}: recorded "
            f"{difference.left!r:.120}, here {difference.right!r:.120}"
        )


def _is_same(played: Played, steps: list[Replayed]) -> bool:
    told, found = played.mismatch or {}, steps[-1].mismatch
    paths = [each["path"] for each in told.get("differences", [])]
    return (
        told.get("step") == steps[-1].number
        and found is not None
        and (paths == [each.path for each in found.differences])
    )


def _document(
    options: ReplayOptions, played: Played, steps: list[Replayed]
) -> dict[str, Any]:
    mismatch = steps[-1].mismatch if steps else None
    recorded = isinstance(played.course, Recording)
    return {
        "file": str(options.file),
        "kind": "history" if recorded else "scenario",
        "verdict": "equal" if mismatch is None else "mismatch",
        "steps": [_step_document(step) for step in steps],
        "mismatch": mismatch
        and {
            "step": len(steps),
            "differences": findings.differences(mismatch.differences),
        },
        "sameAsInFile": (_is_same(played, steps) if played.mismatch else None),
    }


def _step_document(step: Replayed) -> dict[str, Any]:
    document: dict[str, Any] = {
        "number": step.number,
        "do": step.step.do,
        "action": step.action,
        "deliveries": step.deliveries,
        "ending": step.ending,
        "equal": step.mismatch is None,
    }
    if step.recorded is not None:
        document["event"] = step.recorded.number
        document["unlikeRecorded"] = [
            {"path": d.path, "recorded": d.left, "answered": d.right}
            for d in step.unlike_recorded
        ]
    return document
