"""AWS calls that go wrong, addressed by what they mean.

The two sides of a comparison make their calls from different functions and
in different numbers, so "the fifth call" is not the same call on both. "The
second UpdateItem of this step" is, and "the StartRecovery of wave 2" is that
of the step that starts it.

A side may also work on several servers at once. So calls about one server, or
about its launch template, are counted for each server: "the first
UpdateLaunchConfiguration" is the first one of every server, unless the trouble
says which.
"""

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from harness.cloud.calls import (
    AwsCall,
    Fault,
    FunctionFailure,
    NoAnswer,
    ServiceError,
)
from harness.equivalence import service_errors
from harness.equivalence.observations import plain
from harness.equivalence.scenarios import Trouble

# What AWS can do to any call.
KINDS = service_errors.KINDS
# What can happen to one Lambda that calls another: the candidate only.
INVOCATION_KINDS: Mapping[str, Fault] = {
    "throttled": ServiceError("TooManyRequestsException", 429),
    "broken": ServiceError("ServiceException", 500),
    "unanswered": NoAnswer(),
    "lost": NoAnswer(after_effect=True),
    "crashed": FunctionFailure("Runtime.ExitError"),
    "crashed after effect": FunctionFailure(
        "Runtime.ExitError", after_effect=True
    ),
    "timed out": FunctionFailure("Sandbox.Timedout"),
    "timed out after effect": FunctionFailure(
        "Sandbox.Timedout", after_effect=True
    ),
}
DUPLICATED = "duplicated"
# What a person may ask for just before a call is sent, which then goes well.
WISHES = ("cancel asked for", "pause asked for")
INVOKE = "Invoke"


class UnknownTroubleError(ValueError):
    """A trouble's kind is none there is."""

    def __init__(self, trouble: Trouble, known: Sequence[str]) -> None:
        super().__init__(
            f"{trouble.operation}: no kind {trouble.kind!r}, "
            f"known: {', '.join(known)}"
        )


class TroubleMaker:
    """Makes the calls of one step go wrong, as the step says.

    Attributes:
        made: Troubles that met their call; those of several servers in any
            order.
    """

    def __init__(
        self,
        troubles: Sequence[Trouble],
        invoke_again: Callable[[AwsCall], None],
        ask: Callable[[str], None],
        server_of: Callable[[AwsCall], str],
    ) -> None:
        """Wait for the calls of a step.

        Args:
            invoke_again: Delivers an invocation once more.
            ask: Writes what a person asks for, one of `WISHES`.
            server_of: Names the one server that a call is about; empty for
                none.

        Raises:
            UnknownTroubleError: A kind is none there is.
        """
        require_known(troubles)
        self._troubles = list(troubles)
        self._invoke_again = invoke_again
        self._ask = ask
        self._server_of = server_of
        # By the trouble's place among those of the step: two may be equal.
        self._counts: Counter[tuple[int, str]] = Counter()
        self._counting = threading.Lock()
        self._asking = threading.Lock()
        self.made: list[Trouble] = []

    def before(self, call: AwsCall) -> Fault | None:
        """Say what goes wrong with a call that is about to be sent."""
        trouble = self._met(call)
        return None if trouble is None else self._fault(trouble, call)

    def _met(self, call: AwsCall) -> Trouble | None:
        """Count a call, and choose what goes wrong with it.

        Every trouble counts each of its calls, also those that another
        trouble meets first.
        """
        troubles = enumerate(self._troubles)
        named = [t for t in troubles if t[1].operation == call.operation]
        if not named:
            return None
        server = self._server_of(call)
        text = f"{json.dumps(plain(call.params))} {server}"
        with self._counting:
            come = [
                trouble
                for index, trouble in named
                if trouble.about in text and self._has_come(index, server)
            ]
            self.made.extend(come[:1])
        return come[0] if come else None

    def _has_come(self, index: int, server: str) -> bool:
        """Count one more call, and tell whether it is to go wrong."""
        self._counts[index, server] += 1
        nth = self._troubles[index].nth
        return nth in (0, self._counts[index, server])

    def _fault(self, trouble: Trouble, call: AwsCall) -> Fault | None:
        if trouble.kind == DUPLICATED:
            self._invoke_again(call)
            return None
        if trouble.kind in WISHES:
            # A person has one pair of hands, however many threads call.
            with self._asking:
                self._ask(trouble.kind)
            return None
        if trouble.operation == INVOKE:
            return INVOCATION_KINDS[trouble.kind]
        return service_errors.fault(trouble.kind, call.service)


def require_known(troubles: Iterable[Trouble]) -> None:
    """Refuse troubles that nobody can make.

    Raises:
        UnknownTroubleError: A kind is none there is.
    """
    for trouble in troubles:
        known = _kinds(trouble.operation)
        if trouble.kind not in known:
            raise UnknownTroubleError(trouble, known)


def concerns_invocations(trouble: Trouble) -> bool:
    """Tell whether only the candidate can meet a trouble."""
    return trouble.operation == INVOKE


def _kinds(operation: str) -> list[str]:
    if operation == INVOKE:
        return [*INVOCATION_KINDS, DUPLICATED]
    return [*KINDS, *WISHES]
