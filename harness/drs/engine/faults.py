"""The faults that can be set, and the list of those that are set.

A fault is a description: nothing happens when it is set, but whoever the
fault concerns reads the list at the moment it matters. Each is something
seen or documented (the README names the operation and the effect).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, TypeVar

from harness.drs.engine.lower_limits import refuse_negative, refuse_page_size
from harness.drs.engine.records import Phase


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What all faults share: where they hold, by default everywhere."""

    account_id: str | None = None
    region: str | None = None

    def __post_init__(self) -> None:
        """Refuse an amount or a duration below zero."""
        refuse_negative(self)

    def holds_in(self, account_id: str, region: str) -> bool:
        """Tell whether the fault concerns an account's Region."""
        return self.account_id in (None, account_id) and self.region in (
            None,
            region,
        )


@dataclass(frozen=True)
class FailAt(Fault):
    """The launches of a server fail at a phase; the job completes."""

    server_id: str
    phase: Phase
    message: str | None = None


@dataclass(frozen=True)
class CallerDenied(Fault):
    """Launches fail after conversion: the caller may not use EC2.

    Recoveries call EC2 with the credentials of who started them. Without a
    server it concerns all of them.
    """

    action: str = "ec2:RunInstances"
    server_id: str | None = None


@dataclass(frozen=True)
class ApiError(Fault):
    """An operation answers an error some times, or always (None).

    ``code`` is an error class of the service model. One that the operation
    does not declare is allowed; ``is_declared`` tells which those are.
    """

    operation: str
    code: str
    message: str
    times: int | None = None
    retry_after: int | None = None


@dataclass(frozen=True)
class ApiDenied(Fault):
    """IAM denies an operation: AccessDeniedException (403)."""

    operation: str


@dataclass(frozen=True)
class Throttle(Fault):
    """An operation answers ThrottlingException (429) some times."""

    operation: str
    times: int
    retry_after: int | None = None


@dataclass(frozen=True)
class RateLimit(Fault):
    """An operation is throttled beyond some calls of an account in a time.

    ``Retry-After`` tells when the oldest of those calls is long enough ago.
    """

    operation: str
    calls: int
    within: timedelta


@dataclass(frozen=True)
class InternalError(Fault):
    """An operation answers InternalServerException (500) some times."""

    operation: str
    times: int
    retry_after: int | None = None


@dataclass(frozen=True)
class LostResponse(Fault):
    """An operation is carried out, but the connection breaks before."""

    operation: str = "StartRecovery"
    times: int = 1


@dataclass(frozen=True)
class Uninitialized(Fault):
    """The account is not initialized (400), whatever was done before."""


@dataclass(frozen=True)
class Busy(Fault):
    """A server is taken to be in a job: ConflictException (409)."""

    server_id: str


@dataclass(frozen=True)
class UnlockDelay(Fault):
    """Servers stay locked for a while after their job has completed."""

    delay: timedelta


@dataclass(frozen=True)
class QuotaLimit(Fault):
    """A quota has another limit: ServiceQuotaExceededException (402)."""

    quota_code: str
    limit: int


@dataclass(frozen=True)
class Eventual(Fault):
    """Reads of an operation show what was true a while ago."""

    operation: str
    delay: timedelta


@dataclass(frozen=True)
class PageSize(Fault):
    """No page holds more items, whatever the caller asks for."""

    size: int

    def __post_init__(self) -> None:
        """Refuse pages without items."""
        refuse_page_size(self.size, "size")


@dataclass(frozen=True)
class TimeFormat(Fault):
    """Times end with ``Z`` (``zulu``) or ``+00:00`` (``offset``)."""

    form: Literal["offset", "zulu"]


@dataclass(frozen=True)
class ExtensionError(Fault):
    """The staging server of an extended server cannot be reached."""

    server_id: str
    message: str = "Staging source server is not accessible"


@dataclass(frozen=True)
class ReplicationState(Fault):
    """The data replication of a server is in another state."""

    server_id: str
    state: str


@dataclass(frozen=True)
class InstanceVanishes(Fault):
    """Someone removes the EC2 instance of a server; its record stays."""

    server_id: str
    state: Literal["NOT_FOUND", "TERMINATED"] = "NOT_FOUND"


@dataclass(frozen=True)
class LaunchActionFails(Fault):
    """A post-launch action fails, and the launch unless it is optional."""

    server_id: str
    optional: bool = False
    name: str = "Post-launch action"
    reason: str = "The action failed on the recovery instance"


@dataclass(frozen=True)
class UnknownEvent(Fault):
    """Each job's log has an event that the service model lacks."""

    event: str
    server_id: str | None = None


@dataclass
class Injection:
    """A fault that is or was set, and how often it has struck.

    ``calls`` are the latest calls that a rate limit let pass, by account
    and Region.
    """

    fault: Fault
    at: datetime
    until: datetime | None = None
    struck: int = 0
    calls: dict[tuple[str, str], list[datetime]] = field(default_factory=dict)


Kind = TypeVar("Kind", bound=Fault)


@dataclass
class Faults:
    """The faults that are set, in the order they were set."""

    injections: list[Injection] = field(default_factory=list)

    def __iter__(self) -> Iterator[Fault]:
        """Go through the faults that are set."""
        return (each.fault for each in self.injections if each.until is None)

    def __len__(self) -> int:
        """Count the faults that are set."""
        return sum(1 for _ in self)

    def __contains__(self, fault: object) -> bool:
        """Tell whether a fault is set."""
        return any(each == fault for each in self)

    def add(self, fault: Fault, at: datetime) -> None:
        """Set a fault."""
        self.injections.append(Injection(fault, at))

    def withdraw(self, fault: Fault, at: datetime) -> None:
        """Take a fault away again; one that is not set is no error."""
        for each in self.injections:
            if each.fault == fault and each.until is None:
                each.until = at

    def clear(self) -> None:
        """Forget all faults, as if none had ever been set."""
        self.injections.clear()
