"""The contracts take whatever DRS may send: its model, and beyond."""

import copy
from pathlib import Path

import botocore.session
import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

from harness.contracts import Contracts, load
from harness.contracts.examples import Example, complaints
from harness.contracts.loading import Schema

CONTRACTS = load(Path(__file__).parents[2] / "contracts")
DRS = botocore.session.Session().get_service_model("drs")
COMMON = "v1/common/"
IDS = [
    ("source-server-id", "SourceServerID"),
    ("drs-job-id", "JobID"),
    ("instance-id", "EC2InstanceID"),
    ("instance-id", "RecoveryInstanceID"),
]
FEW = settings(max_examples=50, deadline=None)


def _values(shape_name: str) -> st.SearchStrategy[str]:
    """Draw values of a string shape, within its pattern and lengths."""
    limits = DRS.shape_for(shape_name).metadata
    return st.from_regex(limits["pattern"], fullmatch=True).filter(
        lambda value: limits["min"] <= len(value) <= limits["max"]
    )


LAUNCH_STATUSES = st.sampled_from(
    [*DRS.shape_for("LaunchStatus").metadata["enum"], "ADDED_LATER"]
)


def _example(name: str, **changes: object) -> Schema:
    example: Schema = CONTRACTS.schemas[COMMON + name]["examples"][0]
    return copy.deepcopy(example) | changes


def _refused(name: str, document: object, among: Contracts) -> list[str]:
    return complaints(Example(COMMON + name, document, frozenset()), among)


@pytest.mark.parametrize("name, shape", IDS)
@FEW
@given(data=st.data())
def test_id_is_accepted_when_the_model_of_drs_allows_it(
    name: str, shape: str, data: st.DataObject
) -> None:
    value = data.draw(_values(shape))

    assert _refused(name, value, CONTRACTS) == []


@FEW
@given(
    server=_values("SourceServerID"),
    job=_values("JobID"),
    instance=_values("RecoveryInstanceID"),
    launch_status=LAUNCH_STATUSES,
)
def test_state_is_accepted_when_the_model_of_drs_allows_its_values(
    server: str, job: str, instance: str, launch_status: str
) -> None:
    status = _example(
        "server-status",
        sourceServerId=server,
        recoveryInstanceId=instance,
        instanceId=instance,
        launchStatus=launch_status,
    )
    result = _example(
        "wave-result", jobId=job, serverIds=[server], serverStatuses=[status]
    )
    state = _example(
        "execution-state",
        waves=[_example("wave", serverIds=[server])],
        wave_results=[result],
        job_id=job,
        server_ids=[server],
        recovery_instance_ids=[instance],
    )

    assert _refused("execution-state", state, CONTRACTS) == []


@pytest.mark.parametrize(
    "name, shape, narrower",
    [
        (
            "source-server-id",
            "SourceServerID",
            {"pattern": "^s-[0-9a-f]{17}$"},
        ),
        ("drs-job-id", "JobID", {"pattern": "^drsjob-[0-9a-f]{17}$"}),
        ("drs-job-id", "JobID", {"maxLength": 23}),
        ("instance-id", "RecoveryInstanceID", {"minLength": 19}),
    ],
)
def test_narrower_id_is_found_when_a_schema_has_one(
    name: str, shape: str, narrower: Schema
) -> None:
    spoiled = CONTRACTS.schemas[COMMON + name] | narrower
    contracts = Contracts(CONTRACTS.schemas | {COMMON + name: spoiled})

    value = find(
        _values(shape),
        lambda drawn: bool(_refused(name, drawn, contracts)),
        settings=FEW,
    )

    assert _refused(name, value, CONTRACTS) == []


def test_closed_launch_status_is_found_when_the_schema_has_one() -> None:
    spoiled = copy.deepcopy(CONTRACTS.schemas[COMMON + "server-status"])
    known = DRS.shape_for("LaunchStatus").metadata["enum"]
    spoiled["properties"]["launchStatus"]["enum"] = known
    contracts = Contracts(
        CONTRACTS.schemas | {COMMON + "server-status": spoiled}
    )

    value = find(
        LAUNCH_STATUSES,
        lambda drawn: bool(
            _refused(
                "server-status",
                _example("server-status", launchStatus=drawn),
                contracts,
            )
        ),
    )

    assert value == "ADDED_LATER"
