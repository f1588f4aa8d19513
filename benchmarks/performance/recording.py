"""Record an execution: what each function is asked, and what AWS answers it.

Replayed (`inside`), an invocation does the same work with no emulator in its
process: what it takes is the function's and botocore's own.
"""

import base64
import json
import threading
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from botocore import handlers

from benchmarks.performance.inside.player import CONFIGURING
from benchmarks.performance.plans import Size, carry_out, cloud
from harness.cloud import caller
from harness.cloud.invoker import Invocation
from harness.cloud.local_cloud import LocalCloud

Document = dict[str, Any]
_HEADERS = ("content-type", "x-amz-function-error")


@dataclass(frozen=True)
class Tape:
    """One invocation.

    Attributes:
        folder: Of the function's code.
        variables: The function's environment.
        memory: MiB that the function has.
        request: Its payload.
        answers: AWS's, in order, as `inside.player` takes them.
    """

    folder: str
    variables: Mapping[str, str]
    memory: int
    request: str
    answers: tuple[Document, ...]

    @property
    def action(self) -> str:
        """Name what the function was asked to do."""
        return str(json.loads(self.request)["action"])

    @property
    def is_outer(self) -> bool:
        """Tell whether the state machine asked, not another function."""
        return "orchestration" in self.folder

    @property
    def is_poll(self) -> bool:
        """Tell whether the function looked at a wave."""
        return self.action in ("update_wave_status", "poll_wave_status")

    @property
    def wave_number(self) -> int:
        """Tell which wave was polled."""
        event = json.loads(self.request)
        state = event.get("application") or event["state"]
        return int(state["current_wave_number"])

    def operations(self) -> list[str]:
        """Name what it asked of AWS, as `service.Operation`."""
        return [
            f"{answer['service']}.{answer['operation']}"
            for answer in self.answers
        ]


@cache
def record(size: Size, side: str) -> tuple[Tape, ...]:
    """Carry a plan out once, and keep each invocation.

    Recorded once in a process: some questions need the same plan.

    Args:
        side: `reference` or `candidate`.

    Returns:
        Invocations in the order they ended: inner before outer.
    """
    microphone = _Microphone()
    handlers.BUILTIN_HANDLERS.extend(microphone.handlers)
    try:
        with cloud(size, side) as entered:
            carry_out(entered, size)
            return tuple(microphone.tapes(entered))
    finally:
        for entry in microphone.handlers:
            handlers.BUILTIN_HANDLERS.remove(entry)


class _Microphone:
    """Hears the calls of every botocore session that is made from now on."""

    def __init__(self) -> None:
        self._answers: dict[str, list[Document]] = defaultdict(list)
        self._last = ""
        # Calls that wait for their answers, by thread.
        self._depth: dict[int, int] = {}
        self.handlers: list[tuple[str, Any]] = [
            ("before-call", self._before),
            ("response-received", self._received),
            ("after-call", self._after),
            ("after-call-error", self._after),
        ]

    def tapes(self, entered: LocalCloud) -> list[Tape]:
        functions = {each.name: each for each in entered.deployment.functions}
        inner: dict[str, list[Invocation]] = defaultdict(list)
        found = []
        for each in entered.invocations:
            function = functions[each.function]
            answers = self._answers[each.request_id]
            _fill_in(answers, inner.pop(each.function, []))
            found.append(
                Tape(
                    function.folder,
                    function.environment,
                    function.memory,
                    each.request.decode(),
                    tuple(answers),
                )
            )
            inner[each.caller or ""].append(each)
        return found

    def _before(
        self, model: Any, params: Any, context: dict[str, Any], **_: Any
    ) -> None:
        found = caller.invocation() or ""
        self._last = found or self._last
        # A function's own threads know of no invocation, and nor does the
        # emulator, which asks EC2 while a call of the function is answered.
        depth = self._depth.get(threading.get_ident(), 0)
        self._depth[threading.get_ident()] = depth + 1
        if not depth and model.name in CONFIGURING:
            found = self._last
        text = f"{params.get('url_path')} {params.get('body')!r}"
        context["benchmark"] = (found, text)

    def _after(self, **_: Any) -> None:
        self._depth[threading.get_ident()] -= 1

    def _received(
        self,
        response_dict: Document,
        context: Document,
        event_name: str,
        **_: Any,
    ) -> None:
        invocation, request = context["benchmark"]
        service, operation = event_name.split(".")[1:]
        headers = response_dict["headers"]
        self._answers[invocation].append(
            {
                "service": service,
                "operation": operation,
                "request": request,
                "status": response_dict["status_code"],
                "headers": {n: headers[n] for n in _HEADERS if n in headers},
                "body": _text(response_dict["body"]),
            }
        )


def _fill_in(answers: list[Document], inner: list[Invocation]) -> None:
    """Give streams, which only the caller may read, the answers in them."""
    for answer in answers:
        if answer["body"] is None:
            answer["body"] = _text(inner.pop(0).payload)


def _text(body: object) -> str | None:
    if not isinstance(body, bytes):
        return None
    return base64.b64encode(body).decode()
