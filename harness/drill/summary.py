"""Sum up a drill for a person: what happened, why, and what to do next."""

from collections.abc import Iterator
from datetime import UTC, datetime

from rich.console import Console
from rich.text import Text

from harness.console.output import say
from harness.drill.orders import Order
from harness.drill.printing import clock_time, styled
from harness.drill.results import Run, ServerResult, WaveResult

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


def show(console: Console, run: Run, order: Order) -> None:
    """Print the summary of one run."""
    console.print()
    for row in _waves(run):
        row.rstrip()
        console.print(row, soft_wrap=True)
    for line in (*_facts(run), *_ending(run, order)):
        say(console, line)


def show_same(console: Console, run: Run, order: Order) -> None:
    """Print what is worth saying of a run that equals the one before."""
    say(console, "")
    say(console, _ended(run, order))
    say(console, f"  {_invocations(run)}; the rest is as above")


def _waves(run: Run) -> Iterator[Text]:
    """Write one row for each wave and one for each of its servers.

    The widest row fits a terminal of 80 columns as long as names are
    short; longer ones make longer rows and never break a value in two.
    """
    servers = [server for wave in run.waves for server in wave.servers]
    waves = max((len(_title(wave)) for wave in run.waves), default=0)
    hosts = max((len(server.hostname) for server in servers), default=0)
    types = max((len(server.instance_type) for server in servers), default=0)
    for wave in run.waves:
        title = _title(wave).ljust(waves)
        yield Text("  ").join([Text(title), *_wave_cells(wave, run)])
        for server in wave.servers:
            host = Text(f"  {server.hostname.ljust(hosts)}")
            yield Text("  ").join([host, *_server_cells(server, types)])


def _title(wave: WaveResult) -> str:
    return f"{wave.number} {wave.name}"


def _wave_cells(wave: WaveResult, run: Run) -> Iterator[Text]:
    yield styled(wave.status, len("not started"))
    if wave.started_at:
        started = clock_time(wave.started_at - run.started_at)
        yield Text(f"started {started}")
    if wave.started_at and wave.ended_at:
        yield Text(f"took {clock_time(wave.ended_at - wave.started_at)}")
    if wave.started_at and not wave.servers:
        yield Text("no servers")


def _server_cells(server: ServerResult, types: int) -> Iterator[Text]:
    took = clock_time(server.took) if server.took is not None else ""
    yield styled(server.status, len("IN_PROGRESS"))
    yield Text(took.ljust(len("0:00:00")))
    if server.instance_id:
        yield Text(server.instance_id)
        yield Text(server.instance_type.ljust(types))
        yield Text(server.private_ip)


def _facts(run: Run) -> Iterator[str]:
    yield ""
    for job in run.jobs:
        yield (
            f"DRS job {job.job_id}: {job.status}, "
            f"{_servers(job.servers)}, {job.account_id} {job.region}"
        )
    machine = run.machine["status"]
    yield f"State machine: {machine}, {run.transitions} transitions"
    yield _invocations(run)
    yield f"Execution history: {', '.join(_standing(run))}"


def _servers(number: int) -> str:
    return "1 server" if number == 1 else f"{number} servers"


def _invocations(run: Run) -> str:
    counts = [f"{name} {n}" for name, n in run.invocations.items()]
    return f"Lambda invocations: {', '.join(counts)}"


def _standing(run: Run) -> Iterator[str]:
    yield str(run.history["status"])
    if "endTime" in run.history:
        end = datetime.fromtimestamp(run.history["endTime"], tz=UTC)
        yield f"endTime {end:%Y-%m-%d %H:%M:%S}"
    if "errorMessage" in run.history:
        yield f'errorMessage "{run.history["errorMessage"]}"'


def _ending(run: Run, order: Order) -> Iterator[str]:
    yield ""
    yield _ended(run, order)
    for wave, server in run.failed_servers:
        yield (
            f'  Wave {wave.number} "{wave.name}", server {server.hostname} '
            f"({server.server_id}): {server.error or server.status}"
        )
    if run.outcome in ("failed", "timeout", "open"):
        yield from _after_failure(run)
    yield from _left_running(run)


def _ended(run: Run, order: Order) -> str:
    took = clock_time(run.ended_at - run.started_at)
    expected = _EXPECTED[order.expects(run.outcome)]
    outcome = _OUTCOMES[run.outcome]
    return f"{run.name}: {outcome} after {took}{expected}"


def _after_failure(run: Run) -> Iterator[str]:
    if not run.failed_servers:
        yield f"  {_failed_wave(run)}: {run.machine['cause']}"
        return
    names = ", ".join(each.hostname for _, each in run.failed_servers)
    launched = "terminate the instances above, " if _launched(run) else ""
    yield (
        f"  Next: correct what DRS says of {names}, {launched}"
        "and run the plan again."
    )


def _failed_wave(run: Run) -> str:
    for wave in run.waves:
        if wave.status in ("FAILED", "TIMEOUT"):
            return f'Wave {wave.number} "{wave.name}"'
        if wave.status == "not started":
            return f'Wave {wave.number} "{wave.name}" could not start'
    return "State machine"


def _launched(run: Run) -> int:
    servers = [server for wave in run.waves for server in wave.servers]
    return sum(bool(server.instance_id) for server in servers)


def _left_running(run: Run) -> Iterator[str]:
    launched = _launched(run)
    if run.outcome != "failed" and launched:
        instances = "1 instance" if launched == 1 else f"{launched} instances"
        yield (
            "  Next: check what was recovered, and terminate it when you "
            f"no longer need it ({instances})."
        )
    busy = [job.job_id for job in run.jobs if job.status != "COMPLETED"]
    if busy:
        names = ", ".join(busy)
        yield f"  Still running, as DRS cannot cancel a job: {names}."
