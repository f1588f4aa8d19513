"""How long the phases of a job take."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import NamedTuple


class Span(NamedTuple):
    """Shortest and longest duration of a phase, in seconds."""

    shortest: float
    longest: float

    def draw(self, random: Random) -> timedelta:
        """Draw a duration, evenly distributed over the span."""
        return timedelta(seconds=random.uniform(self.shortest, self.longest))


def exactly(seconds: float) -> Span:
    """Make a span without jitter."""
    return Span(seconds, seconds)


@dataclass(frozen=True)
class FirstSync:
    """The first replication of a server's data.

    Attributes:
        initiation: From the start of replication to its first byte.
        transfer: From the first byte to the first recovery point.
    """

    initiation: Span = exactly(0)
    transfer: Span = exactly(0)


@dataclass(frozen=True)
class Profile:
    """A time model: one span for each phase of a job.

    Attributes:
        job_start: From the API call to JOB_START.
        first_step: From JOB_START to the first step of the first server.
        stagger: From the first server's step to the last one's.
        cleanup: Removal of earlier instances before a new launch.
        snapshot: SNAPSHOT_START to SNAPSHOT_END.
        wait: SNAPSHOT_END to CONVERSION_START.
        conversion: CONVERSION_START to CONVERSION_END.
        launch_gap: CONVERSION_END to LAUNCH_START, drawn for each server.
        launch: LAUNCH_START to LAUNCH_END.
        launch_variation: Added to the launch, drawn for each server.
        termination: CLEANUP_START to CLEANUP_END of a terminate job.
        job_end: From the last server's end to the job's completion.
        log_lag: From the job's endDateTime to its JOB_END item.
        first_sync: From the start of replication to its recovery points.
    """

    name: str
    job_start: Span = exactly(0)
    first_step: Span = exactly(0)
    stagger: Span = exactly(0)
    cleanup: Span = exactly(0)
    snapshot: Span = exactly(0)
    wait: Span = exactly(0)
    conversion: Span = exactly(0)
    launch_gap: Span = exactly(0)
    launch: Span = exactly(0)
    launch_variation: Span = exactly(0)
    termination: Span = exactly(0)
    job_end: Span = exactly(0)
    log_lag: Span = exactly(0)
    first_sync: FirstSync = FirstSync()


# Measured on a recorded real drill: two jobs of two small Linux servers
# (DRS_SERVICE.md 3.4). Clean-up and termination were not recorded.
LINUX = Profile(
    name="linux",
    job_start=Span(0.3, 0.4),
    first_step=exactly(0.404),
    stagger=exactly(0.026),
    cleanup=Span(60, 120),
    snapshot=Span(0.18, 0.2),
    wait=Span(51.2, 52.0),
    conversion=Span(174.7, 197.6),
    launch_gap=Span(0.48, 0.70),
    launch=Span(277.9, 309.2),
    launch_variation=Span(0, 1.6),
    termination=Span(300, 600),
    job_end=Span(2.1, 2.8),
    log_lag=exactly(0.026),
    first_sync=FirstSync(Span(100, 140), Span(540, 660)),
)

# Field observations of two Windows servers (DRS_SERVICE.md 3.5).
WINDOWS = Profile(
    name="windows",
    job_start=Span(0.3, 0.4),
    first_step=exactly(0.404),
    stagger=exactly(0.026),
    cleanup=Span(60, 120),
    snapshot=Span(0.2, 3.0),
    wait=Span(188, 192),
    conversion=Span(835, 855),
    launch_gap=Span(0.48, 0.70),
    launch=Span(330, 340),
    launch_variation=Span(0, 50),
    termination=Span(300, 600),
    job_end=Span(2.1, 2.8),
    log_lag=exactly(0.026),
    first_sync=FirstSync(Span(100, 140), Span(540, 660)),
)

# Everything happens at the moment of the call, in the right order.
INSTANT = Profile(name="instant")

PROFILES = {profile.name: profile for profile in (LINUX, WINDOWS, INSTANT)}


class Pace:
    """The durations of one job, drawn once so that its servers share them.

    In the recorded drill the servers of one job differ by milliseconds while
    jobs differ by tens of seconds.
    """

    def __init__(
        self, profile: Profile, seed: str, server_ids: Sequence[str]
    ) -> None:
        """Draw the job's durations.

        Args:
            profile: Time model to draw from.
            seed: Text that makes the draw repeatable.
            server_ids: The job's servers, in its order.
        """
        random = Random(seed)
        self._shared = {
            name: span.draw(random)
            for name, span in vars(profile).items()
            if isinstance(span, Span)
        }
        self._gaps = {
            server_id: profile.launch_gap.draw(random)
            for server_id in server_ids
        }
        self._variations = {
            server_id: profile.launch_variation.draw(random)
            for server_id in server_ids
        }

    def of(self, phase: str) -> timedelta:
        """Tell how long a phase takes for every server of the job."""
        return self._shared[phase]

    def stagger(self, position: int) -> timedelta:
        """Tell how much later a server begins than the job's first one."""
        last = max(1, len(self._gaps) - 1)
        return self._shared["stagger"] * position / last

    def launch_gap(self, server_id: str) -> timedelta:
        """Tell how long a server pauses before its launch."""
        return self._gaps[server_id]

    def launch(self, server_id: str) -> timedelta:
        """Tell how long the launch of a server takes."""
        return self._shared["launch"] + self._variations[server_id]
