"""Measured in a fresh interpreter, started by ``benchmarks.contracts``.

    python -m benchmarks.contract_times boundaries WAVES SERVERS REPETITIONS
    python -m benchmarks.contract_times import

The folder ``lambda/``, and for ``import`` that of a Lambda, must be on the
path. Prints one JSON document of seconds.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

ENGINES = ("jsonschema-rs", "jsonschema")
QUERY = "query_servers_by_tags"


def main() -> None:
    """Measure what the arguments say."""
    kind, *sizes = sys.argv[1:]
    measured = importing() if kind == "import" else judging(*map(int, sizes))
    print(json.dumps(measured))


def importing() -> dict[str, float]:
    """Measure the import of an index, then the first check of a request."""
    begin = time.perf_counter()
    import index  # noqa: F401

    imported = time.perf_counter()
    from shared import contracts

    event = {"action": QUERY, "region": "eu-west-1", "tags": {}}
    contracts.check_request(QUERY, event)
    checked = time.perf_counter()
    return {"import": imported - begin, "first check": checked - imported}


def judging(waves: int, servers: int, repetitions: int) -> list[Any]:
    """Measure `json.loads` and both engines at each boundary, in turns."""
    from benchmarks.contract_states import boundaries

    return [
        {
            "action": action,
            "direction": direction,
            "bytes": len(json.dumps(document)),
            "seconds": _in_turns(action, direction, document, repetitions),
        }
        for (action, direction), document in boundaries(waves, servers).items()
    ]


def _in_turns(
    action: str, direction: Any, document: Any, repetitions: int
) -> dict[str, list[float]]:
    from shared import contracts

    def judge() -> None:
        found = contracts.find_violations(action, direction, document)
        assert not found, found

    text = json.dumps(document)
    taken: dict[str, list[float]] = {"json.loads": []}
    for turn in range(repetitions + 1):
        times = {"json.loads": _seconds(lambda: json.loads(text))}
        for engine in ENGINES:
            os.environ["CONTRACT_ENGINE"] = engine
            times[engine] = _seconds(judge)
        # The first turn reads the schemas and warms up.
        for name, seconds in times.items() if turn else ():
            taken.setdefault(name, []).append(seconds)
    return taken


def _seconds(work: Callable[[], object]) -> float:
    # Of the processor: others on the machine would bend a ratio.
    begin = time.process_time()
    work()
    return time.process_time() - begin


if __name__ == "__main__":
    main()
