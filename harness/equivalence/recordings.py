"""A recorded execution, made ready to be carried out again.

Only what crossed the boundary is known: the payloads, and when they were
sent. The world they met is worked out from the states in them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from harness.equivalence.masking import names_secret
from harness.equivalence.recorded_histories import (
    Delivery,
    Document,
    HistoryError,
    deliveries,
    states,
)
from harness.equivalence.recorded_stage import (
    NEVER,
    RecordedServer,
    RecordedSetup,
    job_seconds,
)
from harness.equivalence.scenarios import Step

_JOB_ENDS = frozenset({"COMPLETED", "FAILED"})
_FAILED = frozenset({"FAILED", "TERMINATED"})
# Members that hold an id or address that AWS makes up.
_MADE = frozenset(
    {"job_id", "jobId", "recoveryInstanceId", "instanceId", "privateIp"}
)


@dataclass(frozen=True)
class Recording:
    """A recorded execution.

    Attributes:
        setup: The world that it needs.
        start: When its first event was sent.
    """

    setup: RecordedSetup
    start: datetime
    deliveries: tuple[Delivery, ...]

    def steps(self, position: int, made: "MadeIds") -> Iterator[Step]:
        """Make the steps that deliver an event.

        What a person wished for is not in a history; it shows in the answer,
        and is wished for here just before.

        Args:
            position: Of the event among the deliveries.
            made: Ids of this world for the recorded ones.
        """
        delivery = self.deliveries[position]
        if (wish := _wish(delivery)) is not None:
            yield Step(wish)
        value = {
            "event": made.translated(delivery.payload),
            "at": (delivery.at - self.start).total_seconds(),
            "job": _job_seconds(self.deliveries, position),
        }
        yield Step("recorded", value)


class MadeIds:
    """Ids that a world made up, by those of the recorded world."""

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}

    def learn(self, recorded: Any, answered: Any) -> None:
        """Compare a recorded answer with the one of this world."""
        if isinstance(recorded, Mapping) and isinstance(answered, Mapping):
            for key in recorded.keys() & answered.keys():
                self._learn_member(key, recorded[key], answered[key])
        elif isinstance(recorded, list) and isinstance(answered, list):
            for one, other in zip(recorded, answered):
                self.learn(one, other)

    def translated(self, value: Any) -> Any:
        """Copy a JSON value with the ids of this world in it."""
        if isinstance(value, dict):
            return {k: self.translated(inner) for k, inner in value.items()}
        if isinstance(value, list):
            return [self.translated(inner) for inner in value]
        if isinstance(value, str):
            return self._ids.get(value, value)
        return value

    def _learn_member(self, key: str, recorded: Any, answered: Any) -> None:
        if key not in _MADE:
            self.learn(recorded, answered)
        elif recorded and answered:
            self._ids[str(recorded)] = str(answered)


def from_document(document: Mapping[str, Any]) -> Recording:
    """Read a recording from an execution's history.

    Raises:
        HistoryError: It is no history that can be used.
    """
    found = tuple(deliveries(document))
    try:
        setup = _setup(found)
        for position, delivery in enumerate(found):
            _wish(delivery)
            _job_seconds(found, position)
    except (LookupError, TypeError, AttributeError) as error:
        raise HistoryError(
            f"/events: the states in it are none of this orchestration: "
            f"{type(error).__name__}: {error}"
        ) from None
    return Recording(setup, found[0].at, found)


def without_secrets(value: Any) -> Any:
    """Copy an answer without members that are masked in recordings."""
    if isinstance(value, dict):
        return {
            key: without_secrets(inner)
            for key, inner in value.items()
            if not names_secret(key)
        }
    if isinstance(value, list):
        return [without_secrets(inner) for inner in value]
    return value


def _setup(found: Sequence[Delivery]) -> RecordedSetup:
    results = _last_results(found)
    plan = _plan(found)
    waves = tuple(plan["waves"])
    return RecordedSetup(
        execution_id=str(plan["execution"]),
        plan_id=str(plan["planId"]),
        plan_name=str(plan.get("planName") or ""),
        is_drill=bool(plan.get("isDrill", True)),
        waves=waves,
        account_context=plan.get("accountContext") or {},
        groups=tuple(_groups(waves, results)),
        servers=tuple(_servers(results)),
    )


def _plan(found: Sequence[Delivery]) -> Document:
    """Find the plan: in the first event, or in the state that it holds."""
    payload = found[0].payload
    if payload["action"] == "begin":
        return {**payload, **payload["plan"]}
    state = payload["application"]
    return {
        "execution": state["execution_id"],
        "planId": state["plan_id"],
        "planName": state["plan_name"],
        "waves": state["waves"],
        "isDrill": state["is_drill"],
        "accountContext": state.get("accountContext"),
    }


def _last_results(found: Sequence[Delivery]) -> dict[int, Document]:
    """Give the last that was known of each wave, by its number."""
    results: dict[int, Document] = {}
    for state in states(found):
        for result in state.get("wave_results") or []:
            results[result["waveNumber"]] = result
    return results


def _groups(
    waves: Sequence[Mapping[str, Any]], results: Mapping[int, Document]
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Give each group that a wave was started for, with its servers."""
    servers: dict[tuple[str, str], list[str]] = {}
    for number, wave in enumerate(waves):
        region = results.get(number, {}).get("region")
        if region and wave.get("protectionGroupId"):
            key = wave["protectionGroupId"], region
            servers.setdefault(key, []).extend(results[number]["serverIds"])
    for (group_id, region), ids in servers.items():
        yield group_id, region, tuple(dict.fromkeys(ids))


def _servers(results: Mapping[int, Document]) -> Iterator[RecordedServer]:
    seen = set()
    for result in results.values():
        statuses = {
            each["sourceServerId"]: each
            for each in result.get("serverStatuses") or []
        }
        for server_id in result["serverIds"]:
            if server_id not in seen:
                seen.add(server_id)
                status = statuses.get(server_id, {})
                yield RecordedServer(
                    server_id=server_id,
                    region=result["region"],
                    hostname=status.get("hostname") or server_id,
                    instance_type=status.get("instanceType") or "t3.medium",
                    fails=status.get("launchStatus") in _FAILED,
                )


def _wish(delivery: Delivery) -> str | None:
    state, before = delivery.state, delivery.payload.get("application") or {}
    status = state.get("status")
    if status == before.get("status"):
        return None
    if status == "cancelled":
        return "cancel"
    number = state.get("paused_before_wave")
    if status == "paused" and number is not None:
        wave = state["waves"][number]
        return None if wave.get("pauseBeforeWave") else "pause"
    return None


def _job_seconds(found: Sequence[Delivery], position: int) -> float:
    """Tell how long a job takes that an event starts.

    It ended between two polls: the last that saw it run, and the first that
    saw its wave's end. When its instances came up says it closer.
    """
    job_id = found[position].state.get("job_id")
    start = last_running = found[position].at
    for delivery in found[position + 1 :]:
        result = _result_of(delivery.state, job_id)
        if result is not None and result["status"] in _JOB_ENDS:
            earliest = (last_running - start).total_seconds()
            latest = (delivery.at - start).total_seconds()
            launched = _launched(result) - int(start.timestamp())
            return _between(earliest, latest, launched)
        last_running = delivery.at
    return NEVER


def _between(earliest: float, latest: float, launched: float) -> float:
    if launched == earliest == 0:
        # DRS did everything at the moment of the call.
        return 0
    # Recorded times are whole seconds.
    seconds = job_seconds(launched + 0.5)
    if earliest < seconds <= latest:
        return seconds
    return (earliest + latest) / 2


def _launched(result: Document) -> int:
    """Give the epoch second at which the last instance came up, or 0."""
    statuses = result.get("serverStatuses") or []
    return max((each.get("launchTime") or 0 for each in statuses), default=0)


def _result_of(state: Document, job_id: object) -> Document | None:
    for result in state.get("wave_results") or []:
        if result["jobId"] == job_id:
            return dict(result)
    return None
