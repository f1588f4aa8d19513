"""What a function's process runs: AWS's own runtime interface client.

It sees nothing of this project but the function's zip, and time is that of the
local cloud: it stands still during an invocation, since nothing that a
function does takes virtual time. A file tells the moment, because deadlines
of AWS's emulator are those of real time.
"""

import os
from pathlib import Path
from typing import Any

import time_machine
from awslambdaric import bootstrap  # type: ignore[import-untyped]
from awslambdaric.lambda_runtime_client import (  # type: ignore[import-untyped]
    LambdaRuntimeClient,
)


class ClientInVirtualTime(LambdaRuntimeClient):  # type: ignore[misc]
    """Asks for invocations and goes to the moment at which each begins."""

    def __init__(
        self, address: str, timeout: float, traveller: time_machine.Traveller
    ) -> None:
        """Prepare a client.

        Args:
            address: Host and port of the Runtime API.
            timeout: Of the function, in seconds: so much later than its
                beginning is the deadline of an invocation.
        """
        super().__init__(address)
        self._timeout = timeout
        self._traveller = traveller

    def wait_next_invocation(self) -> Any:
        """Wait for the next invocation, and for its moment to have come."""
        request = super().wait_next_invocation()
        moment = _moment()
        self._traveller.move_to(moment)
        request.deadline_time_in_ms = round((moment + self._timeout) * 1000)
        return request


def main() -> None:
    """Run the function that the environment describes, until killed."""
    _write_to_own_log()
    timeout = float(os.environ.pop("LOCAL_CLOUD_TIMEOUT"))
    address = os.environ["AWS_LAMBDA_RUNTIME_API"]
    with time_machine.travel(_moment(), tick=False) as traveller:
        client = ClientInVirtualTime(address, timeout, traveller)
        bootstrap.run(os.environ["_HANDLER"], client)


def _moment() -> float:
    """Read the virtual moment, in seconds since 1970."""
    return float(Path(os.environ["LOCAL_CLOUD_CLOCK"]).read_text("utf-8"))


def _write_to_own_log() -> None:
    """Keep what the emulator writes out of what the function writes."""
    with open(os.environ.pop("LOCAL_CLOUD_LOG"), "ab") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)


if __name__ == "__main__":
    main()
