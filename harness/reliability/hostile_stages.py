"""A world at some step of an execution, again and again.

What a Lambda is asked can only reach its code if the world holds what the
request speaks of: the record, the groups, the DRS job. So each good request
is one of a real execution, and meets the world as it was at that step.
"""

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import boto3

from harness import drs
from harness.cloud import moto_world
from harness.cloud.calls import AwsCall, NoAnswer
from harness.reliability.runs import Execution
from harness.reliability.scenes import CROSS_ACCOUNT, Scene, Tier
from harness.reliability.worlds import World

Document = dict[str, Any]

POLL_SECONDS = 30
# Searched for in everything that is logged and in every error.
EXTERNAL_ID = "external-id-of-nobody-else-7b1e4a53"
TASK_TOKEN = "AQCkAAAAKgAAAAMAAAAA-token-of-nobody-else-9d0e6a5f"
CREDENTIAL = "wJalrXUtnFEMI-credential-of-nobody-else-3f1a7be3"
SECRETS = (EXTERNAL_ID, TASK_TOKEN, CREDENTIAL)

_TIERS = (
    Tier(2, launch_config={"instanceType": "m5.large", "copyTags": True}),
    Tier(1, selects="group"),
    Tier(1, selects="wave", pause=True),
)
SCENES: Mapping[str, Scene] = {
    "hub": Scene(_TIERS),
    "target": Scene(
        _TIERS, {**CROSS_ACCOUNT, "externalId": EXTERNAL_ID}, is_drill=False
    ),
}
# Two polls a wave, two waves until the pause.
STEPS = (
    "begin",
    *["update_wave_status"] * 4,
    "store_task_token",
    "resume_wave",
    "update_wave_status",
)
ORCHESTRATIONS = (
    "dr-orchestration-stepfunction",
    "orchestration-stepfunctions",
)
_READING = ("Get", "Describe", "Assume", "Invoke", "Query", "List")


class StageFailedError(Exception):
    """The undisturbed execution itself went wrong."""

    def __init__(self, stage: "Stage", answer: object) -> None:
        self.stage = stage
        super().__init__(f"{stage}: {answer}")


@dataclass(frozen=True)
class Stage:
    """A moment of an undisturbed execution.

    Attributes:
        scene: Key of SCENES.
        step: How many of STEPS were taken before it.
    """

    scene: str
    step: int


@dataclass(frozen=True)
class GoodRequest:
    """What a Lambda is asked at a stage.

    Attributes:
        function: Folder of the Lambda.
    """

    function: str
    stage: Stage
    document: Document

    @property
    def name(self) -> str:
        """How lists call it."""
        stage = self.stage
        action = self.document["action"]
        return f"{self.function} {action} {stage.scene} {stage.step}"


class StagedWorld:
    """A world that can be put to any stage, at little cost.

    Attributes:
        event: What the state machine would send at the stage.
    """

    def __init__(self, world: World) -> None:
        """Forget what is in a world; nothing is there before a stage is."""
        self.world = world
        self._names = {
            function.folder: function.name
            for function in world.cloud.deployment.functions
        }
        world.cloud.reset(world.seed)
        world.cloud.on_call(_nobody_elsewhere)
        self._stage: Stage | None = None
        self._events: dict[Stage, Document] = {}

    @property
    def event(self) -> Document:
        """What the state machine would send at the stage."""
        assert self._stage is not None
        return copy.deepcopy(self._events[self._stage])

    @property
    def folders(self) -> dict[str, str]:
        """Folder of each Lambda, by its physical name."""
        return {name: folder for folder, name in self._names.items()}

    @property
    def execution_id(self) -> str:
        """Id of the execution that every stage is of."""
        return Execution(self.world, SCENES["hub"]).execution_id

    def function(self, folder: str) -> str:
        """Give the physical name of a Lambda."""
        return self._names[folder]

    def put(self, stage: Stage) -> None:
        """Put the world to a stage, unless it is just as it was there."""
        cloud = self.world.cloud
        was_written = any(map(_writes, cloud.calls))
        if stage != self._stage or was_written:
            self._stage = None
            self._begin_anew(SCENES[stage.scene])
            self._go_to(stage)
            self._stage = stage
        cloud.calls.clear()
        cloud.invocations.clear()

    def send(self, folder: str, payload: bytes) -> int:
        """Invoke a Lambda through the API; gives the HTTP status."""
        api = self.world.cloud.lambda_api
        name = self.function(folder)
        answer = api.invoke(name, payload, "RequestResponse")
        return int(answer.status_code)

    def _begin_anew(self, scene: Scene) -> None:
        """Make the scene, but keep the Lambdas' code and clients warm."""
        cloud = self.world.cloud
        moto_world.forget_data()
        drs.reset(self.world.seed, scene.profile)
        cloud.clock.restart()
        region = drs.region(scene.account, scene.region)
        region.initialize()
        for seed in scene.seeds().values():
            region.add_source_server(seed)
        for group in scene.groups().values():
            cloud.put_protection_group(group)
        Execution(self.world, scene).create()

    def _go_to(self, stage: Stage) -> None:
        event = SCENES[stage.scene].begin_event(self.execution_id)
        for step in range(stage.step):
            answer = self._step(replace(stage, step=step), event)
            event = _event_after(answer, STEPS[step + 1])
        self._wait_for(stage)
        self._events[stage] = event

    def _step(self, stage: Stage, event: Document) -> Document:
        self._wait_for(stage)
        name = self.function("orchestration-stepfunctions")
        invocation = self.world.cloud.invoke(name, event)
        answer: Document = invocation.json()
        if invocation.function_error or answer["status"] == "failed":
            raise StageFailedError(stage, answer)
        return answer

    def _wait_for(self, stage: Stage) -> None:
        if STEPS[stage.step] == "update_wave_status":
            self.world.cloud.clock.sleep(POLL_SECONDS)


def good_requests(staged: StagedWorld, stage: Stage) -> list[GoodRequest]:
    """Collect what the Lambdas are asked at a stage, and anyone may ask."""
    queries = _queries(stage) if stage.step == 0 else []
    return [*_requests_at(staged, stage), *queries]


def _requests_at(staged: StagedWorld, stage: Stage) -> Iterator[GoodRequest]:
    """Let the refactored orchestration take the step, and listen."""
    staged.put(stage)
    for folder in ORCHESTRATIONS:
        yield GoodRequest(folder, stage, staged.event)
    cloud = staged.world.cloud
    cloud.invoke(staged.function(ORCHESTRATIONS[0]), staged.event)
    for invocation in cloud.invocations:
        if invocation.caller is not None:
            folder = staged.folders[invocation.function]
            document = json.loads(invocation.request)
            yield GoodRequest(folder, stage, document)


def _queries(stage: Stage) -> list[GoodRequest]:
    scene = SCENES[stage.scene]
    query = {
        "action": "query_servers_by_tags",
        "region": scene.region,
        "tags": {"Tier": "tier-0"},
        "account_context": dict(scene.account_context),
    }
    versions: list[Document] = [{}, {"contract_version": "2"}]
    return [
        GoodRequest("query-handler", stage, {**query, **version})
        for version in versions
    ]


def _event_after(answer: Document, action: str) -> Document:
    # Keys that no version knows travel along, and may be secret as well.
    secret = {"credentials": {"secretAccessKey": CREDENTIAL}}
    event: Document = {"action": action, "application": {**answer, **secret}}
    if action == "store_task_token":
        event["taskToken"] = TASK_TOKEN
    return event


def _nobody_elsewhere(call: AwsCall) -> NoAnswer | None:
    """Let Regions that do not exist answer nothing; moto would break."""
    return None if call.region in _regions() else NoAnswer()


@cache
def _regions() -> frozenset[str]:
    return frozenset(boto3.Session().get_available_regions("ec2"))


def _writes(call: AwsCall) -> bool:
    return not call.operation.startswith(_READING)
