"""Stack traces are left out of a comparison, errors are not."""

import json

from harness.equivalence.observations import without_stack_traces


def error(message: str, line: int) -> dict[str, object]:
    return {
        "errorType": "ValueError",
        "errorMessage": message,
        "requestId": f"request-{line}",
        "stackTrace": [f'File "index.py", line {line}'],
    }


def caught(message: str, line: int) -> dict[str, object]:
    cause = json.dumps(error(message, line))
    return {"failure": {"Error": "ValueError", "Cause": cause}, "waves": [1]}


def test_equal_errors_are_equal_when_only_their_lines_differ() -> None:
    assert without_stack_traces(error("a", 1)) == (
        without_stack_traces(error("a", 2))
    )
    assert without_stack_traces([caught("a", 1)]) == (
        without_stack_traces([caught("a", 2)])
    )


def test_errors_differ_when_their_messages_do() -> None:
    assert without_stack_traces(error("a", 1)) != (
        without_stack_traces(error("b", 1))
    )
    assert without_stack_traces(caught("a", 1)) != (
        without_stack_traces(caught("b", 1))
    )


def test_request_id_stays_when_it_is_in_no_error() -> None:
    state = {"requestId": "request-1", "stackTrace": []}

    assert without_stack_traces(state) == state


def test_cause_stays_when_it_is_no_document() -> None:
    state = {"failure": {"Error": "E", "Cause": "no JSON"}, "error": None}

    assert without_stack_traces(state) == state
