"""An emulator in either mode, at a time that only the test moves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
import pytest
import time_machine
from botocore.config import Config
from botocore.model import OperationModel
from moto import mock_aws

from harness import drs
from harness.cloud import environment
from harness.drs import LINUX, EmulatorOptions, Profile
from tests.local_server import DrsOrch, Server
from tests.unit.harness.drs.conformance.answers import Answer, compare
from tests.unit.harness.drs.conformance.tally import (
    IN_PROCESS,
    MODES,
    OVER_HTTP,
)
from tests.unit.harness.drs.conformance.wire import Wire
from tests.unit.harness.drs.modes import (
    START,
    InProcess,
    OverHttp,
    Place,
    World,
)

if TYPE_CHECKING:
    from mypy_boto3_drs import DrsClient
    from mypy_boto3_drs.type_defs import JobTypeDef
    from mypy_boto3_ec2 import EC2Client

    from harness.drs.engine.records import Phase

HUB = "123456789012"

# Shared by all tests: a session loads the service models only once.
SESSION: Any = boto3.Session()


@dataclass(frozen=True)
class Misfits:
    """Listens to the answers of one mode and compares each with its shape."""

    mode: str
    found: list[str] = field(default_factory=list)

    def __call__(
        self, operation_model: OperationModel, response_dict: Any, **_: Any
    ) -> None:
        headers = response_dict["headers"]
        answer = Answer(
            status=response_dict["status_code"],
            headers={name.lower(): headers[name] for name in headers},
            body=response_dict["body"].decode(),
        )
        self.found.extend(compare(operation_model, answer, self.mode))


MISFITS = {mode: Misfits(mode) for mode in MODES}


@dataclass(frozen=True)
class Emulator:
    """What tests ask of one account and Region, in either mode."""

    world: World
    account_id: str = HUB
    region_name: str = "us-east-1"

    @property
    def place(self) -> Place:
        return Place(self.account_id, self.region_name)

    @property
    def region(self) -> drs.Region:
        """The records, for tests that are marked `in_process`."""
        assert isinstance(self.world, InProcess), "mark the test in_process"
        return self.world.region(self.place)

    @property
    def clock(self) -> time_machine.Traveller:
        return self.world.clock

    @property
    def drs(self) -> DrsClient:
        client: DrsClient = self.client("drs")
        return client

    @property
    def ec2(self) -> EC2Client:
        client: EC2Client = self.client("ec2")
        return client

    @property
    def wire(self) -> Wire:
        return Wire(self.drs, self.world.mode)

    def client(self, service: str, retries: int = 0) -> Any:
        caller = Caller(self.region_name, *self._keys())
        return make_client(service, caller, self.world.endpoint, retries)

    def initialize(self) -> None:
        self.drs.initialize_service()

    def add(self, hostname: str, **seed: Any) -> str:
        properties = drs.SourceServerSeed(hostname, **seed)
        return self.world.add(self.place, properties)

    def arn(self, server_id: str) -> str:
        place = f"{self.region_name}:{self.account_id}"
        return f"arn:aws:drs:{place}:source-server/{server_id}"

    def server(self, server_id: str) -> Any:
        filters: Any = {"sourceServerIDs": [server_id]}
        found = self.drs.describe_source_servers(filters=filters)
        return found["items"][0]

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
        self.world.advance(seconds)

    def restart(
        self,
        seed: int = 0,
        profile: Profile = LINUX,
        options: EmulatorOptions = EmulatorOptions(),
    ) -> None:
        """Begin a new world at the same time as the first one."""
        self.world.restart(seed, profile, options)

    def choose(self, **options: Any) -> None:
        """Begin a new world with other options."""
        self.restart(options=EmulatorOptions(**options))

    def inject(self, fault: drs.Fault) -> None:
        self.world.inject(fault)

    def withdraw(self, fault: drs.Fault) -> None:
        self.world.withdraw(fault)

    def fail(self, server_id: str, phase: Phase) -> None:
        """Let the launches of a server fail until it is mended."""
        self.inject(drs.FailAt(server_id, phase))

    def mend(self, server_id: str) -> None:
        for fault in self.world.faults():
            if isinstance(fault, drs.FailAt) and fault.server_id == server_id:
                self.withdraw(fault)

    def trust(self, *account_ids: str) -> None:
        """Let only these accounts extend the servers of this one."""
        self.world.trust(self.place, *account_ids)

    def within(self, account_id: str, region_name: str) -> Emulator:
        return Emulator(self.world, account_id, region_name)

    def _keys(self) -> tuple[str, str, str | None]:
        if self.account_id == HUB:
            return "testing", "testing", None
        role = f"arn:aws:iam::{self.account_id}:role/DRSOrchestrationRole"
        hub = Emulator(self.world).client("sts")
        keys = hub.assume_role(RoleArn=role, RoleSessionName="test")
        return (
            keys["Credentials"]["AccessKeyId"],
            keys["Credentials"]["SecretAccessKey"],
            keys["Credentials"]["SessionToken"],
        )


@dataclass(frozen=True)
class Caller:
    """Region and credentials of a client."""

    region: str
    key: str
    secret: str
    token: str | None


@cache
def make_client(
    service: str, caller: Caller, endpoint: str | None, retries: int
) -> Any:
    client = SESSION.client(
        service,
        region_name=caller.region,
        aws_access_key_id=caller.key,
        aws_secret_access_key=caller.secret,
        aws_session_token=caller.token,
        endpoint_url=endpoint,
        config=Config(
            retries={"max_attempts": retries, "mode": "legacy"},
            read_timeout=30,
        ),
    )
    mode = OVER_HTTP if endpoint else IN_PROCESS
    client.meta.events.register("before-parse.drs", MISFITS[mode])
    return client


@contextmanager
def entered(mode: str, request: pytest.FixtureRequest) -> Iterator[Emulator]:
    """Enter an empty emulator, at a time that only the test moves."""
    enter = _over_http if mode == OVER_HTTP else _in_process
    with enter(request) as world:
        emulator = Emulator(world)
        emulator.restart()
        yield emulator


@contextmanager
def _over_http(request: pytest.FixtureRequest) -> Iterator[World]:
    server = request.getfixturevalue("server")
    with time_machine.travel(START, tick=False) as clock:
        yield OverHttp(clock, server)


@contextmanager
def _in_process(request: pytest.FixtureRequest) -> Iterator[World]:
    drs.register()
    # Fixtures of a module come before those that hide the environment.
    with environment.applied(environment.sandbox()):
        with time_machine.travel(START, tick=False) as clock, mock_aws():
            yield InProcess(clock)
    drs.reset()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test in both modes, unless it says why in one only."""
    if "mode" in metafunc.fixturenames:
        alone = metafunc.definition.get_closest_marker("in_process")
        assert alone is None or alone.args, "in_process needs a reason"
        modes = [IN_PROCESS] if alone else MODES
        metafunc.parametrize("mode", modes, scope="module")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Start one server for all tests over HTTP of this process."""
    orch = DrsOrch(tmp_path_factory.mktemp("runtime"))
    start = f"{START:%Y-%m-%dT%H:%M:%SZ}"
    with orch.up("--speed", "0", "--start", start) as server:
        yield server


@pytest.fixture
def emulator(mode: str, request: pytest.FixtureRequest) -> Iterator[Emulator]:
    """Give an empty emulator; every answer must fit the model's shape."""
    checks = MISFITS[mode]
    checks.found.clear()
    with entered(mode, request) as emulator:
        yield emulator
    assert checks.found == []
