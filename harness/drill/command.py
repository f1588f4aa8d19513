"""The command `drs-orch drill`, once its arguments are parsed."""

import json
from collections.abc import Sequence

from rich.console import Console

from harness import plans
from harness.cloud import project
from harness.cloud.packaged.emulator_binary import NoEmulatorError
from harness.cloud.packaged.folders import NoRuntimeClientError
from harness.console.output import Output, say
from harness.drill import (
    document,
    machine_history,
    packages,
    summary,
    verdict,
)
from harness.drill.approvals import Approver, EverythingApproved, SameAgain
from harness.drill.asking import PersonAtTerminal
from harness.drill.options import Lambdas, Options
from harness.drill.orders import Order, WrongUsageError, with_failures
from harness.drill.results import Run
from harness.drill.running import run as carry_out
from harness.drill.views import View, view_for
from harness.equivalence import Comparison, compare
from harness.packages.errors import PackagingError


def run(options: Options) -> int:
    """Carry out the command.

    Returns:
        The exit code: 0 recovered or cancelled as asked, 1 failed or
        different, 2 wrong usage or a plan file that cannot be used.
    """
    try:
        order = _order(options)
        if options.history is not None:
            machine_history.check(options.history)
        console = Output(stderr=options.as_json, highlight=False)
        view = view_for(console)
        approver = SameAgain(_approver(options, console, view))
    except (plans.PlanFileError, WrongUsageError) as error:
        say(Output(stderr=True), str(error))
        return 2
    try:
        runs = _carry_out(options, order, approver, view)
    except (PackagingError, NoRuntimeClientError, NoEmulatorError) as error:
        say(Output(stderr=True), str(error))
        return 1
    comparisons = [_compared(runs[0], each) for each in runs[1:]]
    if options.history is not None:
        machine_history.write(options.history, runs[0])
    if options.as_json:
        print(json.dumps(document.drill(order, runs, comparisons), indent=2))
    else:
        _show(console, order, runs, comparisons)
    return _exit_code(runs, comparisons)


def _carry_out(
    options: Options, order: Order, approver: Approver, view: View
) -> list[Run]:
    with packages.ordered(order, options.lambdas, view) as orders:
        return [
            carry_out(each, orchestration, approver, view)
            for each in orders
            for orchestration in project.orchestrations(options.orchestration)
        ]


def _order(options: Options) -> Order:
    compares_ways = options.lambdas in (Lambdas.BOTH, Lambdas.ALL)
    if options.orchestration == "both" and compares_ways:
        raise WrongUsageError(
            f"--lambda {options.lambdas} compares runs of one orchestration: "
            "choose --orchestration refactored or reference"
        )
    plan = plans.load(options.plan_file)
    return Order(
        plan=with_failures(plan, options.fail or ()),
        is_drill=not options.recovery,
        cancel_at=options.cancel_at,
        seed=options.seed,
        profile=options.profile,
        speed=options.speed,
        enforces_iam=options.enforce_iam,
        as_planned=not options.fail and options.cancel_at is None,
    )


def _approver(options: Options, console: Console, view: View) -> Approver:
    if options.approve == "ask":
        return PersonAtTerminal(console, view)
    return EverythingApproved()


def _compared(first: Run, other: Run) -> Comparison:
    return compare(first.observation, other.observation)


def _show(
    console: Console,
    order: Order,
    runs: Sequence[Run],
    comparisons: Sequence[Comparison],
) -> None:
    first, *others = runs
    summary.show(console, first, order)
    for other, comparison in zip(others, comparisons, strict=True):
        show = summary.show_same if comparison.equal else summary.show
        show(console, other, order)
    for other, comparison in zip(others, comparisons, strict=True):
        verdict.show(console, comparison, (first.name, other.name))


def _exit_code(runs: Sequence[Run], comparisons: Sequence[Comparison]) -> int:
    if not all(each.equal for each in comparisons):
        return 1
    fine = all(each.outcome in ("completed", "cancelled") for each in runs)
    return 0 if fine else 1
