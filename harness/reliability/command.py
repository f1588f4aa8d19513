"""The command `drs-orch reliability`, once its arguments are parsed."""

import json
import time
from dataclasses import replace

from rich.console import Console

from harness.cloud import project
from harness.console.endings import INTERRUPTED
from harness.console.options import Effort
from harness.console.output import Output, say
from harness.reliability import campaign, printing, worlds
from harness.reliability.campaign import Tally, WorkerFailedError
from harness.reliability.following import following
from harness.reliability.options import PartName, ReliabilityOptions
from harness.reliability.worker import Work

_EXIT_CODES = {
    "sound": 0,
    "wrong": 1,
    "nothing": 2,
    "interrupted": INTERRUPTED,
}


def run(options: ReliabilityOptions) -> int:
    """Carry out the command.

    Returns:
        The exit code: 0 nothing is wrong, 1 something is, 2 wrong usage or
        a harness that broke, 130 interrupted before anything was wrong.
    """
    console = Output(stderr=options.as_json, highlight=False)
    work = _work(options)
    tally = campaign.begun(work)
    began = time.monotonic()
    try:
        if options.report is not None:
            options.report.mkdir(parents=True, exist_ok=True)
        interrupted = _carry_out(options, work, tally, console)
    except (worlds.NoLambdasError, WorkerFailedError, OSError) as error:
        say(Output(stderr=True), str(error))
        return 2
    verdict = _verdict(tally, interrupted)
    _write(options, tally, work, verdict)
    _show(options, console, tally, work, verdict)
    if not options.as_json:
        say(console, _closing(tally, verdict, time.monotonic() - began))
    return _EXIT_CODES[verdict]


def _work(options: ReliabilityOptions) -> Work:
    chosen = options.part or list(PartName)
    return Work(
        # In the order of the table, each once.
        parts=tuple(str(part) for part in PartName if part in chosen),
        orchestrations=project.orchestrations(options.orchestration),
        effort=_effort(options),
        seed=options.seed,
        root=options.lambda_root or worlds.LAMBDA_ROOT,
        only=frozenset(options.only or ()),
    )


def _effort(options: ReliabilityOptions) -> Effort:
    # The quick profile samples: a case that is named must be among all.
    if options.only and options.profile == Effort.QUICK:
        return Effort.CI
    return options.profile


def _carry_out(
    options: ReliabilityOptions, work: Work, tally: Tally, console: Console
) -> bool:
    """Carry all cases out; tell whether somebody interrupted it."""
    jobs = min(options.jobs, len(work.only) or options.jobs)
    with worlds.copied(work.root) as root, following(console) as listener:
        try:
            campaign.run(replace(work, root=root), jobs, tally, listener)
        except KeyboardInterrupt:
            return True
    return False


def _verdict(tally: Tally, interrupted: bool) -> str:
    if tally.wrong:
        return "wrong"
    if interrupted:
        return "interrupted"
    return "sound" if tally.cases else "nothing"


def _show(
    options: ReliabilityOptions,
    console: Console,
    tally: Tally,
    work: Work,
    verdict: str,
) -> None:
    if options.as_json:
        document = printing.document(tally, work, verdict)
        print(json.dumps(document, indent=2))
        return
    for line in _text(tally, work):
        say(console, line)


def _write(
    options: ReliabilityOptions, tally: Tally, work: Work, verdict: str
) -> None:
    if options.report is None:
        return
    document = json.dumps(printing.document(tally, work, verdict), indent=2)
    text = "\n".join(_text(tally, work))
    folder = options.report
    (folder / "report.json").write_text(f"{document}\n", encoding="utf-8")
    (folder / "report.txt").write_text(f"{text}\n", encoding="utf-8")


def _text(tally: Tally, work: Work) -> list[str]:
    rows = list(tally.rows.values())
    return [*printing.findings(tally.wrong, work), *printing.table(rows)]


def _closing(tally: Tally, verdict: str, seconds: float) -> str:
    said = {
        "sound": "SOUND: nothing is wrong",
        "wrong": f"WRONG: {len(tally.wrong):,} of {tally.cases:,} cases",
        "nothing": "NOTHING: there is no such case",
        "interrupted": "INTERRUPTED: nothing was wrong until then",
    }
    return f"{said[verdict]} ({seconds:.0f} s)."
