"""Recoveries for tests: a plan in a local cloud, and its execution."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from harness import drs
from harness.cloud.executions import PAUSED
from harness.cloud.local_cloud import LocalCloud
from harness.cloud.operator import Operator
from harness.cloud.tables import Item

HUB = "123456789012"
TARGET = "210987654321"
REGION = "us-east-1"
EXECUTION_ID = "0d9f2b1c-7b1e-4a53-9d0e-6a5f4c3b2a19"
PLAN_ID = "c0ffee00-1111-4222-8333-444455556666"
CROSS_ACCOUNT = {
    "accountId": TARGET,
    "assumeRoleName": "DRSOrchestrationRole",
    "externalId": "drs-orchestration-cross-account",
    "isCurrentAccount": False,
}

ACTIVE = {
    "PENDING",
    "RUNNING",
    "POLLING",
    "PAUSED",
    "PAUSE_PENDING",
    "CANCELLING",
}

# Three to four polls a wave: enough to see every phase.
SHORT = drs.Profile(
    name="short",
    job_start=drs.Span(0.3, 0.3),
    snapshot=drs.Span(1, 1),
    wait=drs.Span(4, 4),
    conversion=drs.Span(35, 35),
    launch=drs.Span(40, 40),
    launch_variation=drs.Span(0, 60),
    job_end=drs.Span(2, 2),
)


@dataclass(frozen=True)
class Wave:
    """A wave of a test's plan, with a protection group of its own.

    Attributes:
        servers: How many source servers there are for it.
        by_tags: Whether the group finds them by their tags.
        pause: Whether a person must approve it.
        fails: Phase at which its first server fails, None for none.
        group: False leaves the protection group out of the table.
        launch_config: The group's, None for none.
    """

    servers: int = 1
    by_tags: bool = True
    pause: bool = False
    fails: str | None = None
    group: bool = True
    launch_config: Mapping[str, Any] | None = None


@dataclass
class Recovery:
    """One execution of a plan in a local cloud."""

    cloud: LocalCloud
    waves: tuple[Wave, ...]
    account_context: Mapping[str, Any] = field(default_factory=dict)
    region: str = REGION
    is_drill: bool = True
    arn: str = ""

    @property
    def account(self) -> str:
        """The account whose servers are recovered."""
        return str(self.account_context.get("accountId", HUB))

    @property
    def operator(self) -> Operator:
        """The person who watches over the execution."""
        return self.cloud.operator(EXECUTION_ID, PLAN_ID)

    def prepare(self) -> "Recovery":
        """Make servers, groups and the execution's record."""
        for number, wave in enumerate(self.waves):
            self._add_servers(number, wave)
            if wave.group:
                self.cloud.put_protection_group(self._group(number, wave))
        name = "Test plan"
        self.operator.create(name, self.is_drill, len(self.waves))
        return self

    def start(self) -> "Recovery":
        """Start the state machine."""
        self.arn = self.cloud.start_execution(EXECUTION_ID, self.document())
        return self

    def wait(self) -> str:
        """Wait for an end or a pause; an end leaves nothing open."""
        status = self.cloud.wait(self.arn)
        if status != PAUSED:
            assert self.history()["status"] not in ACTIVE
            assert "taskToken" not in self.history()
            assert self.history()["endTime"] > 0
        return status

    def run(self) -> str:
        """Prepare, start and wait."""
        return self.prepare().start().wait()

    def run_approved(self) -> str:
        """Prepare, start, approve every wave that waits, wait for the end."""
        status = self.run()
        while status == PAUSED:
            self.operator.resume()
            status = self.wait()
        return status

    def document(self) -> dict[str, Any]:
        """Build the state machine's input."""
        return {
            "Execution": {"Id": EXECUTION_ID},
            "Plan": {
                "planId": PLAN_ID,
                "planName": "Test plan",
                "waves": [self._wave(n, w) for n, w in enumerate(self.waves)],
            },
            "isDrill": self.is_drill,
            "accountContext": dict(self.account_context),
        }

    def history(self) -> Item:
        """Read the execution's record."""
        return self.cloud.history_item(EXECUTION_ID, PLAN_ID) or {}

    def final_state(self) -> dict[str, Any]:
        """Read the state that the last state of the machine was given."""
        entered = [
            transition
            for transition in self.cloud.transitions(self.arn)
            if transition.kind.endswith("StateEntered")
        ]
        state: dict[str, Any] = entered[-1].data
        return state

    def states(self) -> list[str]:
        """List the states that were entered, in order."""
        return [
            transition.state
            for transition in self.cloud.transitions(self.arn)
            if transition.kind.endswith("StateEntered")
        ]

    def jobs(self) -> list[str]:
        """List the DRS jobs there are, in the order of their start."""
        return list(drs.region(self.account, self.region).jobs)

    def recorded_jobs(self) -> list[str]:
        """List the jobs in the execution's record."""
        waves = self.history()["waves"]
        return [wave["jobId"] for wave in waves if wave.get("jobId")]

    def server_id(self, wave: int, server: int = 0) -> str:
        """Name a source server."""
        return f"s-{wave:08d}{server:09d}"

    def _add_servers(self, number: int, wave: Wave) -> None:
        region = drs.region(self.account, self.region)
        region.initialize()
        for server in range(wave.servers):
            region.add_source_server(
                drs.SourceServerSeed(
                    hostname=f"host-{number}-{server}",
                    server_id=self.server_id(number, server),
                    tags={"Tier": f"tier-{number}"},
                    fail_at=None if server else wave.fails,  # type: ignore
                )
            )

    def _group(self, number: int, wave: Wave) -> dict[str, Any]:
        ids = [self.server_id(number, n) for n in range(wave.servers)]
        tags = {"tier": f" Tier-{number}"}
        return {
            "groupId": group_id(number),
            "groupName": f"group-{number}",
            "region": self.region,
            "serverSelectionTags": tags if wave.by_tags else {},
            "sourceServerIds": [] if wave.by_tags else ids,
            **(
                {"launchConfig": dict(wave.launch_config)}
                if wave.launch_config
                else {}
            ),
        }

    def _wave(self, number: int, wave: Wave) -> dict[str, Any]:
        return {
            "waveNumber": number,
            "waveName": f"Tier {number}",
            "protectionGroupId": group_id(number),
            "pauseBeforeWave": wave.pause,
        }


def group_id(number: int) -> str:
    """Name a protection group."""
    return str(uuid.UUID(int=number + 1, version=4))
