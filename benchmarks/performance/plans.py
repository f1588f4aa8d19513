"""Plans of any size, and a local cloud in which they were carried out."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness import drs
from harness.cloud.local_cloud import LocalCloud, LocalCloudSettings
from harness.cloud.project import Orchestration
from harness.drill import items, seeding
from harness.drill.orders import Order
from harness.plans.plan import (
    DEFAULT_REGION,
    HUB_ACCOUNT_ID,
    Account,
    Network,
    Plan,
    ProtectionGroup,
    SourceServer,
    Wave,
)

# The candidate is what replaces the reference.
SIDES: Mapping[str, Orchestration] = {
    "reference": "reference",
    "candidate": "refactored",
}
# Five calls for each server that has never been configured.
LAUNCH_CONFIG = {
    "instanceType": "t3.large",
    "copyTags": True,
    "targetInstanceTypeRightSizingMethod": "NONE",
}
_LIMIT = 900.0


@dataclass(frozen=True)
class Size:
    """How large a plan is.

    Attributes:
        servers: Of each wave.
        is_configured: Whether the groups have a launch configuration.
        profile: How long DRS takes.
    """

    waves: int
    servers: int
    is_configured: bool = True
    profile: str = "linux"

    @property
    def server_ids(self) -> list[str]:
        """Give the ids of all servers, wave by wave."""
        return [
            _server_id(wave, number)
            for wave in range(self.waves)
            for number in range(self.servers)
        ]


def order(size: Size, seed: int = 0) -> Order:
    """Order a drill of a plan whose groups find their servers by tags.

    Args:
        seed: The execution's id follows from it.
    """
    numbers = range(size.waves)
    hub = Account(HUB_ACCOUNT_ID, "hub")
    plan = Plan(
        path=Path("benchmark.yaml"),
        plan_id="c0ffee00-1111-4222-8333-444455556666",
        name="Benchmark",
        description="",
        expect="completed",
        approval_minutes=0,
        recovery_account=hub,
        accounts=(hub,),
        network=Network(),
        servers=tuple(
            _server(wave, number)
            for wave in numbers
            for number in range(size.servers)
        ),
        groups=tuple(_group(number, size.is_configured) for number in numbers),
        waves=tuple(_wave(number) for number in numbers),
        throttles=(),
    )
    return Order(plan, seed=seed)


@contextmanager
def cloud(
    size: Size, side: str, packages: Path | None = None
) -> Iterator[LocalCloud]:
    """Enter a cloud that holds a plan's servers and groups.

    Args:
        side: Whose orchestration the state machine calls.
        packages: Folder of zips to run; None runs the sources.
    """
    settings = LocalCloudSettings(
        orchestration=SIDES[side],
        profile=drs.PROFILES[size.profile],
        limit=_LIMIT,
        packages=packages,
    )
    with LocalCloud(settings) as entered:
        seeding.seed(entered, order(size))
        yield entered


def carry_out(entered: LocalCloud, size: Size, seed: int = 0) -> str:
    """Execute the plan to its end; another seed is another execution.

    Returns:
        The execution's ARN.

    Raises:
        UnexpectedEndError: The plan was not completed.
    """
    ordered = order(size, seed)
    if seed:
        place = seeding.own_place(entered)
        seeding.seed_execution(entered, ordered, place)
    plan = ordered.plan
    arn = entered.start_execution(
        items.execution_id(plan, seed), items.execution_input(plan, seed, True)
    )
    status = entered.wait(arn)
    key = items.execution_id(plan, seed), plan.plan_id
    item = entered.history_item(*key) or {}
    if (status, item.get("status")) != ("SUCCEEDED", "COMPLETED"):
        raise UnexpectedEndError(status, item.get("errorMessage"))
    return arn


class UnexpectedEndError(Exception):
    """A plan that should have been completed was not."""

    def __init__(self, status: str, reason: Any) -> None:
        super().__init__(f"The execution ended {status}: {reason}")


def _server(wave: int, number: int) -> SourceServer:
    return SourceServer(
        server_id=_server_id(wave, number),
        hostname=f"host-{wave}-{number}",
        account_id=HUB_ACCOUNT_ID,
        region=DEFAULT_REGION,
        tags=tags_of(wave),
    )


def tags_of(wave: int) -> dict[str, str]:
    """Give the tags of a wave's servers, beside which others have more."""
    return {"Application": "shop", "Wave": str(wave), "Owner": "operations"}


def _group(wave: int, is_configured: bool) -> ProtectionGroup:
    return ProtectionGroup(
        group_id=_group_id(wave),
        group_name=f"group-{wave}",
        region=DEFAULT_REGION,
        tags={"application": "shop", "wave": str(wave)},
        server_ids=(),
        launch_config=LAUNCH_CONFIG if is_configured else None,
        overrides=(),
    )


def _wave(number: int) -> Wave:
    return Wave(f"Wave {number + 1}", "", _group_id(number), None, False)


def _server_id(wave: int, number: int) -> str:
    return f"s-{wave:08d}{number:09d}"


def _group_id(wave: int) -> str:
    return f"5f0c6d8e-5a0b-4a52-9a55-{wave:012x}"
