"""Refuse the calls that IAM does not allow, before they do anything."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from harness import drs
from harness.cloud.calls import AwsCall, ServiceError
from harness.cloud.deployment import Deployment
from harness.cloud.permissions import (
    denials,
    evaluation,
    identities,
    operations,
)
from harness.cloud.permissions.recoveries import DeniedLaunches
from harness.cloud.recorder import CallRecorder

_START_RECOVERY = ("drs", "StartRecovery")


class Guard:
    """Evaluates each call of Lambdas and of the state machine."""

    def __init__(
        self,
        deployment: Callable[[], Deployment],
        lock: AbstractContextManager[object],
    ) -> None:
        """Prepare for a deployment, which may change later.

        Args:
            lock: Held while it looks at the services, whose state others
                change at the same time.
        """
        self._deployment = deployment
        self._lock = lock
        self._launches = DeniedLaunches()

    def denial(self, call: AwsCall) -> ServiceError | None:
        """Tell with which error AWS refuses a call, if it does.

        A recovery that may start and whose launches may not is let
        through; the launches fail in their time.

        Raises:
            UnmappedOperationError: Nobody knows what the call needs; so
                do the other errors of `operations` and `evaluation`.
        """
        with self._lock:
            return self._denial(call)

    def over(self, call: AwsCall) -> None:
        """Note that a call has been answered, or will not be."""
        with self._lock:
            self._launches.settle()

    @contextmanager
    def watching(self, recorder: CallRecorder) -> Iterator[None]:
        """Stand in the way of all calls that a recorder sees."""
        forget = drs.subscribe(self._launches.see)
        recorder.guard = self
        try:
            yield
        finally:
            recorder.guard = None
            forget()

    def _denial(self, call: AwsCall) -> ServiceError | None:
        caller = identities.caller_of(call, self._deployment())
        for request in operations.requests(call, caller.context(call)):
            denied = evaluation.denial(caller.statements, request)
            if denied is not None:
                return denials.answer(call.service, caller, denied)
        if (call.service, call.operation) == _START_RECOVERY:
            self._launches.prepare(call, caller)
        return None
