"""The command `drs-orch drill`, once its arguments are parsed."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from harness import plans
from harness.cloud.project import Orchestration
from harness.drill import document, summary, verdict
from harness.drill.approvals import Approver, EverythingApproved, SameAgain
from harness.drill.asking import PersonAtTerminal
from harness.drill.orders import Order, WrongUsageError, with_failures
from harness.drill.results import Run
from harness.drill.running import run as carry_out
from harness.drill.views import View, print_plain, view_for
from harness.equivalence import Comparison, compare

# Wide enough for the summary where nobody says how wide the paper is.
_PAPER_WIDTH = 140


@dataclass(frozen=True)
class Options:
    """What a person asked for on the command line; see --help.

    Attributes:
        failures: `SERVER[:PHASE]` each.
        asks: Whether a person decides at a pause.
        speed: Virtual seconds in a real second; None for no waiting.
    """

    plan_file: Path
    orchestrations: tuple[Orchestration, ...]
    is_drill: bool
    failures: tuple[str, ...]
    cancel_at: int | None
    asks: bool
    seed: int
    profile: str
    speed: float | None
    as_json: bool


def run(options: Options) -> int:
    """Carry out the command.

    Returns:
        The exit code: 0 recovered or cancelled as asked, 1 failed or
        different, 2 wrong usage or a plan file that cannot be used.
    """
    try:
        order = _order(options)
        console = _console(on_stderr=options.as_json)
        view = view_for(console)
        approver = SameAgain(_approver(options, console, view))
    except (plans.PlanFileError, WrongUsageError) as error:
        print_plain(_console(on_stderr=True), str(error))
        return 2
    runs = [
        carry_out(order, orchestration, approver, view)
        for orchestration in options.orchestrations
    ]
    comparison = _compared(runs)
    if options.as_json:
        print(json.dumps(document.drill(order, runs, comparison), indent=2))
    else:
        _show(console, order, runs, comparison)
    return _exit_code(runs, comparison)


def _order(options: Options) -> Order:
    plan = plans.load(options.plan_file)
    return Order(
        plan=with_failures(plan, options.failures),
        is_drill=options.is_drill,
        cancel_at=options.cancel_at,
        seed=options.seed,
        profile=options.profile,
        speed=options.speed,
        as_planned=not options.failures and options.cancel_at is None,
    )


def _console(on_stderr: bool) -> Console:
    console = Console(stderr=on_stderr, highlight=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = _PAPER_WIDTH
    return console


def _approver(options: Options, console: Console, view: View) -> Approver:
    if options.asks:
        return PersonAtTerminal(console, view)
    return EverythingApproved()


def _compared(runs: Sequence[Run]) -> Comparison | None:
    if len(runs) < 2:
        return None
    first, second = runs
    return compare(first.observation, second.observation)


def _show(
    console: Console,
    order: Order,
    runs: Sequence[Run],
    comparison: Comparison | None,
) -> None:
    for each in runs:
        summary.show(console, each, order)
    if comparison is not None:
        verdict.show(console, comparison)


def _exit_code(runs: Sequence[Run], comparison: Comparison | None) -> int:
    if comparison is not None and not comparison.equal:
        return 1
    fine = all(each.outcome in ("completed", "cancelled") for each in runs)
    return 0 if fine else 1
