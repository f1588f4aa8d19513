"""What holds for every test: no real credentials, no real network."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from harness.cloud import environment

pytest_plugins = ["tests.unit.harness.drs.conformance.tally"]
LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class NetworkForbiddenError(Exception):
    """A test tried to leave this machine."""

    def __init__(self, host: object) -> None:
        super().__init__(f"Tests must not connect to {host}")


@pytest.fixture(autouse=True)
def no_real_credentials() -> Iterator[None]:
    """Hide the credentials, profiles and endpoints of whoever runs this."""
    region = {"AWS_DEFAULT_REGION": "us-east-1"}
    with environment.applied(environment.sandbox() | region):
        yield


@pytest.fixture(autouse=True)
def no_real_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let connections and name look-ups reach loopback only."""
    for owner, name, host_of in (
        (socket.socket, "connect", lambda args: args[1]),
        (socket.socket, "connect_ex", lambda args: args[1]),
        (socket, "getaddrinfo", lambda args: args),
    ):
        real = getattr(owner, name)
        monkeypatch.setattr(owner, name, _guarded(real, host_of))


def _guarded(real: Any, host_of: Any) -> Any:
    def guarded(*args: Any, **kwargs: Any) -> Any:
        address = host_of(args)
        # A path is an address of this machine's own.
        if isinstance(address, tuple) and address[0] not in LOOPBACK:
            raise NetworkForbiddenError(address[0])
        return real(*args, **kwargs)

    return guarded
