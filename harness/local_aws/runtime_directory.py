"""What one user's running server leaves for the other commands.

A folder that only the user can enter holds the server's address, its log
and a lock. The server holds the lock as long as it lives: a process id
alone may belong to somebody else by now.
"""

import fcntl
import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO

# Instead of the user's own folder, for tests and for several servers.
VARIABLE = "DRS_ORCH_RUNTIME_DIR"
# Real seconds.
_PATIENCE = 1.0


class AlreadyUpError(Exception):
    """A server of this user is up."""

    def __init__(self, server: "RunningServer | None") -> None:
        self.server = server
        where = f" at {server.url}" if server else ""
        super().__init__(
            f"The local AWS is up already{where}: stop it with "
            "'drs-orch down', or ask it with 'drs-orch status'"
        )


class UnsafeDirectoryError(Exception):
    """The folder belongs to somebody else."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(
            f"{path} belongs to another user; set {VARIABLE} to a folder of "
            "your own"
        )


@dataclass(frozen=True)
class RunningServer:
    """Where a server is reached, and its process."""

    url: str
    pid: int


class RuntimeDirectory:
    """The folder of the user who runs this."""

    def __init__(self) -> None:
        """Make the folder if needed.

        Raises:
            UnsafeDirectoryError: It is another user's.
        """
        self.path = _path()
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.path.stat().st_uid != os.getuid():
            raise UnsafeDirectoryError(self.path)
        self.log = self.path / "server.log"
        self._state = self.path / "server.json"
        self._lock = self.path / "server.lock"

    def server(self) -> RunningServer | None:
        """Tell which server is up, None if none is or it still starts."""
        return self.published() if self.is_locked() else None

    def published(self) -> RunningServer | None:
        """Tell which server was up last; it may have ended since."""
        try:
            return RunningServer(**json.loads(self._state.read_text()))
        except (OSError, ValueError, TypeError):
            return None

    def is_locked(self) -> bool:
        """Tell whether a server lives, up or not."""
        with self._lock.open("a") as file:
            return not _lock(file)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Be the one server of this user.

        Raises:
            AlreadyUpError: There is one.
        """
        with self._lock.open("a") as file:
            self._acquire(file)
            self._state.unlink(missing_ok=True)
            try:
                yield
            finally:
                self._state.unlink(missing_ok=True)

    def publish(self, server: RunningServer) -> None:
        """Let others find the server, now that it answers."""
        draft = self._state.with_suffix(".new")
        draft.write_text(json.dumps(asdict(server)))
        draft.replace(self._state)

    def _acquire(self, file: TextIO) -> None:
        # Another command may look at the lock at this very moment.
        end = time.monotonic() + _PATIENCE
        while not _lock(file):
            if time.monotonic() > end:
                raise AlreadyUpError(self.published())
            time.sleep(_PATIENCE / 20)


def _lock(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _path() -> Path:
    if given := os.environ.get(VARIABLE):
        return Path(given)
    if runtime := os.environ.get("XDG_RUNTIME_DIR"):
        return Path(runtime) / "drs-orch"
    return Path(tempfile.gettempdir()) / f"drs-orch-{os.getuid()}"
