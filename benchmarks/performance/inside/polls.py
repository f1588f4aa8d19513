"""The processor's time of warm invocations."""

import json
import time
from typing import Any

from benchmarks.performance.inside.player import Player

Document = dict[str, Any]


def measure(
    tapes: list[Document], checks: list[list[str]], repetitions: int
) -> list[Document]:
    """Carry invocations out, in their order, again and again.

    Args:
        tapes: Of one function.
        checks: Of contracts, that one invocation makes: each the contract
            and `request` or `response`.
        repetitions: Those that count; one more goes before them.

    Returns:
        For each invocation the seconds of all repetitions, from the
        payload's text to the answer's, and those of the checks in them.
    """
    player = Player()
    import index

    taken: list[Document] = [{"poll": [], "checks": []} for _ in tapes]
    for turn in range(repetitions + 1):
        for tape, seconds in zip(tapes, taken):
            player.insert(tape["answers"])
            invoked, event, answer = _invoke(index, tape["request"])
            checked = _check(checks, event, answer)
            if turn:
                seconds["poll"].append(invoked)
                seconds["checks"].append(checked)
    return taken


def _invoke(index: Any, request: str) -> tuple[float, Any, Any]:
    begin = time.process_time()
    event = json.loads(request)
    answer = index.lambda_handler(event, None)
    json.dumps(answer)
    return time.process_time() - begin, event, answer


def _check(checks: list[list[str]], event: Any, answer: Any) -> float:
    from shared import contracts

    begin = time.process_time()
    for contract, direction in checks:
        if direction == "request":
            contracts.check_request(contract, event)
        else:
            contracts.check_response(contract, answer)
    return time.process_time() - begin
