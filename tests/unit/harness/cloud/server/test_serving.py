"""A server tells of what it could not answer."""

import logging
import urllib.error
import urllib.request
from collections.abc import Iterable
from typing import Any

import pytest

from harness.cloud.real_time import wait_until
from harness.cloud.server.ports import bind, url_of
from harness.cloud.server.serving import serving


def broken(environ: Any, start_response: Any) -> Iterable[bytes]:
    raise LookupError("no such thing: 100%")


def test_the_log_has_the_traceback_of_an_unexpected_error(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with bind(0) as listener, serving(broken, listener):
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(url_of(listener), timeout=30)
        caught.value.close()
        # The server logs after it has answered.
        wait_until(lambda: bool(caplog.records), "the log", 30)

    (record,) = caplog.records
    said = record.getMessage()
    assert caught.value.code == 500
    assert (record.name, record.levelno) == (
        "harness.cloud.server",
        logging.ERROR,
    )
    assert "in broken" in said
    assert "LookupError: no such thing: 100%" in said
