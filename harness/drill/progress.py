"""How far a drill has come, told by what an outsider sees of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from harness.drs import JobEvent
from harness.plans.plan import Plan

# What a job's log says of a server, in a person's words.
PHASES = {
    "CLEANUP_START": "removing earlier instance",
    "CLEANUP_END": "earlier instance removed",
    "CLEANUP_FAIL": "earlier instance not removed",
    "SNAPSHOT_START": "taking snapshot",
    "SNAPSHOT_END": "snapshot taken",
    "SNAPSHOT_FAIL": "snapshot failed",
    "CONVERSION_START": "converting",
    "CONVERSION_END": "converted",
    "CONVERSION_FAIL": "conversion failed",
    "LAUNCH_START": "launching",
    "LAUNCH_END": "launched",
    "LAUNCH_FAILED": "launch failed",
}
FAILURES = frozenset({"SNAPSHOT_FAIL", "CONVERSION_FAIL", "LAUNCH_FAILED"})
NOT_STARTED = "not started"
PAUSED = "waits for approval"
STATE_ENDS = frozenset({"completed", "failed", "timeout", "cancelled"})
_ENDS = frozenset({"COMPLETED", "FAILED", "TIMEOUT", "CANCELLED"})


def error_of(event: JobEvent) -> str:
    """Give the error that DRS logged, or nothing."""
    return str(event.data.get("rawError", ""))


@dataclass(frozen=True)
class Happening:
    """Something a person wants to know when it happens.

    Attributes:
        elapsed: Virtual time since the drill began.
        place: Wave, and server if it is about one.
        text: What happened.
    """

    elapsed: timedelta
    place: str
    text: str


@dataclass
class ServerProgress:
    """Where the recovery of one server stands."""

    hostname: str
    phase: str = "waiting"
    since: datetime | None = None
    failed: bool = False


@dataclass
class WaveProgress:
    """Where one wave stands; once begun, with its wave result's status."""

    name: str
    status: str = NOT_STARTED
    job_id: str | None = None
    begun: bool = False
    servers: dict[str, ServerProgress] = field(default_factory=dict)


class Progress:
    """Follows a drill and tells listeners what happens.

    Attributes:
        waves: The plan's waves, as far as they have come.
        standing: How the execution stands as a whole.
        events: Every item of every job's log so far.
    """

    def __init__(self, plan: Plan, start: datetime) -> None:
        """Begin at the moment the execution starts."""
        self._hostnames = {
            server.server_id: server.hostname for server in plan.servers
        }
        self.start = start
        self.waves = [WaveProgress(wave.name) for wave in plan.waves]
        self.standing = "starting"
        self.events: list[JobEvent] = []
        self._early: list[JobEvent] = []
        self._listeners: list[Callable[[Happening], None]] = []

    def subscribe(self, listener: Callable[[Happening], None]) -> None:
        """Tell a listener everything from now on."""
        self._listeners.append(listener)

    def tell(self, at: datetime, place: str, text: str) -> None:
        """Note something that a person did or should know."""
        happening = Happening(at - self.start, place, text)
        for listener in self._listeners:
            listener(happening)

    def see_state(self, at: datetime, state: Mapping[str, Any]) -> None:
        """Follow the state that a step of the state machine gave."""
        for result in state["wave_results"]:
            self._see_wave(at, result, state)
        for event in self._early:
            self._see_server(event)
        self._early.clear()
        self._see_standing(at, state)

    def see_job_event(self, event: JobEvent) -> None:
        """Follow a job; its first items may come before its wave's."""
        self.events.append(event)
        if event.source_server_id is None:
            return
        if self._wave_of(event.job_id) is None:
            self._early.append(event)
        else:
            self._see_server(event)

    def _see_wave(
        self, at: datetime, result: Mapping[str, Any], state: Mapping[str, Any]
    ) -> None:
        wave = self.waves[result["waveNumber"]]
        if not wave.begun:
            self._begin_wave(at, wave, result)
        if result["status"] != wave.status and result["status"] in _ENDS:
            reason = f": {state['error']}" if state["error"] else ""
            text = f"wave {result['status'].lower()}{reason}"
            self.tell(at, wave.name, text)
        wave.status = result["status"]

    def _begin_wave(
        self, at: datetime, wave: WaveProgress, result: Mapping[str, Any]
    ) -> None:
        wave.begun = True
        wave.job_id = result["jobId"]
        wave.servers = {
            server_id: ServerProgress(self._hostnames[server_id])
            for server_id in result["serverIds"]
        }
        if wave.job_id is None:
            self.tell(at, wave.name, "no servers: nothing to recover")
        else:
            names = ", ".join(s.hostname for s in wave.servers.values())
            self.tell(at, wave.name, f"DRS job {wave.job_id} for {names}")

    def _see_server(self, event: JobEvent) -> None:
        wave = self._wave_of(event.job_id)
        server = wave and wave.servers.get(event.source_server_id or "")
        if wave is None or not server:
            return
        server.phase = PHASES.get(event.event, event.event)
        server.since = event.at
        server.failed = event.event in FAILURES
        error = f": {error_of(event)}" if error_of(event) else ""
        place = f"{wave.name} / {server.hostname}"
        self.tell(event.at, place, f"{server.phase}{error}")

    def _see_standing(self, at: datetime, state: Mapping[str, Any]) -> None:
        before, self.standing = self.standing, state["status"]
        if self.standing == "paused" and before != "paused":
            wave = self.waves[state["paused_before_wave"]]
            wave.status = PAUSED
            self.tell(at, wave.name, "waits for a person to approve")
        if self.standing in STATE_ENDS and before not in STATE_ENDS:
            reason = f": {state['error']}" if state["error"] else ""
            self.tell(at, "Plan", f"{self.standing}{reason}")

    def _wave_of(self, job_id: str) -> WaveProgress | None:
        for wave in self.waves:
            if wave.job_id == job_id:
                return wave
        return None
