"""What an outsider saw of one execution, as plain JSON values."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from harness.cloud.calls import AwsCall
from harness.cloud.invoker import Invocation
from harness.equivalence.masking import secrets_in

# A call whose name begins so changes nothing. AssumeRole only makes
# credentials: how often a role is assumed is nobody's business.
_READS = ("Get", "Describe", "List", "Query", "Scan", "BatchGet", "AssumeRole")
# Of an error document that AWS's runtime client writes.
_OF_ONE_FUNCTION = ("requestId", "stackTrace")


@dataclass(frozen=True)
class Observation:
    """One execution of one orchestration in one world.

    Attributes:
        ending: How the state machine ended: status, error, cause, output.
        transitions: Each state entered or left, with its data, in order.
        steps: After each Lambda step of the state machine: the action,
            its error and all items of all tables.
        tables: All items at the end, by table and key.
        mutations: AWS calls that change something, in order; those about
            single servers that follow one another, server by server.
        reads: AWS calls that change nothing, canonical; how often and
            when is free.
        jobs: DRS jobs at the end, by account and Region.
        instances: EC2 instances at the end, by account and Region.
        lines: What the Lambdas logged, in order.
        secrets: Texts that came to the Lambdas under the name of a secret;
            not compared, but hidden in what is shown.
    """

    ending: Mapping[str, Any]
    transitions: tuple[Mapping[str, Any], ...]
    steps: tuple[Mapping[str, Any], ...]
    tables: Mapping[str, Any]
    mutations: tuple[Mapping[str, Any], ...]
    reads: frozenset[str]
    jobs: Mapping[str, Any]
    instances: Mapping[str, Any]
    lines: tuple[str, ...]
    secrets: frozenset[str] = frozenset()

    @property
    def states_entered(self) -> int:
        """How many transitions Step Functions counts: states entered."""
        return sum(
            str(transition["event"]).endswith("Entered")
            for transition in self.transitions
        )


def plain(value: Any) -> Any:
    """Copy a value of Python as one of JSON.

    Numbers of DynamoDB become int or float, moments ISO 8601, sets sorted
    lists, and what JSON has no word for becomes text.
    """
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if isinstance(value, (set, frozenset)):
        return sorted(map(plain, value), key=canonical)
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return str(value)


def canonical(value: Any) -> str:
    """Write a JSON value so that equal values are equal texts."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def call_document(call: AwsCall) -> dict[str, Any]:
    """Write a call without the name of the function that made it."""
    return {
        "account": call.account,
        "region": call.region,
        "service": call.service,
        "operation": call.operation,
        "params": plain(call.params),
        "error": call.error,
    }


def secrets_of(invocation: Invocation) -> Iterator[str]:
    """Find the secrets in the event and in the answer of a function."""
    payloads = invocation.request, invocation.payload
    return secrets_in([payload.decode() for payload in payloads])


def invokes(call: AwsCall) -> bool:
    """Tell whether a call is one Lambda calling another."""
    return (call.service, call.operation) == ("lambda", "Invoke")


def is_read(operation: str) -> bool:
    """Tell whether an AWS operation changes nothing."""
    return operation.startswith(_READS)


def without_stack_traces(value: Any) -> Any:
    """Copy a JSON value without the stack traces of failed functions.

    A stack trace names lines of code, which are another orchestration's by
    design, and a request id the invocation, of which another has more. The
    error's type and message stay. Step Functions hands the whole error on as
    text, in ``Cause``.
    """
    if isinstance(value, list):
        return [without_stack_traces(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    left_out = _OF_ONE_FUNCTION if "errorType" in value else ()
    return {
        key: (
            _error_document(inner)
            if key == "Cause"
            else without_stack_traces(inner)
        )
        for key, inner in value.items()
        if key not in left_out
    }


def _error_document(cause: Any) -> Any:
    try:
        return without_stack_traces(json.loads(cause))
    except (TypeError, ValueError):
        return cause
