"""The commands of the local AWS, once their arguments are parsed.

Each prints what a person wants to know, or one JSON document, and gives
the exit code: 0 done, 1 not up or not possible, 2 wrong usage or a plan
that cannot be used.
"""

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from harness.cloud.server.ports import PortTakenError, bind
from harness.cloud.server.seeding import SeedRefusedError
from harness.local_aws import detached, durations, texts
from harness.local_aws.control_client import (
    ControlClient,
    NotUpError,
    RefusedError,
    running,
)
from harness.local_aws.options import UpOptions
from harness.local_aws.runtime_directory import (
    AlreadyUpError,
    RunningServer,
    RuntimeDirectory,
    UnsafeDirectoryError,
)

Document = Mapping[str, Any]
_IMPOSSIBLE = (
    AlreadyUpError,
    NotUpError,
    PortTakenError,
    UnsafeDirectoryError,
    detached.StopFailedError,
)
_WRONG = (durations.DurationError, SeedRefusedError)


class PlanUnreadableError(SeedRefusedError):
    """A plan file cannot be read at all."""

    def __init__(self, plan: Path, error: Exception) -> None:
        self.plan = plan
        super().__init__([f"{plan}: {error}"])


def up(options: UpOptions) -> int:
    """Start a server; in the foreground it stays until it is stopped."""
    work = _start_detached if options.detached else _serve
    return _carry_out(lambda: work(options))


def down(as_json: bool) -> int:
    """Stop the server."""

    def stop() -> None:
        server = detached.stop()
        document = {"status": "down", "url": server.url, "pid": server.pid}
        _show(document, texts.down, as_json)

    return _carry_out(stop)


def status(as_json: bool) -> int:
    """Tell what is up and what DRS is doing there."""
    return _ask(lambda: running().get("status"), texts.status, as_json)


def advance(duration: str, as_json: bool) -> int:
    """Let virtual time pass at once."""

    def ask() -> Document:
        amount = {"seconds": durations.seconds(duration)}
        return running().post("clock/advance", amount)

    return _ask(ask, texts.time, as_json)


def reset(seed: int | None, as_json: bool) -> int:
    """Forget everything but the deployment."""
    wanted = {"seed": seed}
    return _ask(lambda: running().post("reset", wanted), texts.time, as_json)


def seed(plan: Path, stack: str | None, again: bool, as_json: bool) -> int:
    """Put a plan's servers and groups into the running cloud."""
    wish = {"stack": stack} if stack else {}
    query = urlencode({**wish, "again": 1} if again else wish)

    def ask() -> Document:
        document = _read(plan)
        return running().post(f"seed?{query}", document)

    return _ask(ask, texts.seeded, as_json)


def _start_detached(options: UpOptions) -> None:
    server = detached.start(options)
    health = ControlClient(server.url).get("health")
    _show(health, texts.up, options.as_json)


def _serve(options: UpOptions) -> None:
    document = None if options.plan is None else _read(options.plan)
    directory = RuntimeDirectory()

    def announce(health: Document) -> None:
        directory.publish(RunningServer(health["url"], health["pid"]))
        _show(health, texts.up, options.as_json)

    with directory.held(), bind(options.port) as listener:
        # Loaded only now: moto takes a second, and all else is quick.
        from harness.local_aws import server_process

        server_process.run(options, document, listener, announce)


def _read(plan: Path) -> str:
    try:
        return plan.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise PlanUnreadableError(plan, error) from error


def _ask(
    question: Callable[[], Document],
    text: Callable[[Document], str],
    as_json: bool,
) -> int:
    return _carry_out(lambda: _show(question(), text, as_json))


def _carry_out(work: Callable[[], None]) -> int:
    try:
        work()
    except _IMPOSSIBLE as error:
        return _failed(error, 1)
    except _WRONG as error:
        return _failed(error, 2)
    except RefusedError as error:
        return _failed(error, 2 if error.problems else 1)
    except detached.StartFailedError as error:
        return _failed(error, 2 if error.exit_code == 2 else 1)
    return 0


def _show(
    document: Document, text: Callable[[Document], str], as_json: bool
) -> None:
    shown = json.dumps(document, indent=2) if as_json else text(document)
    print(shown, flush=True)


def _failed(error: Exception, code: int) -> int:
    print(error, file=sys.stderr)
    return code
