"""Scenes: plans with their servers and groups, as plain data."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from harness import drs
from harness.cloud.functions import DEFAULT_REGION, HUB_ACCOUNT
from harness.cloud.tables import Item

TARGET = "210987654321"
CROSS_ACCOUNT: Mapping[str, Any] = {
    "accountId": TARGET,
    "assumeRoleName": "DRSOrchestrationRole",
    "externalId": "drs-orchestration-cross-account",
    "isCurrentAccount": False,
}
PLAN_ID = "c0ffee00-1111-4222-8333-444455556666"
PLAN_NAME = "Reliability"

Phase = Literal["snapshot", "conversion", "launch"]

# Two polls a wave: one finds it under way, one complete.
TWO_POLLS = drs.Profile(
    name="two polls", conversion=drs.Span(25, 25), launch=drs.Span(20, 20)
)


@dataclass(frozen=True)
class Tier:
    """A wave of a plan, with a protection group of its own.

    Attributes:
        servers: How many source servers there are for it.
        selects: Who names them: the group's tags, the group's list, or the
            wave itself.
        pause: Whether a person must approve it.
        fails: Phase at which its first server fails, None for none.
        group: Number of its protection group, None for its own number.
        launch_config: The group's, None for none.
        also: Servers of other tiers or scenes that it recovers as well;
            they are named by the group's list or the wave.
    """

    servers: int = 1
    selects: Literal["tags", "group", "wave"] = "tags"
    pause: bool = False
    fails: Phase | None = None
    group: int | None = None
    launch_config: Mapping[str, Any] | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scene:
    """A plan and the world it is carried out in.

    Attributes:
        account_context: Whose servers are recovered, as in the API.
        profile: How long DRS jobs take.
    """

    tiers: tuple[Tier, ...]
    account_context: Mapping[str, Any] = field(default_factory=dict)
    region: str = DEFAULT_REGION
    is_drill: bool = True
    profile: drs.Profile = TWO_POLLS

    @property
    def account(self) -> str:
        """The account whose servers are recovered."""
        return str(self.account_context.get("accountId", HUB_ACCOUNT))

    def server_ids(self, number: int) -> tuple[str, ...]:
        """Name the source servers of a wave."""
        return (*self._own_ids(number), *self.tiers[number].also)

    def groups(self) -> dict[int, Item]:
        """Make the protection groups, by their numbers."""
        return {
            self._group_of(number): self._group(number)
            for number in range(len(self.tiers))
        }

    def document(self, execution_id: str) -> dict[str, Any]:
        """Build the state machine's input."""
        return {
            "Execution": {"Id": execution_id},
            "Plan": {
                "planId": PLAN_ID,
                "planName": PLAN_NAME,
                "waves": [self._wave(n) for n in range(len(self.tiers))],
            },
            "isDrill": self.is_drill,
            "accountContext": dict(self.account_context),
        }

    def begin_event(self, execution_id: str) -> dict[str, Any]:
        """Build the first event that the state machine makes of it."""
        document = self.document(execution_id)
        return {
            "action": "begin",
            "execution": document["Execution"]["Id"],
            "plan": document["Plan"],
            "isDrill": document["isDrill"],
            "accountContext": document["accountContext"],
        }

    def seeds(self) -> dict[str, drs.SourceServerSeed]:
        """Make the source servers that there are at first, by id."""
        return {
            each: drs.SourceServerSeed(
                hostname=f"host-{self._group_of(number)}-{index}",
                server_id=each,
                tags={"Tier": f"tier-{self._group_of(number)}"},
                fail_at=None if index else tier.fails,
            )
            for number, tier in enumerate(self.tiers)
            for index, each in enumerate(self._own_ids(number))
        }

    def _own_ids(self, number: int) -> list[str]:
        group, count = self._group_of(number), self.tiers[number].servers
        return [server_id(group, server) for server in range(count)]

    def _group_of(self, number: int) -> int:
        named = self.tiers[number].group
        return number if named is None else named

    def _group(self, number: int) -> dict[str, Any]:
        tier, group = self.tiers[number], self._group_of(number)
        by_tags = tier.selects == "tags"
        made: dict[str, Any] = {
            "groupId": group_id(group),
            "groupName": f"group-{group}",
            "region": self.region,
            # Read without regard to case and surrounding space.
            "serverSelectionTags": (
                {"tier": f" Tier-{group}"} if by_tags else {}
            ),
            "sourceServerIds": (
                list(self.server_ids(number))
                if tier.selects == "group"
                else []
            ),
        }
        if tier.launch_config:
            made["launchConfig"] = dict(tier.launch_config)
        return made

    def _wave(self, number: int) -> dict[str, Any]:
        tier = self.tiers[number]
        wave: dict[str, Any] = {
            "waveNumber": number,
            "waveName": f"Tier {number}",
            "protectionGroupId": group_id(self._group_of(number)),
            "pauseBeforeWave": tier.pause,
        }
        if tier.selects == "wave":
            wave["serverIds"] = list(self.server_ids(number))
        return wave


def server_id(group: int, server: int) -> str:
    """Name a source server of a group."""
    return f"s-{group:08d}{server:09d}"


def group_id(number: int) -> str:
    """Name a protection group."""
    return str(uuid.UUID(int=number + 1, version=4))
