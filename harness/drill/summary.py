"""Sum up a drill for a person: what happened, why, and what to do next."""

from collections.abc import Iterator
from datetime import UTC, datetime

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from harness.drill.orders import Order
from harness.drill.results import Run, ServerResult, WaveResult
from harness.drill.views import clock_time, print_plain


def show(console: Console, run: Run, order: Order) -> None:
    """Print the summary of one run."""
    console.print()
    console.print(_waves(run))
    for line in (*_facts(run), *_ending(run, order)):
        print_plain(console, line)


def _waves(run: Run) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    columns = ("Wave", "Status", "Started", "Took", "Server", "Launch")
    for column in (*columns, "Took", "Instance", "Type", "Private IP"):
        table.add_column(column, overflow="fold")
    for wave in run.waves:
        first, *others = wave.servers or (None,)
        table.add_row(*_wave_cells(wave, run), *_server_cells(first))
        for server in others:
            table.add_row("", "", "", "", *_server_cells(server))
    return table


def _wave_cells(wave: WaveResult, run: Run) -> list[str]:
    started = took = ""
    if wave.started_at:
        started = clock_time(wave.started_at - run.started_at)
    if wave.started_at and wave.ended_at:
        took = clock_time(wave.ended_at - wave.started_at)
    return [f"{wave.number} {wave.name}", wave.status, started, took]


def _server_cells(server: ServerResult | None) -> list[str]:
    if server is None:
        return ["", "", "", "", "", ""]
    return [
        server.hostname,
        server.status,
        clock_time(server.took) if server.took is not None else "",
        server.instance_id,
        server.instance_type,
        server.private_ip,
    ]


def _facts(run: Run) -> Iterator[str]:
    for job in run.jobs:
        yield (
            f"DRS job {job.job_id}: {job.status}, {job.servers} servers, "
            f"{job.account_id} {job.region}"
        )
    counts = [f"{name} {n}" for name, n in run.invocations.items()]
    yield f"State machine: {run.machine['status']}, " + (
        f"{run.transitions} transitions"
    )
    yield f"Lambda invocations: {', '.join(counts)}"
    yield f"Execution history: {', '.join(_standing(run))}"


def _standing(run: Run) -> Iterator[str]:
    yield str(run.history["status"])
    if "endTime" in run.history:
        end = datetime.fromtimestamp(run.history["endTime"], tz=UTC)
        yield f"endTime {end:%Y-%m-%d %H:%M:%S}"
    if "errorMessage" in run.history:
        yield f'errorMessage "{run.history["errorMessage"]}"'


def _ending(run: Run, order: Order) -> Iterator[str]:
    took = clock_time(run.ended_at - run.started_at)
    yield ""
    expected = _EXPECTED[order.expects(run.outcome)]
    ending = f"{_OUTCOMES[run.outcome]} after {took}{expected}"
    yield f"{run.orchestration}: {ending}"
    for wave, server in run.failed_servers:
        yield (
            f'  wave {wave.number} "{wave.name}", server {server.hostname} '
            f"({server.server_id}): {server.error or server.status}"
        )
    yield from _next_steps(run)


_OUTCOMES = {
    "completed": "completed",
    "failed": "failed",
    "timeout": "timed out",
    "cancelled": "cancelled, as asked,",
    "open": "ended, but the execution history shows no end,",
}


_EXPECTED = {
    True: ", as the plan expects",
    False: ", which the plan does not expect",
    None: "",
}


def _next_steps(run: Run) -> Iterator[str]:
    launched = [
        server.instance_id
        for wave in run.waves
        for server in wave.servers
        if server.instance_id
    ]
    if run.outcome in ("failed", "timeout", "open"):
        yield from _after_failure(run)
    if launched:
        yield f"  Recovered instances that run now: {', '.join(launched)}"
    busy = [job.job_id for job in run.jobs if job.status != "COMPLETED"]
    if busy:
        yield (
            f"  Still running, as DRS cannot cancel a job: {', '.join(busy)}"
        )


def _after_failure(run: Run) -> Iterator[str]:
    if run.failed_servers:
        names = ", ".join(each.hostname for _, each in run.failed_servers)
        yield (
            f"  Next: correct what DRS says of {names}, terminate the "
            "instances below, and run the plan again"
        )
    elif run.machine["cause"]:
        yield f"  State machine: {run.machine['error']}: {run.machine['cause']}"
