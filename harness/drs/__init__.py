"""An emulator of AWS Elastic Disaster Recovery that plugs into moto.

    with drs.mock_drs() as world:
        server_id = world.add_source_server("web-1")
        boto3.client("drs", "us-east-1").start_recovery(...)
        world.advance(600)

The README of this room lists what is simulated and every choice.
"""

from collections.abc import Callable
from datetime import datetime

from harness.drs.engine.answer_options import (
    FailbackStates,
    ListingOptions,
    MachineOptions,
)
from harness.drs.engine.compute import Compute
from harness.drs.engine.document_schemas import schema_of
from harness.drs.engine.documents import (
    DocumentError,
    document_of,
    record_from,
)
from harness.drs.engine.error_options import (
    ErrorCodes,
    ErrorOptions,
    ResourceTypes,
)
from harness.drs.engine.fault_documents import FaultError, fault_from
from harness.drs.engine.fault_effects import is_declared
from harness.drs.engine.faults import (
    ApiDenied,
    ApiError,
    Busy,
    CallerDenied,
    Eventual,
    ExtensionError,
    FailAt,
    Fault,
    Faults,
    InstanceVanishes,
    InternalError,
    LaunchActionFails,
    LostResponse,
    PageSize,
    QuotaLimit,
    RateLimit,
    ReplicationState,
    Throttle,
    TimeFormat,
    Uninitialized,
    UnknownEvent,
    UnlockDelay,
)
from harness.drs.engine.job_options import (
    JobOptions,
    LaunchActionOptions,
    SnapshotOptions,
)
from harness.drs.engine.options import (
    EmulatorOptions,
    ErrorTexts,
    FailureTexts,
    LaunchConfiguration,
    Quotas,
)
from harness.drs.engine.profiles import (
    INSTANT,
    LINUX,
    PROFILES,
    WINDOWS,
    Profile,
    Span,
)
from harness.drs.engine.records import JobEvent, SourceServerSeed
from harness.drs.engine.recovery_plan_options import (
    RecoveryPlanErrorCodes,
    RecoveryPlanIds,
    RecoveryPlanOptions,
    RecoveryPlanTexts,
)
from harness.drs.engine.region import Listener, Region, Settings, utc_now
from harness.drs.engine.request_texts import RequestTexts
from harness.drs.engine.seeding import (
    SourceServerExistsError,
    SourceServerIdError,
    UnknownSourceServerError,
)
from harness.drs.engine.world import World
from harness.drs.mock import mock_drs

__all__ = [
    "INSTANT",
    "LINUX",
    "PROFILES",
    "WINDOWS",
    "ApiDenied",
    "ApiError",
    "Busy",
    "CallerDenied",
    "DocumentError",
    "EmulatorOptions",
    "ErrorCodes",
    "ErrorOptions",
    "ErrorTexts",
    "Eventual",
    "ExtensionError",
    "FailAt",
    "FailbackStates",
    "FailureTexts",
    "Fault",
    "FaultError",
    "Faults",
    "InstanceVanishes",
    "InternalError",
    "JobEvent",
    "JobOptions",
    "LaunchActionFails",
    "LaunchActionOptions",
    "LaunchConfiguration",
    "ListingOptions",
    "LostResponse",
    "MachineOptions",
    "PageSize",
    "Profile",
    "QuotaLimit",
    "RateLimit",
    "Quotas",
    "RecoveryPlanErrorCodes",
    "RecoveryPlanIds",
    "RecoveryPlanOptions",
    "RecoveryPlanTexts",
    "Region",
    "ReplicationState",
    "RequestTexts",
    "ResourceTypes",
    "SnapshotOptions",
    "SourceServerExistsError",
    "SourceServerIdError",
    "SourceServerSeed",
    "Span",
    "Throttle",
    "TimeFormat",
    "Uninitialized",
    "UnknownEvent",
    "UnknownSourceServerError",
    "UnlockDelay",
    "advance_to",
    "choose",
    "document_of",
    "fault_from",
    "faults",
    "inject",
    "is_declared",
    "mock_drs",
    "next_event_at",
    "record_from",
    "region",
    "regions",
    "register",
    "reset",
    "schema_of",
    "subscribe",
    "withdraw",
]


def _make_compute(account_id: str, region_name: str) -> Compute:
    # The engine stands without moto: moto is loaded on the first use.
    from harness.drs.moto_adapter import models

    return models.make_compute(account_id, region_name)


_WORLD = World(_make_compute, Settings())

# The faults that are set; iterate over it to read them.
faults: Faults = _WORLD.faults


def register() -> None:
    """Plug the service ``drs`` into moto; repeating is no error.

    Raises:
        DrsInMotoError: This moto has a ``drs`` of its own.
    """
    from harness.drs.moto_adapter import plugin

    plugin.plug(_WORLD)


def reset(
    seed: int = 0,
    profile: Profile = LINUX,
    options: EmulatorOptions | None = None,
    now: Callable[[], datetime] = utc_now,
) -> None:
    """Forget everything in all accounts and Regions and start anew.

    Subscriptions stay. moto's own resets also forget every Region but keep
    these settings.

    Args:
        seed: Ids and jitter follow from it.
        profile: How long the phases of a job take.
        options: Choices; None for the defaults.
        now: What tells the time, with a time zone; the process by default.
    """
    _WORLD.reset(Settings(seed, profile, options or EmulatorOptions(), now))


def choose(options: EmulatorOptions) -> None:
    """Go on with other options from now on, until ``reset``."""
    _WORLD.choose(options)


def region(account_id: str, region_name: str) -> Region:
    """Find DRS of an account in a Region; it is made on demand.

    What is due by now has happened in what is found; records that are kept
    for later change only with the next request or call. A mock of moto must
    be running, as adding servers reaches EC2.
    """
    return _WORLD.region(account_id, region_name)


def regions() -> list[Region]:
    """List the Regions that anybody has used, in the order of first use."""
    _WORLD.catch_up()
    return list(_WORLD.regions.values())


def next_event_at() -> datetime | None:
    """Tell when something happens next in any Region, or None."""
    return _WORLD.next_event_at()


def advance_to(now: datetime) -> None:
    """Let happen what is due at or before a time, in order of time.

    Not needed for right answers: each request first does the same for the
    time it comes at. It serves to have EC2 instances at their exact time.
    """
    _WORLD.advance_to(now)


def inject(fault: Fault) -> None:
    """Set a fault from now on, until ``withdraw`` or ``reset``."""
    _WORLD.inject(fault)


def withdraw(fault: Fault) -> None:
    """Take a fault away from now on; one that is not set is no error."""
    _WORLD.withdraw(fault)


def subscribe(listener: Listener) -> Callable[[], None]:
    """Tell a listener of each log item of each job as it is written.

    Returns:
        A function that ends the subscription.
    """
    return _WORLD.subscribe(listener)
