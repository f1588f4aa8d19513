"""Answer a function's AWS calls from a tape, instead of the network.

Requests have been built and signed by then, and answers are parsed as ever:
only the connection is missing.
"""

import base64
import io
import re
import threading
import time
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore import handlers
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders

Document = dict[str, Any]
# Calls that may come in any order: an answer belongs to one server.
CONFIGURING = {
    "GetLaunchConfiguration",
    "UpdateLaunchConfiguration",
    "DescribeLaunchTemplateVersions",
    "CreateLaunchTemplateVersion",
    "ModifyLaunchTemplate",
}
_SUBJECT = re.compile(r"\b(?:s|lt)-[0-9A-Za-z]{17}\b")
_Key = tuple[str, str]


class Body(io.BytesIO):
    """The body of an answer, as urllib3 gives it."""

    def stream(self, *_: object, **__: object) -> Iterator[bytes]:
        """Give the whole of it."""
        yield self.read()


class Player:
    """Answers the calls of one invocation after the other.

    Attributes:
        delay: Real seconds that each call takes.
        calls: How many were answered since a tape was put in.
        most_at_once: How many of them waited together.
    """

    def __init__(self, delay: float = 0) -> None:
        self.delay = delay
        self.calls = self.most_at_once = self._at_once = 0
        self._lock = threading.Lock()
        self._left: dict[_Key, deque[tuple[int, Any, bytes]]] = {}
        # Every session that is made from now on takes this handler over.
        handlers.BUILTIN_HANDLERS.append(("before-send", self._send))

    def insert(self, answers: list[Document]) -> None:
        """Take a tape, from its beginning."""
        left = defaultdict[_Key, deque[Any]](deque)
        for answer in answers:
            key = _key(answer["operation"], answer["request"])
            left[key].append(_raw(answer))
        self._left = left
        self.calls = self.most_at_once = 0

    @contextmanager
    def timing(self) -> Iterator[Document]:
        """Measure a block: its seconds, and the calls that it makes.

        Yields:
            What is measured, once the block has ended.
        """
        taken: Document = {}
        begin, cpu = time.perf_counter(), time.process_time()
        yield taken
        taken["seconds"] = time.perf_counter() - begin
        taken["cpu seconds"] = time.process_time() - cpu
        taken["calls"] = self.calls
        taken["most at once"] = self.most_at_once

    def _send(
        self, request: AWSPreparedRequest, event_name: str, **_: Any
    ) -> AWSResponse:
        key = _key(
            event_name.rpartition(".")[2], f"{request.url} {request.body!r}"
        )
        with self._lock:
            status, headers, body = self._left[key].popleft()
            self.calls += 1
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        if self.delay:
            time.sleep(self.delay)
        with self._lock:
            self._at_once -= 1
        return AWSResponse(str(request.url), status, headers, Body(body))


def _key(operation: str, request: str) -> _Key:
    if operation not in CONFIGURING:
        return operation, ""
    found = _SUBJECT.search(request)
    return operation, found[0] if found else ""


def _raw(answer: Document) -> tuple[int, Any, bytes]:
    headers = HTTPHeaders()
    for name, value in answer["headers"].items():
        headers[name] = value
    return answer["status"], headers, base64.b64decode(answer["body"])
