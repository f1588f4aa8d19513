"""A pytest fixture for tests of code that uses DRS.

Load it with `-p harness.drs.pytest_plugin`, or in a `conftest.py` at the
root of the tests:

    pytest_plugins = ["harness.drs.pytest_plugin"]

    @pytest.mark.drs(seed=1, profile=drs.INSTANT)
    def test_a_server_is_recovered(drs_world):
        server_id = drs_world.add_source_server("web-1", tags={"tier": "web"})
        boto3.client("drs", "us-east-1").start_recovery(...)
        drs_world.advance(600)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from harness.drs.mock import mock_drs

if TYPE_CHECKING:
    from harness.drs.moto_adapter.mock import MockDrs

_MARKER = (
    "drs(seed=0, profile=LINUX, options=None): "
    "what the emulator of the fixture drs_world is like"
)


def pytest_configure(config: pytest.Config) -> None:
    """Let pytest know the marker `drs`."""
    config.addinivalue_line("markers", _MARKER)


@pytest.fixture
def drs_world(request: pytest.FixtureRequest) -> Iterator[MockDrs]:
    """Give AWS with an empty DRS in it, through moto.

    The nearest marker `drs` says what it is like. Its `advance` lets time
    pass; see `mock_drs`.
    """
    marker = request.node.get_closest_marker("drs")
    with mock_drs(**(marker.kwargs if marker else {})) as world:
        yield world
