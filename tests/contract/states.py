"""Coherent documents of the contracts, drawn with Hypothesis.

The schemas say which documents are possible; these strategies draw such as
occur. A result's servers are its wave's, statuses fit one another, times and
counters add up. Pools are small, so that equal values meet.
"""

from typing import Any

from hypothesis import strategies as st

from tests import builders
from tests.builders import NOW, REGION, Document

ENDS = ("completed", "failed", "cancelled", "timeout")
STATUSES = ("running", "paused", *ENDS)
UNDERWAY = ("STARTED", "CONVERTING", "LAUNCHING", "IN_PROGRESS")
MOST_WAVES = 6
MOST_SERVERS = 3
# What a state may lack, because it stays null until something happens.
OPTIONAL = (
    "plan_name",
    "accountContext",
    "total_waves",
    "status_reason",
    "error",
    "error_code",
    "paused_before_wave",
    "end_time",
    "duration_seconds",
)
# How far the servers of a wave may be, by the wave's status.
LAUNCH_STATUSES = {
    "STARTED": ("PENDING",),
    "CONVERTING": ("PENDING", "IN_PROGRESS"),
    "LAUNCHING": ("PENDING", "IN_PROGRESS", "ADDED_LATER"),
    "IN_PROGRESS": ("IN_PROGRESS", "LAUNCHED"),
    "COMPLETED": ("LAUNCHED",),
    "FAILED": ("LAUNCHED", "FAILED", "TERMINATED"),
    "TIMEOUT": ("PENDING", "LAUNCHED"),
    "CANCELLED": ("PENDING", "LAUNCHED"),
}

account_contexts = st.sampled_from(
    [
        None,
        {},
        {"isCurrentAccount": True},
        {"accountId": "", "isCurrentAccount": None},
        builders.foreign_account(),
        builders.foreign_account(externalId=None),
    ]
)


def server_id(wave: int, server: int) -> str:
    """Name a source server of a wave."""
    return f"s-{wave:08d}{server:09d}"


def job_id(wave: int) -> str:
    """Name the DRS job of a wave."""
    return f"drsjob-{wave:017d}"


@st.composite
def waves(draw: st.DrawFn, number: int = 0) -> Document:
    """Draw a wave of a plan; it may lack everything."""
    wave = builders.wave(
        number,
        waveName=draw(st.sampled_from([f"Tier {number}", "", None])),
        pauseBeforeWave=draw(st.booleans()),
    )
    if draw(st.booleans()):
        servers = draw(st.integers(0, MOST_SERVERS))
        wave["serverIds"] = [server_id(number, n) for n in range(servers)]
    lacking = draw(st.sets(st.sampled_from(sorted(wave)), max_size=2))
    return {key: value for key, value in wave.items() if key not in lacking}


@st.composite
def server_statuses(draw: st.DrawFn, id_: str, launch_status: str) -> Document:
    """Draw how far a server is; details are known from its launch on."""
    status = builders.server_status(id_, launchStatus=launch_status)
    if launch_status != "LAUNCHED" or not draw(st.booleans()):
        return status
    instance = f"i-{id_[-17:]}"
    known = {"recoveryInstanceId": instance, "instanceId": instance}
    address = {
        "privateIp": "10.0.1.10",
        "instanceType": "t3.medium",
        "launchTime": NOW + 600,
    }
    return status | known | (address if draw(st.booleans()) else {})


@st.composite
def wave_results(
    draw: st.DrawFn, number: int = 0, status: str = "STARTED"
) -> Document:
    """Draw the result of a wave; only a completed one may have no servers."""
    fewest = 0 if status == "COMPLETED" else 1
    servers = draw(st.integers(fewest, MOST_SERVERS))
    ids = [server_id(number, n) for n in range(servers)]
    statuses = st.sampled_from(LAUNCH_STATUSES[status])
    result = builders.wave_result(
        number,
        status=status,
        jobId=job_id(number) if ids else None,
        serverIds=ids,
        serverStatuses=[
            draw(server_statuses(id_, draw(statuses))) for id_ in ids
        ],
    )
    if status not in UNDERWAY:
        result["endTime"] = NOW + 60 * (number + 1)
    return result


any_wave_results = st.one_of(
    [wave_results(0, status) for status in LAUNCH_STATUSES]
)
any_server_statuses = any_wave_results.filter(
    lambda result: bool(result["serverStatuses"])
).map(lambda result: result["serverStatuses"][0])


@st.composite
def answers(
    draw: st.DrawFn,
    statuses: tuple[str, ...] = STATUSES,
    just_started: bool = False,
) -> Document:
    """Draw the state that an action answers with, every key there.

    Args:
        draw: Given by Hypothesis.
        statuses: What its status may be.
        just_started: A running wave has just been started.
    """
    status = draw(st.sampled_from(statuses))
    fewest = {"running": 1, "paused": 2}.get(status, 0)
    count = draw(st.integers(fewest, MOST_WAVES))
    state = builders.state(
        waves=[draw(waves(number)) for number in range(count)],
        accountContext=draw(account_contexts),
        is_drill=draw(st.booleans()),
        status=status,
    )
    _carry_out(draw, state, just_started)
    _take_over_instances(state)
    if status in ENDS:
        _end(state)
    return state


@st.composite
def states(draw: st.DrawFn, statuses: tuple[str, ...] = STATUSES) -> Document:
    """Draw a state as a request has it: some optional keys are missing."""
    state = draw(answers(statuses))
    kept = {"paused": {"paused_before_wave"}}.get(state["status"], set())
    if state["status"] in ENDS:
        kept = {"end_time", "error"}
    droppable = sorted(set(OPTIONAL) - kept)
    lacking = draw(st.sets(st.sampled_from(droppable), max_size=3))
    unknown = {"added_later": {"a": [1]}} if draw(st.booleans()) else {}
    state = {k: v for k, v in state.items() if k not in lacking}
    return state | unknown


paused_answers = answers(("paused",))
paused_states = states(("paused",))
started_answers = answers(just_started=True)


def _carry_out(draw: st.DrawFn, state: Document, just_started: bool) -> None:
    """Give a state the results of the waves that it has got to."""
    count, status = len(state["waves"]), state["status"]
    if not count:
        state["wave_completed"] = status != "running"
        return
    last = count - 2 if status == "paused" else count - 1
    least = last if status == "completed" else 0
    current = draw(st.integers(least, last))
    results = [draw(wave_results(n, "COMPLETED")) for n in range(current)]
    results += _current(draw, current, status, just_started)
    done = [each for each in results if each["status"] == "COMPLETED"]
    job = results[-1] if len(results) > current else {}
    state |= {
        "current_wave_number": current,
        "completed_waves": len(done),
        "wave_results": results,
        "wave_completed": status != "running",
        "job_id": job.get("jobId"),
        "region": REGION if job else None,
        "server_ids": list(job.get("serverIds", [])),
    }
    if status == "paused":
        state["paused_before_wave"] = current + 1
    if not just_started:
        polls = draw(st.integers(0, 3))
        state["current_wave_total_wait_time"] = 30 * polls


def _current(
    draw: st.DrawFn, number: int, status: str, just_started: bool
) -> list[Document]:
    """Draw the result of the current wave; none where it did not start."""
    possible: dict[str, tuple[str | None, ...]] = {
        "running": ("STARTED",) if just_started else UNDERWAY,
        "paused": ("COMPLETED",),
        "completed": ("COMPLETED",),
        "failed": ("FAILED", None),
        "cancelled": ("CANCELLED", "COMPLETED"),
        "timeout": ("TIMEOUT",),
    }
    wave_status = draw(st.sampled_from(possible[status]))
    return [draw(wave_results(number, wave_status))] if wave_status else []


def _take_over_instances(state: Document) -> None:
    known = [
        server
        for result in state["wave_results"]
        if result["status"] == "COMPLETED"
        for server in result["serverStatuses"]
    ]
    for key, detail in (("ids", "instanceId"), ("ips", "privateIp")):
        values = [server[detail] for server in known if server[detail]]
        state[f"recovery_instance_{key}"] = values


def _end(state: Document) -> None:
    status = state["status"]
    lasted = 60 * len(state["waves"])
    state |= {"end_time": NOW + lasted, "duration_seconds": lasted}
    if status in ("completed", "cancelled"):
        state["all_waves_completed"] = True
        state["status_reason"] = f"Execution {status}"
    else:
        state["failed_waves"] = int(status == "failed")
        state["error"] = "1 servers failed to launch"
        state["error_code"] = "WAVE_LAUNCH_FAILED"


def _requests(action: str, **parts: Any) -> st.SearchStrategy[Document]:
    """Draw requests of an action; the version is said or not."""
    version = {"contract_version": st.just("1")}
    fixed = {"action": st.just(action), **parts}
    return st.fixed_dictionaries(fixed, optional=version)


plans = st.fixed_dictionaries(
    {"planId": st.just(builders.PLAN_ID)},
    optional={
        "planName": st.sampled_from(["Three tiers", "", None]),
        "waves": st.lists(waves(), max_size=3),
    },
)
tags = st.dictionaries(
    st.sampled_from(["Tier", "Purpose", " "]),
    st.sampled_from(["database", "", "ä"]),
    max_size=2,
)

# Every schema that is not below has its own examples drawn.
DOCUMENTS: dict[str, st.SearchStrategy[Any]] = {
    "v1/common/account-context": account_contexts,
    "v1/common/answered-state": answers(),
    "v1/common/execution-state": states(),
    "v1/common/server-status": any_server_statuses,
    "v1/common/started-state": started_answers,
    "v1/common/wave": waves(),
    "v1/common/wave-result": any_wave_results,
    "v1/orchestration/begin/request": st.fixed_dictionaries(
        {
            "action": st.just("begin"),
            "execution": st.just(builders.EXECUTION_ID),
            "plan": plans,
        },
        optional={
            "isDrill": st.booleans(),
            "accountContext": account_contexts,
            "account_context": account_contexts,
        },
    ),
    "v1/orchestration/begin/response": started_answers,
    "v1/orchestration/update_wave_status/request": st.one_of(
        _requests("update_wave_status", application=states()),
        states().map(lambda state: {"action": "poll_wave_status", **state}),
    ),
    "v1/orchestration/update_wave_status/response": answers(),
    "v1/orchestration/store_task_token/request": _requests(
        "store_task_token",
        application=paused_states,
        taskToken=st.sampled_from([builders.TASK_TOKEN, "", None]),
    ),
    "v1/orchestration/store_task_token/response": paused_answers,
    "v1/orchestration/resume_wave/request": _requests(
        "resume_wave", application=paused_states
    ),
    "v1/orchestration/resume_wave/response": started_answers,
    "v1/start_wave_recovery/request": _requests(
        "start_wave_recovery",
        state=states(),
        wave_number=st.integers(0, MOST_WAVES),
    ),
    "v1/start_wave_recovery/response": started_answers,
    "v1/poll_wave_status/request": _requests(
        "poll_wave_status", state=states()
    ),
    "v1/poll_wave_status/response": answers(),
    "v1/query_servers_by_tags/request": _requests(
        "query_servers_by_tags",
        region=st.sampled_from(["us-east-1", "eu-west-1"]),
        tags=tags,
        account_context=account_contexts,
    ),
}


def documents(name: str, schema: Document) -> st.SearchStrategy[Any]:
    """Draw valid documents of a schema: coherent ones, and its examples.

    Args:
        name: Of the schema, as in ``Contracts``.
        schema: Holds the examples.
    """
    examples = st.sampled_from(schema["examples"])
    return (
        st.one_of(DOCUMENTS[name], examples) if name in DOCUMENTS else examples
    )
