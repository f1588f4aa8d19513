"""An emulator in moto, at a time that only the test moves."""

from __future__ import annotations

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
from tests.unit.harness.drs.conformance.answers import Answer, misfits

if TYPE_CHECKING:
    from mypy_boto3_drs import DrsClient
    from mypy_boto3_drs.type_defs import JobTypeDef
    from mypy_boto3_ec2 import EC2Client

HUB = "123456789012"
START = datetime(2026, 1, 5, 10, tzinfo=UTC)

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
    client.meta.events.register("before-parse.drs", note_misfits)
    return client


def note_misfits(operation_model: Any, response_dict: Any, **_: Any) -> None:
    headers = response_dict["headers"]
    answer = Answer(
        status=response_dict["status_code"],
        headers={name.lower(): headers[name] for name in headers},
        body=response_dict["body"].decode(),
    )
    MISFITS.extend(misfits(operation_model, answer))


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
