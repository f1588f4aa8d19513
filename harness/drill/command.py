"""The command `drs-orch drill`, once its arguments are parsed."""

import json
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace

from rich.console import Console

from harness import plans
from harness.cloud.packaged.folders import NoRuntimeClientError
from harness.cloud.project import Orchestration
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
from harness.drill.printing import Output, print_plain
from harness.drill.results import Run
from harness.drill.running import run as carry_out
from harness.drill.views import View, view_for
from harness.equivalence import Comparison, compare
from harness.packages.errors import PackagingError

_ORCHESTRATIONS: dict[str, tuple[Orchestration, ...]] = {
    "refactored": ("refactored",),
    "reference": ("reference",),
    "both": ("refactored", "reference"),
}


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
        print_plain(Output(stderr=True), str(error))
        return 2
    try:
        runs = _carry_out(options, order, approver, view)
    except (PackagingError, NoRuntimeClientError) as error:
        print_plain(Output(stderr=True), str(error))
        return 1
    comparison = _compared(runs)
    if options.history is not None:
        machine_history.write(options.history, runs[0])
    if options.as_json:
        print(json.dumps(document.drill(order, runs, comparison), indent=2))
    else:
        _show(console, order, runs, comparison)
    return _exit_code(runs, comparison)


def _carry_out(
    options: Options, order: Order, approver: Approver, view: View
) -> list[Run]:
    orders = [order]
    with ExitStack() as stack:
        if options.lambdas != Lambdas.IN_PROCESS:
            folder = stack.enter_context(packages.built(view))
            packaged = replace(order, packages=folder)
            is_both = options.lambdas == Lambdas.BOTH
            orders = [order, packaged] if is_both else [packaged]
        return [
            carry_out(each, orchestration, approver, view)
            for each in orders
            for orchestration in _ORCHESTRATIONS[options.orchestration]
        ]


def _order(options: Options) -> Order:
    if (options.orchestration, options.lambdas) == ("both", "both"):
        raise WrongUsageError(
            "--lambda both compares two runs of one orchestration: choose "
            "--orchestration refactored or reference"
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
    first, *others = runs
    summary.show(console, first, order)
    is_same = comparison is not None and comparison.equal
    for other in others:
        show = summary.show_same if is_same else summary.show
        show(console, other, order)
    if comparison is not None:
        names = first.name, others[0].name
        verdict.show(console, comparison, names)


def _exit_code(runs: Sequence[Run], comparison: Comparison | None) -> int:
    if comparison is not None and not comparison.equal:
        return 1
    fine = all(each.outcome in ("completed", "cancelled") for each in runs)
    return 0 if fine else 1
