"""The server itself, in the process that stays."""

import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from types import FrameType
from typing import Any

from harness import drs
from harness.cloud.local_cloud import LocalCloud, LocalCloudSettings
from harness.cloud.server.controls import Controls
from harness.cloud.server.front import Front
from harness.cloud.server.ports import url_of
from harness.cloud.server.serving import serving
from harness.cloud.server.status import Status
from harness.local_aws import plan_seeding
from harness.local_aws.options import UpOptions

# Real seconds that running executions may take to end.
_LIMIT = 20.0
# Real seconds between two looks, so that a signal is seen in time.
_LOOK = 0.5
# What becomes of resources, and what the server could not answer.
_TOLD = ("stacks", "server")


Tell = Callable[[Mapping[str, Any]], None]


def run(
    options: UpOptions,
    document: str | None,
    listener: socket.socket,
    announce: Tell,
) -> None:
    """Serve until somebody asks to stop, by a control, a signal or stdin.

    Args:
        options: What the cloud is like.
        document: A plan to put into it first.
        listener: The port to serve.
        announce: Told where the server is, once it answers.

    Raises:
        SeedRefusedError: The plan cannot be used.
    """
    with LocalCloud(_settings(options)) as cloud, _told():
        if document is not None:
            plan_seeding.seed(cloud, document)
        status = Status(url_of(listener), cloud)
        controls = Controls(cloud, status, plan_seeding.seed)
        front = Front(cloud, controls)
        if options.until_stdin_ends:
            _stop_with_stdin(controls.stopping)
        with _signals(controls.stopping), serving(front, listener):
            announce(status.health())
            # A wait without an end would not see signals everywhere.
            while not controls.stopping.wait(_LOOK):
                pass


def _settings(options: UpOptions) -> LocalCloudSettings:
    # The present, so that credentials made there are valid elsewhere.
    start = options.start or datetime.now(UTC)
    return LocalCloudSettings(
        orchestration=options.orchestration.value,
        seed=options.seed,
        start=start.replace(microsecond=0, tzinfo=UTC),
        profile=drs.PROFILES[options.profile.value],
        limit=_LIMIT,
        speed=options.speed,
        checks_roles=options.check_roles,
        enforces_iam=options.enforce_iam,
    )


def _stop_with_stdin(stopping: threading.Event) -> None:
    def watch() -> None:
        # Below the buffers of Python, which it takes down with it at exit.
        while os.read(0, 4096):
            pass
        stopping.set()

    threading.Thread(target=watch, daemon=True).start()


@contextmanager
def _told() -> Iterator[None]:
    """Tell on the standard error of stacks, and of requests that fail."""
    handler = logging.StreamHandler()
    logs = [logging.getLogger(f"harness.cloud.{name}") for name in _TOLD]
    for log in logs:
        log.addHandler(handler)
        log.setLevel(logging.INFO)
    try:
        yield
    finally:
        for log in logs:
            log.removeHandler(handler)
            log.setLevel(logging.NOTSET)


@contextmanager
def _signals(stopping: threading.Event) -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        stopping.set()

    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, stop) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
