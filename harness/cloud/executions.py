"""Start, watch, resume and stop executions of the state machine."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from harness.cloud import execution_engine as engine
from harness.cloud.moto_patches.task_tokens import TaskTokens
from harness.cloud.real_time import wait_until

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient
    from mypy_boto3_stepfunctions.type_defs import (
        DescribeExecutionOutputTypeDef,
        HistoryEventTypeDef,
    )

PAUSED = "PAUSED"
# https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html;
# moto enforces neither.
MAX_INPUT_BYTES = 262_144
MAX_EVENTS = 25_000


class ExecutionInputTooLargeError(Exception):
    """An input exceeds what StartExecution takes."""

    def __init__(self, size: int) -> None:
        self.size = size
        super().__init__(
            f"The execution's input has {size} bytes; Step Functions takes "
            f"{MAX_INPUT_BYTES}"
        )


class TooManyEventsError(Exception):
    """An execution has more events than Step Functions allows."""

    def __init__(self, arn: str, count: int) -> None:
        self.arn = arn
        self.count = count
        super().__init__(
            f"{arn} has {count} history events; Step Functions ends an "
            f"execution at {MAX_EVENTS}"
        )


@dataclass(frozen=True)
class Transition:
    """A state entered or left.

    Attributes:
        kind: The event's type, such as `TaskStateEntered`.
        state: Name of the state.
        data: Its input (entered) or output (left).
    """

    kind: str
    state: str
    data: Any


class Executions:
    """The executions of one state machine."""

    def __init__(
        self,
        client: "SFNClient",
        state_machine_arn: str,
        tokens: TaskTokens,
        limit: float,
    ) -> None:
        """Prepare for a state machine.

        Args:
            tokens: Those that the engine makes.
            limit: Real seconds after which a wait is given up.
        """
        self._client = client
        self._machine = state_machine_arn
        self._tokens = tokens
        self._limit = limit
        self._arns: list[str] = []

    @property
    def arns(self) -> tuple[str, ...]:
        """Those that were started, in order."""
        return tuple(self._arns)

    def start(self, execution_id: str, document: Mapping[str, Any]) -> str:
        """Start an execution, which runs in a thread of its own.

        Args:
            execution_id: Its name; unnamed ones would collide in moto.

        Returns:
            Its ARN.

        Raises:
            ExecutionInputTooLargeError: AWS would refuse the input.
        """
        text = json.dumps(document)
        if (size := len(text.encode())) > MAX_INPUT_BYTES:
            raise ExecutionInputTooLargeError(size)
        arn = self._client.start_execution(
            stateMachineArn=self._machine, name=execution_id, input=text
        )["executionArn"]
        self._arns.append(arn)
        return arn

    def arn_of(self, execution_id: str) -> str:
        """Tell the ARN that an execution of this name has or will have."""
        return execution_arn(self._machine, execution_id)

    def describe(self, arn: str) -> "DescribeExecutionOutputTypeDef":
        """Describe an execution as the API does."""
        return self._client.describe_execution(executionArn=arn)

    def history(self, arn: str) -> "list[HistoryEventTypeDef]":
        """List the events of an execution as the API does."""
        return self._client.get_execution_history(executionArn=arn)["events"]

    def transitions(self, arn: str) -> list[Transition]:
        """List the states entered and left, with their data, in order."""
        return list(_transitions(self.history(arn)))

    def last_input(self, arn: str) -> Any:
        """Give the data of the state that was entered last.

        The same as in `transitions`, at a hundredth of the time.
        """
        return _parsed(engine.last_input(arn))

    def wait(
        self,
        arn: str,
        limit: float | None = None,
        is_vain: Callable[[], bool] = lambda: False,
    ) -> str:
        """Wait until an execution has ended or waits for a person.

        Args:
            limit: Real seconds, instead of the cloud's own.
            is_vain: Tells that it is no use to wait any longer.

        Returns:
            `PAUSED`, or the final status such as `SUCCEEDED`; `RUNNING`
            when it was no use to wait.

        Raises:
            RealTimeLimitExceeded: Neither happened in time.
            TooManyEventsError: AWS would have ended the execution.
        """
        wait_until(
            lambda: is_vain() or self._is_at_rest(arn),
            f"the end or a pause of {arn}",
            limit or self._limit,
        )
        return PAUSED if self.pending_tokens(arn) else engine.status(arn)

    def pending_tokens(self, arn: str) -> list[str]:
        """List the task tokens that wait for an answer."""
        if not engine.waits_for_callback(arn):
            return []
        unanswered = engine.unanswered_tokens(arn)
        return [t for t in unanswered if t not in self._tokens.expired]

    def resume(self, token: str, output: object = None) -> None:
        """Answer a task token as the API does when a person resumes.

        Args:
            output: Anything JSON.
        """
        self._client.send_task_success(
            taskToken=token, output=json.dumps(output)
        )

    def cancel_paused(self, token: str) -> None:
        """Answer a task token as the API does when a person cancels."""
        self._client.send_task_failure(
            taskToken=token,
            error="ExecutionCancelled",
            cause="Execution cancelled by user",
        )

    def stop_all(self) -> None:
        """End everything that runs, and wait for its threads.

        A paused execution would survive StopExecution in moto, so its
        token is failed first.

        Raises:
            RealTimeLimitExceeded: A thread does not end.
        """
        for token in self._tokens.issued:
            self._fail_if_pending(token)
        # Whoever started them, and whichever state machine they are of.
        for arn in engine.arns():
            self._stop(arn)
        engine.join_threads(self._limit)
        engine.forget_executions()
        self._tokens.restart()
        self._arns.clear()

    def _fail_if_pending(self, token: str) -> None:
        try:
            self.cancel_paused(token)
        except ClientError as error:
            if error.response["Error"]["Code"] not in _ANSWERED_BEFORE:
                raise

    def _stop(self, arn: str) -> None:
        wait_until(
            lambda: engine.has_begun(arn), f"the start of {arn}", self._limit
        )
        if engine.status(arn) == "RUNNING":
            self._client.stop_execution(executionArn=arn, error="Teardown")
        engine.release_waiting_threads(arn)

    def _is_at_rest(self, arn: str) -> bool:
        if (count := engine.event_count(arn)) > MAX_EVENTS:
            raise TooManyEventsError(arn, count)
        ended = engine.status(arn) != "RUNNING"
        return ended or bool(self.pending_tokens(arn))


_ANSWERED_BEFORE = {"TaskDoesNotExist", "TaskTimedOut", "InvalidToken"}


def _transitions(events: "list[HistoryEventTypeDef]") -> Iterator[Transition]:
    for event in events:
        if entered := event.get("stateEnteredEventDetails"):
            data = _parsed(entered.get("input"))
            yield Transition(event["type"], entered["name"], data)
        if left := event.get("stateExitedEventDetails"):
            data = _parsed(left.get("output"))
            yield Transition(event["type"], left["name"], data)


def _parsed(text: str | None) -> Any:
    return None if text is None else json.loads(text)


def execution_arn(state_machine_arn: str, name: str) -> str:
    """Tell the ARN of an execution by its state machine and its name."""
    machine = state_machine_arn.replace(":stateMachine:", ":execution:")
    return f"{machine}:{name}"
