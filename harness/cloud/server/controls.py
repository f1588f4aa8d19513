"""What is ours below /_local/: health, clock, reset, seed, DRS, faults."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from werkzeug import Request, Response

from harness import drs
from harness.cloud import execution_engine
from harness.cloud.local_cloud import LocalCloud
from harness.cloud.real_time import RealTimeLimitExceeded
from harness.cloud.running_clock import RunningClock
from harness.cloud.server import emulator
from harness.cloud.server.requests import (
    ControlError,
    error_response,
    json_response,
    members,
    number,
    seed_of,
)
from harness.cloud.server.seeding import (
    Seeder,
    SeedRefusedError,
    SeedWish,
)
from harness.cloud.server.status import Status
from harness.drs.engine.fault_documents import document_of

PREFIX = "/_local/"
# Real seconds for another change of the world to end.
_TURN = 60.0
# Real seconds for time to be advanced.
_ADVANCE = 300.0

Control = Callable[["Controls", Request], Any]


class Controls:
    """Answers the control requests of one server.

    Attributes:
        stopping: Set once somebody has asked to end the server.
    """

    def __init__(
        self, cloud: LocalCloud, status: Status, seeder: Seeder
    ) -> None:
        self._cloud = cloud
        self._status = status
        self._seeder = seeder
        self._turn = threading.Lock()
        self.stopping = threading.Event()

    def answer(self, request: Request) -> Response:
        """Carry out a request and answer it with a JSON document."""
        try:
            return json_response(self._control(request)(self, request))
        except ControlError as error:
            return error_response(error)

    def _control(self, request: Request) -> Control:
        name = request.path.removeprefix(PREFIX)
        methods = ROUTES.get(name)
        if methods is None:
            known = ", ".join(ROUTES)
            raise ControlError(404, f"No control {name!r}; there are {known}")
        if request.method not in methods:
            allowed = " or ".join(methods)
            raise ControlError(405, f"{name} takes {allowed}")
        return methods[request.method]

    def reset(self, request: Request) -> Any:
        """Forget everything but the deployment."""
        wanted = members(request)
        seed, choices = seed_of(wanted), emulator.choices(wanted)
        with self._one_at_a_time():
            self._cloud.reset(seed, None, choices.profile, choices.options)
        return self._status.time()

    def _health(self, request: Request) -> Any:
        return self._status.health()

    def _everything(self, request: Request) -> Any:
        return self._status.everything()

    def _time(self, request: Request) -> Any:
        return self._status.time()

    def _advance(self, request: Request) -> Any:
        seconds = number(members(request), "seconds")
        clock = self._cloud.clock
        if not isinstance(clock, RunningClock):
            raise ControlError(409, "The clock of this cloud does not run")
        with self._one_at_a_time():
            try:
                clock.advance(seconds, _all_asleep, _ADVANCE)
            except RealTimeLimitExceeded as error:
                raise ControlError(504, str(error)) from error
            except OverflowError as error:
                reason = "seconds lead beyond the end of time (year 9999)"
                raise ControlError(400, reason) from error
        return self._status.time()

    def _seed(self, request: Request) -> Any:
        document = request.get_data(as_text=True)
        wish = SeedWish(request.args.get("stack"), "again" in request.args)
        with self._one_at_a_time():
            try:
                return self._seeder(self._cloud, document, wish)
            except SeedRefusedError as error:
                message = "The plan cannot be used"
                raise ControlError(400, message, error.problems) from error

    def _add_source_server(self, request: Request) -> Any:
        wanted = members(request)
        with self._one_at_a_time(), self._cloud.lock:
            return emulator.add_source_server(wanted)

    def _trust(self, request: Request) -> Any:
        with self._cloud.lock:
            return emulator.trust(members(request))

    def _faults(self, request: Request) -> Any:
        return {"faults": [document_of(fault) for fault in drs.faults]}

    def _inject(self, request: Request) -> Any:
        drs.inject(emulator.fault(members(request)))
        return self._faults(request)

    def _withdraw(self, request: Request) -> Any:
        wanted = members(request)
        for fault in [emulator.fault(wanted)] if wanted else list(drs.faults):
            drs.withdraw(fault)
        return self._faults(request)

    def _shutdown(self, request: Request) -> Any:
        self.stopping.set()
        return {"status": "stopping"}

    @contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        if not self._turn.acquire(timeout=_TURN):
            raise ControlError(409, "Another change of the world goes on")
        try:
            yield
        finally:
            self._turn.release()


def _all_asleep(sleepers: int) -> bool:
    return execution_engine.awake_count() <= sleepers


ROUTES: dict[str, dict[str, Control]] = {
    "health": {"GET": Controls._health},
    "status": {"GET": Controls._everything},
    "clock": {"GET": Controls._time},
    "clock/advance": {"POST": Controls._advance},
    "reset": {"POST": Controls.reset},
    "seed": {"POST": Controls._seed},
    "faults": {
        "GET": Controls._faults,
        "POST": Controls._inject,
        "DELETE": Controls._withdraw,
    },
    "source-servers": {"POST": Controls._add_source_server},
    "trusted-accounts": {"POST": Controls._trust},
    "shutdown": {"POST": Controls._shutdown},
}
