"""An emulator in moto, at a time that only the test moves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
import pytest
import time_machine
from botocore.config import Config
from moto import mock_aws
from moto.moto_api._internal.models import moto_api_backend

from harness import drs
from harness.drs.engine.wire import validation

if TYPE_CHECKING:
    from mypy_boto3_drs import DrsClient
    from mypy_boto3_drs.type_defs import JobTypeDef
    from mypy_boto3_ec2 import EC2Client

HUB = "123456789012"
START = datetime(2026, 1, 5, 10, tzinfo=UTC)

# What the wire is known to hold against the model: a log event and the
# offset at the end of times (DRS_SERVICE.md 1.4 and 1.5).
KNOWN_EVENT = "LAUNCH_END"
KNOWN_ENDING = "+00:00"

# Shared by all tests: a session loads the service models only once.
SESSION: Any = boto3.Session()
MISFITS: list[str] = []


@dataclass
class Emulator:
    """The clients of one account and Region, and the clock."""

    clock: time_machine.Traveller
    account_id: str = HUB
    region_name: str = "us-east-1"

    @property
    def region(self) -> drs.Region:
        return drs.region(self.account_id, self.region_name)

    @property
    def drs(self) -> DrsClient:
        client: DrsClient = make_client("drs", self.region_name, *self._keys())
        return client

    @property
    def ec2(self) -> EC2Client:
        client: EC2Client = make_client("ec2", self.region_name, *self._keys())
        return client

    def add(self, hostname: str, **seed: Any) -> str:
        return self.region.add_source_server(
            drs.SourceServerSeed(hostname, **seed)
        )

    def start(self, *server_ids: str, drill: bool = True) -> JobTypeDef:
        return self.drs.start_recovery(
            isDrill=drill,
            sourceServers=[{"sourceServerID": each} for each in server_ids],
        )["job"]

    def recover(self, *server_ids: str, drill: bool = True) -> JobTypeDef:
        started = self.start(*server_ids, drill=drill)
        self.sleep(3600)
        return self.job(started["jobID"])

    def job(self, job_id: str) -> JobTypeDef:
        found = self.drs.describe_jobs(filters={"jobIDs": [job_id]})
        return found["items"][0]

    def statuses(self, job_id: str) -> dict[str, str]:
        return {
            each["sourceServerID"]: each["launchStatus"]
            for each in self.job(job_id)["participatingServers"]
        }

    def log(self, job_id: str) -> list[dict[str, Any]]:
        items = self.drs.describe_job_log_items(jobID=job_id)["items"]
        return [dict(item) for item in items]

    def events(self, job_id: str, server_id: str | None = None) -> list[str]:
        return [
            item["event"]
            for item in self.log(job_id)
            if server_id in (None, item["eventData"].get("sourceServerID"))
        ]

    def instances(self) -> dict[str, Any]:
        pages = self.ec2.describe_instances()["Reservations"]
        return {
            instance["InstanceId"]: instance
            for page in pages
            for instance in page["Instances"]
        }

    def sleep(self, seconds: float) -> None:
        self.clock.shift(timedelta(seconds=seconds))

    def restart(self, seed: int = 0) -> None:
        """Begin a new world at the same time as the first one."""
        moto_api_backend.reset()
        drs.reset(seed=seed)
        self.clock.move_to(START)

    def within(self, account_id: str, region_name: str) -> Emulator:
        return Emulator(self.clock, account_id, region_name)

    def _keys(self) -> tuple[str, str, str | None]:
        if self.account_id == HUB:
            return "testing", "testing", None
        role = f"arn:aws:iam::{self.account_id}:role/DRSOrchestrationRole"
        sts = make_client("sts", "us-east-1", "testing", "testing", None)
        keys = sts.assume_role(RoleArn=role, RoleSessionName="test")
        return (
            keys["Credentials"]["AccessKeyId"],
            keys["Credentials"]["SecretAccessKey"],
            keys["Credentials"]["SessionToken"],
        )


@cache
def make_client(
    service: str,
    region: str,
    key: str,
    secret: str,
    token: str | None,
) -> Any:
    client = SESSION.client(
        service,
        region_name=region,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token,
        config=Config(retries={"max_attempts": 0}),
    )
    client.meta.events.register("before-parse.drs", check_shape)
    return client


def check_shape(operation_model: Any, response_dict: Any, **_: Any) -> None:
    shape = operation_model.output_shape
    if response_dict["status_code"] >= 300 or not response_dict["body"]:
        return
    document = json.loads(response_dict["body"])
    for name, message in validation.violations(document, shape, "$"):
        if not _is_known(document, name):
            MISFITS.append(f"{operation_model.name} {name}: {message}")


def _is_known(document: Any, field_name: str) -> bool:
    value = document
    for part in field_name.replace("]", "").split(".")[1:]:
        name, *indexes = part.split("[")
        value = value[name]
        for index in indexes:
            value = value[int(index)]
    return value == KNOWN_EVENT or str(value).endswith(KNOWN_ENDING)


@pytest.fixture
def emulator(monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    """Give an empty emulator; every answer must fit the model's shape."""
    # moto spends a fifth of a second on images for each account and Region.
    monkeypatch.setenv("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")
    MISFITS.clear()
    drs.register()
    drs.reset(seed=0, profile=drs.LINUX)
    with time_machine.travel(START, tick=False) as clock, mock_aws():
        yield Emulator(clock)
    drs.reset()
    assert MISFITS == []
