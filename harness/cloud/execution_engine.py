"""Look into moto's Step Functions without asking its API.

A look through the API every millisecond would cost more than the
executions it waits for. This is the one module that knows how moto keeps
its executions.
"""

from typing import Any

from moto.stepfunctions.parser.models import stepfunctions_parser_backends
from moto.stepfunctions.parser.utils import TMP_THREADS

from harness.cloud.functions import DEFAULT_REGION, HUB_ACCOUNT
from harness.cloud.real_time import wait_until

_CALLBACK = "waitForTaskToken"


def status(arn: str) -> str:
    """Tell the status of an execution, in Step Functions' words."""
    return str(_execution(arn).exec_status.value)


def has_begun(arn: str) -> bool:
    """Tell whether an execution has got as far as its first state."""
    return _execution(arn).exec_worker.env is not None


def event_count(arn: str) -> int:
    """Tell how many events an execution has had."""
    return len(_events(arn))


def last_input(arn: str) -> str | None:
    """Give the input of the state that was entered last, None for none."""
    for event in reversed(_events(arn)):
        if entered := event.get("stateEnteredEventDetails"):
            text: str | None = entered.get("input")
            return text
    return None


def waits_for_callback(arn: str) -> bool:
    """Tell whether the last thing an execution did was to begin a wait."""
    events = _events(arn)
    if not events or events[-1]["type"] != "TaskSubmitted":
        return False
    resource = events[-1]["taskSubmittedEventDetails"]["resource"]
    return str(resource).endswith(_CALLBACK)


def awake_count() -> int:
    """Count the executions that run and do not wait for a callback."""
    return sum(
        execution.exec_status.value == "RUNNING"
        and not waits_for_callback(execution.execution_arn)
        for machine in _machines()
        for execution in list(machine.executions)
    )


def arns() -> list[str]:
    """List the ARNs of all executions of all state machines."""
    return [
        execution.execution_arn
        for machine in _machines()
        for execution in list(machine.executions)
    ]


def unanswered_tokens(arn: str) -> list[str]:
    """List the task tokens of an execution that nobody answered yet."""
    environment = _execution(arn).exec_worker.env
    pool = environment.callback_pool_manager._pool
    return [
        token
        for token, endpoint in list(pool.items())
        if endpoint.get_outcome() is None and endpoint.consumer_error is None
    ]


def release_waiting_threads(arn: str) -> None:
    """Wake threads that wait for a callback nobody will send any more."""
    environment = _execution(arn).exec_worker.env
    if environment is not None:
        for endpoint in environment.callback_pool_manager._pool.values():
            endpoint.interrupt_all()


def join_threads(seconds: float) -> None:
    """Wait for all threads of all executions to end.

    Raises:
        RealTimeLimitExceeded: One still runs after these real seconds.
    """
    threads = list(TMP_THREADS)
    wait_until(
        lambda: not any(thread.is_alive() for thread in threads),
        "the end of all threads of Step Functions",
        seconds,
    )
    TMP_THREADS.clear()


def forget_executions() -> None:
    """Forget all executions; their state machines stay."""
    for machine in _machines():
        machine.executions.clear()


def _machines() -> list[Any]:
    backend = stepfunctions_parser_backends[HUB_ACCOUNT][DEFAULT_REGION]
    return list(backend.state_machines)


def _execution(arn: str) -> Any:
    for machine in _machines():
        for execution in machine.executions:
            if execution.execution_arn == arn:
                return execution
    raise KeyError(arn)


def _events(arn: str) -> list[Any]:
    environment = _execution(arn).exec_worker.env
    if environment is None:
        return []
    # Its public method copies all events, each time.
    return list(environment.event_manager._history_event_list)
