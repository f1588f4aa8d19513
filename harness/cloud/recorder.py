"""Record what Lambdas and Step Functions ask of AWS, and let tests act.

botocore emits an event at each stage of a call. Its list of built-in
handlers reaches every session that is made later, so the calls of
assumed roles are seen as well as those of the default session.
"""

import copy
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from botocore.awsrequest import AWSPreparedRequest

from harness.cloud import caller
from harness.cloud.calls import (
    STATE_MACHINE,
    AwsCall,
    CallHooks,
    Fault,
    Guard,
    PendingCall,
)
from harness.cloud.functions import HUB_ACCOUNT
from harness.cloud.subjects import subject

_PARAMS = "local_cloud_params"
_ACCESS_KEY = re.compile(r"Credential=([^/]+)/")
# moto's Step Functions calls other services with this key.
_STATE_MACHINE_KEY = "ak"


class CallRecorder:
    """The AWS calls of a world, in the order they were first sent.

    A function may call from several threads: each call belongs to the
    context that makes it, and hooks are called in its thread, by several
    at once. Hooks may wait for one another, so no lock is held meanwhile.

    Attributes:
        calls: Calls made by Lambda code.
        state_machine_calls: Calls that Step Functions made itself.
        failures: What hooks raised, which is a test's own error, and
            what a guard cannot decide.
        guard: Decides which calls are refused; None lets all pass.
    """

    def __init__(self) -> None:
        self.hooks = CallHooks()
        self.guard: Guard | None = None
        self.restart()

    def restart(self) -> None:
        """Forget all calls, hooks and assumed roles."""
        self.calls: list[AwsCall] = []
        self.state_machine_calls: list[AwsCall] = []
        self.failures: list[BaseException] = []
        self.hooks.before.clear()
        self.hooks.after.clear()
        self._sessions: dict[str, str] = {}

    def keep_params(
        self, params: Any, context: dict[str, Any], **_: Any
    ) -> None:
        """Keep the parameters until all handlers have worked on them."""
        context[_PARAMS] = params
        caller.set_asked_about(subject(params))

    def begin(self, model: Any, context: dict[str, Any], **_: Any) -> None:
        """Note that a call begins in this thread."""
        call = PendingCall(
            outer=caller.pending_call(),
            service=model.service_model.service_name,
            operation=model.name,
            protocol=model.service_model.resolved_protocol,
            params=copy.deepcopy(context.pop(_PARAMS, {})),
            region=context["client_region"],
        )
        caller.set_pending_call(call)

    def go_on(self, call: PendingCall) -> None:
        """Note that a call that failed is tried again in this thread.

        For calls of other processes, whose end shows only afterwards.
        """
        call.outer = caller.pending_call()
        caller.set_pending_call(call)

    def attempt(self, request: AWSPreparedRequest) -> Fault | None:
        """Note an attempt of the call; ask the hooks at the first one.

        Returns:
            What is to go wrong with this attempt.
        """
        call = caller.pending_call()
        if call is None:
            return None
        call.attempts += 1
        if call.attempts == 1:
            self._record(call, _access_key(request))
        return call.fault_now()

    def end(
        self, http_response: Any, parsed: Mapping[str, Any], **_: Any
    ) -> None:
        """Note the answer of the call."""
        call = caller.pending_call()
        if call is None:
            return
        self._learn_session(call, parsed)
        failed = http_response.status_code >= 300
        code = parsed.get("Error", {}).get("Code") if failed else None
        self._finish(call, code)

    def end_without_answer(self, exception: Exception, **_: Any) -> None:
        """Note that the call ended without an answer."""
        call = caller.pending_call()
        if call is not None:
            self._finish(call, type(exception).__name__)

    def _record(self, call: PendingCall, access_key: str) -> None:
        function = caller.function()
        if function is None and access_key == _STATE_MACHINE_KEY:
            function = STATE_MACHINE
        if function is None:
            return
        session = self._sessions.get(access_key)
        call.record = AwsCall(
            function=function,
            service=call.service,
            operation=call.operation,
            params=call.params,
            account=session.split(":")[4] if session else HUB_ACCOUNT,
            region=call.region,
            session=session,
        )
        self._list_of(call.record).append(call.record)
        with caller.outside(), self._noting_failures():
            call.fault = self._ask_before(call.record)
            if self.guard is not None:
                call.denial = self.guard.denial(call.record)

    def _list_of(self, call: AwsCall) -> list[AwsCall]:
        by_machine = call.function == STATE_MACHINE
        return self.state_machine_calls if by_machine else self.calls

    def _ask_before(self, call: AwsCall) -> Fault | None:
        for hook in list(self.hooks.before):
            fault = hook(call)
            if fault is not None:
                return fault
        return None

    def _finish(self, call: PendingCall, error: str | None) -> None:
        caller.set_pending_call(call.outer)
        if call.record is None:
            return
        call.record.error = error
        with caller.outside(), self._noting_failures():
            if self.guard is not None:
                self.guard.over(call.record)
            for hook in list(self.hooks.after):
                hook(call.record)

    @contextmanager
    def _noting_failures(self) -> Iterator[None]:
        try:
            yield
        except BaseException as error:
            self.failures.append(error)
            raise

    def _learn_session(
        self, call: PendingCall, parsed: Mapping[str, Any]
    ) -> None:
        if call.operation == "AssumeRole" and "Credentials" in parsed:
            key = parsed["Credentials"]["AccessKeyId"]
            self._sessions[key] = parsed["AssumedRoleUser"]["Arn"]


def _access_key(request: AWSPreparedRequest) -> str:
    header = request.headers.get("Authorization", b"")
    text = header.decode() if isinstance(header, bytes) else str(header)
    found = _ACCESS_KEY.search(text)
    return found[1] if found else ""
