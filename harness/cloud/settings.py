"""What a local cloud is like."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from harness import drs
from harness.cloud import project
from harness.cloud.clock import VirtualClock
from harness.cloud.running_clock import RunningClock

_DEFAULT_START = datetime(2026, 1, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class LocalCloudSettings:
    """What a local cloud is like.

    Attributes:
        orchestration: The Lambda that the state machine calls.
        seed: Every id and every jitter follows from it.
        start: First moment of virtual time.
        profile: How long DRS jobs take.
        options: What DRS does where nothing is documented.
        contract_responses: What Lambdas do with an answer that breaks its
            contract: `refuse` or `report`.
        limit: Real seconds after which a wait is given up.
        speed: Virtual seconds that pass by themselves in a real one; None
            if time passes only when somebody waits. At zero, waits last
            until somebody advances time.
        checks_roles: Whether AssumeRole asks that the role exists and that
            its trust policy lets the caller in, by account and external id.
        enforces_iam: Whether the calls of Lambdas and of the state machine
            need permissions in the policies of their roles. Checks roles,
            too.
        packages: Folder of zips `<folder>.zip`, built for this machine, to
            run each in processes of its own; None runs the sources in
            this process.
        emulator: AWS's Runtime Interface Emulator, to run packages under
            it; None runs them with a Runtime API of our own.
    """

    orchestration: project.Orchestration = "refactored"
    seed: int = 0
    start: datetime = _DEFAULT_START
    profile: drs.Profile = drs.LINUX
    options: drs.EmulatorOptions = field(default_factory=drs.EmulatorOptions)
    contract_responses: str = "refuse"
    limit: float = 60
    speed: float | None = None
    checks_roles: bool = False
    enforces_iam: bool = False
    packages: Path | None = None
    emulator: Path | None = None


def make_clock(
    settings: LocalCloudSettings, lock: AbstractContextManager[object]
) -> VirtualClock:
    """Make the clock that the settings ask for, with DRS as its source.

    Args:
        settings: When it starts and how fast it ticks, if it does.
        lock: Held while time moves.
    """
    if settings.speed is None:
        return VirtualClock(settings.start, (drs,), lock)
    return RunningClock(settings.start, (drs,), lock, settings.speed)
