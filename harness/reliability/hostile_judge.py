"""What an answer to a hostile request must be: declared, and discreet."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from botocore import exceptions
from botocore.exceptions import BotoCoreError
from botocore.session import get_session

from harness.cloud.invoker import Invocation
from harness.contracts.parties import EVERY_ACTION, PARTIES
from harness.reliability.hostile_answers import REFUSED_BY_SERVICE, Answer
from harness.reliability.hostile_stages import ORCHESTRATIONS, SECRETS

# CPU seconds: ten times what the slowest request was seen to need.
SLOW_SECONDS = 20.0
LONGEST_ERROR = 8192
_VIOLATION = re.compile(
    r"at '(/[^']*)': ([a-zA-Z]+), expected .*?, got ([^;]*)"
)
# Values that are told by their size only.
_DESCRIBED = ("string", "number", "object", "array", "value")
# How Python words an error that nobody foresaw.
_CRASH = re.compile(
    r"object has no attribute|not subscriptable|unsupported operand"
    r"|unhashable type|not iterable|index out of range|NoneType"
    r"|not supported between|must be str|can only concatenate"
    r"|object cannot be interpreted|maximum recursion"
    r"|^'[^' ]*'$|^[0-9]+$|codec can't|surrogates not allowed"
)


@dataclass(frozen=True)
class Wrong:
    """Something that must not come of a request.

    Attributes:
        kind: What is wrong, without what varies from request to request.
        details: The rest.
    """

    kind: str
    details: str = ""

    def __str__(self) -> str:
        return f"{self.kind}: {self.details}" if self.details else self.kind


def wrongs(answer: Answer, folders: dict[str, str]) -> list[Wrong]:
    """List what is wrong with an answer.

    Args:
        folders: Folder of each Lambda, by its physical name.
    """
    if answer.died is not None:
        return [Wrong("No answer", answer.died)]
    found = [*_cost(answer), *_discretion(answer)]
    if answer.status == REFUSED_BY_SERVICE:
        return found
    for invocation in answer.invocations:
        is_outer = invocation is answer.outer
        found += _error(invocation, folders[invocation.function], is_outer)
        found += _state(invocation)
    return found


def declared(folder: str, action: object) -> frozenset[str]:
    """Tell which errors a Lambda may answer an action with."""
    if action == "query_servers_by_tags":
        return frozenset((*EVERY_ACTION, *_asked_aws()))
    prefix = "orchestration/" if folder in ORCHESTRATIONS else ""
    names = {"poll_wave_status": "update_wave_status"} if prefix else {}
    name = names.get(str(action), str(action))
    parties = PARTIES.get(f"{prefix}{name}")
    errors = parties.errors if parties and folder in parties.servers else ()
    return frozenset((*EVERY_ACTION, *errors))


@cache
def _asked_aws() -> tuple[str, ...]:
    """Name the errors of AWS calls, each by its own class."""
    parties = PARTIES["query_servers_by_tags"]
    modeled = (
        shape.name
        for service in ("drs", "sts")
        for shape in get_session().get_service_model(service).error_shapes
    )
    by_client = (
        name
        for name, each in vars(exceptions).items()
        if isinstance(each, type) and issubclass(each, BotoCoreError)
    )
    return (*parties.errors, *modeled, *by_client)


def passed_contract(answer: Answer) -> bool:
    """Tell whether a request got as far as a Lambda's own code."""
    outer = answer.outer
    if outer is None:
        return False
    if outer.function_error is None:
        return True
    return _document(outer)["errorType"] not in EVERY_ACTION


def _cost(answer: Answer) -> Iterator[Wrong]:
    if answer.seconds > SLOW_SECONDS:
        yield Wrong("Too slow", f"{answer.seconds:.0f} s of CPU time")


def _discretion(answer: Answer) -> Iterator[Wrong]:
    for secret in SECRETS:
        for kind, text in _told(answer):
            if secret in text:
                yield Wrong(f"A secret stands in {kind}", secret[:12])


def _told(answer: Answer) -> Iterator[tuple[str, str]]:
    for invocation in answer.invocations:
        for line in invocation.logs:
            yield "the log", line.message
        document = _document(invocation)
        if invocation.function_error:
            yield "an error", json.dumps(document)
        elif isinstance(document, dict):
            yield "the state's error", str(document.get("error"))
            yield "the state's reason", str(document.get("status_reason"))
    history = answer.history or {}
    yield "the record's errorMessage", str(history.get("errorMessage"))


def _error(
    invocation: Invocation, folder: str, is_outer: bool
) -> Iterator[Wrong]:
    if invocation.function_error is None:
        return
    document = _document(invocation)
    kind, text = document["errorType"], document["errorMessage"]
    place = (document.get("stackTrace") or [""])[-1].strip()
    if kind not in declared(folder, _action(invocation)):
        yield Wrong(f"{folder} raised {kind}", f"{text[:300]} {place}")
    elif kind == "ContractViolationError" and " response " in text[:80]:
        if not _was_passed_on(invocation, text):
            yield Wrong(f"{folder} broke its own contract", text[:300])
    elif kind == "ContractViolationError" and not is_outer:
        yield Wrong(
            f"{folder} was asked what its contract forbids", text[:300]
        )
    elif kind == "ValueError" and "task token" not in text:
        yield Wrong(f"{folder} raised ValueError", f"{text[:300]} {place}")
    if len(text) > LONGEST_ERROR:
        yield Wrong("An error is too long", f"{len(text)} characters")


def _state(invocation: Invocation) -> Iterator[Wrong]:
    """Find a crash that was taken for a wave's failure."""
    document = _document(invocation)
    if invocation.function_error or not isinstance(document, dict):
        return
    error = document.get("error")
    asked = json.loads(invocation.request)
    if _was_there(asked, error) or not isinstance(error, str):
        return
    if _CRASH.search(error):
        yield Wrong("A wave failed for no reason that tells", error[:300])
    elif len(error) > LONGEST_ERROR:
        yield Wrong("A reason is too long", f"{len(error)} characters")


def _was_passed_on(invocation: Invocation, text: str) -> bool:
    """Tell whether an answer breaks its contract as its request did.

    A request may say what no answer says; what is not its business, an
    action passes on as it is.
    """
    state = _state_of(json.loads(invocation.request))
    return all(
        _is_so(state, pointer.split("/")[1:], rule, got)
        for pointer, rule, got in _VIOLATION.findall(text)
    )


def _is_so(state: Any, steps: list[str], rule: str, got: str) -> bool:
    for step in steps:
        if isinstance(state, list) and step.isdigit():
            state = state[int(step)] if int(step) < len(state) else None
        elif isinstance(state, dict) and step in state:
            state = state[step]
        else:
            return rule == "required" and got == "nothing"
    return json.dumps(state) == got or got.startswith(_DESCRIBED)


def _was_there(asked: Any, error: object) -> bool:
    """Tell whether the request itself brought an error along."""
    return bool(_state_of(asked).get("error") == error)


def _state_of(asked: Any) -> dict[str, Any]:
    if not isinstance(asked, dict):
        return {}
    inner = asked.get("application") or asked.get("state") or asked
    return inner if isinstance(inner, dict) else {}


def _action(invocation: Invocation) -> object:
    asked = json.loads(invocation.request or b"{}")
    return asked.get("action") if isinstance(asked, dict) else None


def _document(invocation: Invocation) -> Any:
    return json.loads(invocation.payload)


def kinds(found: Iterable[Wrong]) -> frozenset[str]:
    """Give the kinds of what is wrong."""
    return frozenset(each.kind for each in found)
