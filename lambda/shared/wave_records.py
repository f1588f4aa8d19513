"""One wave of the execution history: entry n of ``waves`` is wave n."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from shared import history_writes, wave_results
from shared.execution_state import State
from shared.history_writes import (
    Condition,
    has_not_ended,
    holds_waves,
    lacks_waves,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

    from shared.contract_types import WaveResult


def put(table: "Table", state: State, result: "WaveResult") -> None:
    """Write ``waves[n]`` at index n, making the list whole if it is not.

    The job goes with it: the write at the wave's start may have failed. An
    end that is recorded stands: a late poll knows less than it.
    """
    number = result["waveNumber"]
    indexed = {f"waves[{number}]": result, **job(result)}
    exists = Condition()
    there = exists.and_(holds_waves(number)).and_(has_not_ended(number))
    if history_writes.update(table, state, indexed, there):
        return
    whole = {"waves": _waves_up_to(state, result), **job(result)}
    history_writes.update(
        table, state, whole, exists.and_(lacks_waves(number))
    )


def job(result: "WaveResult") -> dict[str, Any]:
    """Give the attributes that name a wave's job; an empty wave has none."""
    job_id, region = result.get("jobId"), result.get("region")
    named = {"drsJobId": job_id, "drsRegion": region}
    return {name: value for name, value in named.items() if value and job_id}


def has_started(item: Mapping[str, Any], wave_number: int) -> bool:
    """Tell whether a wave has a job on record, or needed none.

    Args:
        item: The execution's history item.
        wave_number: Zero-based.
    """
    waves = item.get("waves") or []
    record = waves[wave_number] if wave_number < len(waves) else {}
    return bool(record.get("jobId")) or record.get("status") == "COMPLETED"


def _waves_up_to(
    state: State, result: "WaveResult"
) -> list[Mapping[str, object]]:
    earlier = [
        wave_results.find(state, number) or _not_started(state, number)
        for number in range(result["waveNumber"])
    ]
    return [*earlier, result]


def _not_started(state: State, number: int) -> Mapping[str, object]:
    return {
        "waveNumber": number,
        "waveName": wave_results.wave_name(state, number),
        "serverIds": [],
        "serverStatuses": [],
    }
