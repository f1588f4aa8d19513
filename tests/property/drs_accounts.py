"""One account's DRS without moto: requests, a clock, and a small EC2."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from typing import Any
from urllib.parse import parse_qs, urlsplit

from botocore.model import OperationModel

from harness import drs
from harness.drs.engine.compute import (
    InstanceOrder,
    LaunchedInstance,
    LaunchRefusedError,
    LaunchTemplate,
    TemplateOrder,
    TerminationRefusedError,
)
from harness.drs.engine.fault_effects import ResponseLostError
from harness.drs.engine.region import Settings
from harness.drs.engine.wire import model
from harness.drs.engine.wire.requests import Request
from harness.drs.engine.world import World
from tests.property.drs_histories import (
    Forgotten,
    History,
    JobSeen,
    Logged,
    Seen,
    Started,
    Vanished,
)
from tests.unit.harness.drs.conformance.answers import Answer, compare
from tests.unit.harness.drs.conformance.tally import IN_PROCESS
from tests.unit.harness.drs.conformance.wire import render

HUB = "123456789012"
REGION = "us-east-1"
START = datetime(2026, 1, 5, 10, tzinfo=UTC)


class SmallCompute:
    """An EC2 that launches and terminates, unless it is told to refuse."""

    def __init__(self) -> None:
        self.running: set[str] = set()
        self.refuses_launches = False
        self.refuses_terminations = False
        self._templates: dict[str, TemplateOrder] = {}
        self._numbers = count(1)

    def create_template(self, order: TemplateOrder) -> str:
        template_id = f"lt-{next(self._numbers):017x}"
        self._templates[template_id] = order
        return template_id

    def template(self, template_id: str) -> LaunchTemplate:
        order = self._templates[template_id]
        return LaunchTemplate(template_id, 1, order.image_id)

    def revise_template(self, template_id: str, private_ip: str | None) -> int:
        return 2

    def delete_template(self, template_id: str) -> None:
        self._templates.pop(template_id, None)

    def run(self, order: InstanceOrder) -> LaunchedInstance:
        if self.refuses_launches:
            raise LaunchRefusedError("InsufficientInstanceCapacity")
        instance_id = f"i-{Random(order.key).getrandbits(68):017x}"
        self.running.add(instance_id)
        return LaunchedInstance(instance_id, None)

    def terminate(self, instance_id: str) -> None:
        if self.refuses_terminations:
            raise TerminationRefusedError("OperationNotPermitted")
        self.running.discard(instance_id)

    def states(self, instance_ids: Iterable[str]) -> Mapping[str, str]:
        return {
            each: "running" if each in self.running else "terminated"
            for each in instance_ids
        }


class Account:
    """DRS of one account and Region, and all that was seen of it."""

    def __init__(self, options: drs.EmulatorOptions, seed: int = 0) -> None:
        self.now = START
        self.compute = SmallCompute()
        self.history: History = []
        self.last_look = Seen()
        self.world = World(
            lambda *_: self.compute,
            Settings(seed, drs.LINUX, options, lambda: self.now),
        )
        self.world.subscribe(self._note)
        self.region = self.world.region(HUB, REGION)

    def request(self, operation: str, **members: Any) -> Answer:
        """Send a request; the answer must fit its shape."""
        shape = model.service().operation_model(operation)
        answer = self._send(shape, members)
        problems = compare(shape, answer, IN_PROCESS)
        assert problems == [], problems
        return answer

    def items(self, operation: str, **members: Any) -> list[Any]:
        """List all items, page by page."""
        found: list[Any] = []
        token: dict[str, str] = {}
        while True:
            answer = self.request(operation, **members, **token).document
            found += answer["items"]
            if "nextToken" not in answer:
                return found
            token = {"nextToken": answer["nextToken"]}

    def start(self, server_ids: list[str], drill: bool = True) -> Answer:
        """Start a drill or recovery."""
        answer = self.request(
            "StartRecovery",
            isDrill=drill,
            sourceServers=[{"sourceServerID": each} for each in server_ids],
        )
        return self._started(answer, dict.fromkeys(server_ids))

    def start_unheard(self, server_ids: list[str]) -> bool:
        """Start a drill whose answer is lost; an error is heard."""
        fault = drs.LostResponse()
        before = set(self.region.jobs)
        self.world.inject(fault)
        try:
            self.start(server_ids)
        except ResponseLostError:
            (job_id,) = set(self.region.jobs) - before
            self.history.append(Started(job_id, dict.fromkeys(server_ids)))
            return False
        self.world.withdraw(fault)
        return True

    def terminate(self, instance_ids: list[str]) -> Answer:
        """Start to terminate recovery instances."""
        servers = self._seen().instances
        answer = self.request(
            "TerminateRecoveryInstances", recoveryInstanceIDs=instance_ids
        )
        targets = {servers.get(each, ""): each for each in instance_ids}
        return self._started(answer, targets)

    def forget(self, instance_id: str) -> None:
        """Disconnect a recovery instance and delete its record."""
        name = {"recoveryInstanceID": instance_id}
        self.request("DisconnectRecoveryInstance", **name)
        if self.request("DeleteRecoveryInstance", **name).code is None:
            self.history.append(Forgotten(instance_id))

    def lose(self, instance_id: str) -> None:
        """Terminate an instance in EC2, behind the back of DRS."""
        self.catch_up()
        self.compute.running.discard(instance_id)
        self.history.append(Vanished(instance_id))

    def catch_up(self) -> None:
        """Let happen what is due."""
        self.world.advance_to(self.now)

    def wait(self, seconds: float) -> None:
        """Let time pass; nothing happens until somebody asks."""
        self.now += timedelta(seconds=seconds)

    def step(self, seconds: float) -> None:
        """Let time pass and look after every single event on the way."""
        end = self.now + timedelta(seconds=seconds)
        while (at := self.world.next_event_at()) and at <= end:
            self.now = at
            self.catch_up()
            self.look()
        self.now = end

    def look(self) -> None:
        """Note everything there is to see."""
        self.last_look = self._seen()
        self.history.append(self.last_look)

    def _seen(self) -> Seen:
        servers = self.items("DescribeSourceServers")
        instances = self.items("DescribeRecoveryInstances")
        return Seen(
            jobs=tuple(map(_job, self.items("DescribeJobs"))),
            instances={
                each["recoveryInstanceID"]: each["sourceServerID"]
                for each in instances
            },
            latest={
                each["sourceServerID"]: each["recoveryInstanceId"]
                for each in servers
                if "recoveryInstanceId" in each
            },
            running=frozenset(self.compute.running),
        )

    def _send(self, shape: OperationModel, members: Any) -> Answer:
        raw = render(shape, members)
        url = urlsplit(raw.path)
        request = Request(raw.method, url.path, parse_qs(url.query), raw.body)
        answer = self.world.answer(HUB, REGION, request)
        return Answer(answer.status, answer.headers, answer.body)

    def _started(
        self, answer: Answer, targets: Mapping[str, str | None]
    ) -> Answer:
        if answer.code is None:
            job_id = answer.document["job"]["jobID"]
            self.history.append(Started(job_id, targets))
        return answer

    def _note(self, event: drs.JobEvent) -> None:
        self.history.append(
            Logged(
                at=event.at,
                job_id=event.job_id,
                event=event.event,
                server_id=event.source_server_id,
                instance_id=event.data.get("targetInstanceID"),
            )
        )


def _job(item: Any) -> JobSeen:
    servers = {
        each["sourceServerID"]: each["launchStatus"]
        for each in item["participatingServers"]
    }
    ended = item.get("endDateTime")
    return JobSeen(
        item["jobID"],
        item["status"],
        servers,
        datetime.fromisoformat(ended) if ended else None,
    )
