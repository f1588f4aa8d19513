"""Set the world of a recorded execution up, as its payloads tell of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from harness import drs
from harness.cloud.functions import HUB_ACCOUNT
from harness.cloud.local_cloud import LocalCloud
from harness.cloud.operator import Operator

# A job that the record never saw end.
NEVER = 10 * 365 * 86400.0
_PHASES = (
    "job_start",
    "first_step",
    "stagger",
    "snapshot",
    "wait",
    "conversion",
    "launch_gap",
    "launch",
    "job_end",
)


@dataclass(frozen=True)
class RecordedServer:
    """A source server that a recorded state names.

    Attributes:
        fails: Whether the record says that its launch failed.
    """

    server_id: str
    region: str
    hostname: str
    instance_type: str = "t3.medium"
    fails: bool = False


@dataclass(frozen=True)
class RecordedSetup:
    """What must have been there before a recorded execution began.

    Attributes:
        waves: The plan's waves, as recorded.
        groups: Protection groups: id, Region and ids of their servers.
        seed: Every id that AWS makes up follows from it.
    """

    execution_id: str
    plan_id: str
    plan_name: str
    is_drill: bool
    waves: tuple[Mapping[str, Any], ...]
    account_context: Mapping[str, Any]
    groups: tuple[tuple[str, str, tuple[str, ...]], ...]
    servers: tuple[RecordedServer, ...]
    seed: int = 0

    @property
    def account(self) -> str:
        """Tell whose servers are recovered."""
        context = self.account_context
        # As the Lambdas read it: absent means the hub's own.
        is_hub = context.get("isCurrentAccount", True)
        return HUB_ACCOUNT if is_hub else str(context["accountId"])


class RecordedStage:
    """The world of a recorded execution.

    Attributes:
        account: Whose servers are recovered.
    """

    def __init__(self, cloud: LocalCloud, setup: RecordedSetup) -> None:
        """Set up what the record names."""
        self._cloud = cloud
        self._recorded = setup
        self.account = setup.account
        drs.reset(setup.seed, drs.LINUX)
        for region in self.regions():
            region.initialize()
        for server in setup.servers:
            self._add(server)
        for group_id, region_name, servers in setup.groups:
            cloud.put_protection_group(_group(group_id, region_name, servers))
        self.operator.create(setup.plan_name, setup.is_drill, len(setup.waves))

    @property
    def operator(self) -> Operator:
        """The person who watched over the execution."""
        recorded = self._recorded
        return self._cloud.operator(recorded.execution_id, recorded.plan_id)

    def begin_event(self) -> dict[str, Any]:
        """Make the state machine's first event."""
        recorded = self._recorded
        return {
            "action": "begin",
            "execution": recorded.execution_id,
            "plan": {
                "planId": recorded.plan_id,
                "planName": recorded.plan_name,
                "waves": [dict(wave) for wave in recorded.waves],
            },
            "isDrill": recorded.is_drill,
            "accountContext": dict(recorded.account_context),
        }

    def regions(self) -> list[drs.Region]:
        """List the Regions that the record names."""
        names = [region for _, region, _ in self._recorded.groups]
        names += [server.region for server in self._recorded.servers]
        return [drs.region(self.account, name) for name in sorted(set(names))]

    def _add(self, server: RecordedServer) -> None:
        drs.region(self.account, server.region).add_source_server(
            drs.SourceServerSeed(
                hostname=server.hostname,
                server_id=server.server_id,
                instance_type=server.instance_type,
                fail_at="launch" if server.fails else None,
            )
        )


def pace_jobs(regions: Iterable[drs.Region], seconds: float) -> None:
    """Make the DRS jobs that begin from now on take so long.

    The phases keep the proportions that were measured on real Linux servers.
    """
    for region in regions:
        profile = _profile(seconds)
        region.settings = replace(region.settings, profile=profile)


def job_seconds(launched: float) -> float:
    """Tell how long a job takes, by when its instances came up.

    Args:
        launched: Seconds from the job's beginning.
    """
    return launched * _whole() / (_whole() - _middle("job_end"))


def _profile(seconds: float) -> drs.Profile:
    factor = seconds / _whole()
    spans: dict[str, Any] = {
        name: drs.Span(*[_middle(name) * factor] * 2) for name in _PHASES
    }
    return drs.Profile(name="recorded", **spans)


def _whole() -> float:
    return sum(map(_middle, _PHASES))


def _middle(phase: str) -> float:
    return float(sum(getattr(drs.LINUX, phase)) / 2)


def _group(
    group_id: str, region: str, servers: tuple[str, ...]
) -> dict[str, Any]:
    return {
        "groupId": group_id,
        "groupName": f"group of {', '.join(servers) or 'no servers'}",
        "region": region,
        "serverSelectionTags": {},
        "sourceServerIds": list(servers),
    }
