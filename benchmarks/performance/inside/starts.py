"""How long a start takes by the clock, each AWS call its time."""

import json
import time
from typing import Any

from benchmarks.performance.inside.player import Player

Document = dict[str, Any]


def measure(tape: Document, delay: float) -> Document:
    """Start a wave twice: without delay, which makes clients, and with it.

    Args:
        delay: Seconds that each call takes.

    Raises:
        AssertionError: No job was started.
    """
    player = Player()
    import index

    player.insert(tape["answers"])
    index.lambda_handler(json.loads(tape["request"]), None)
    player.delay = delay
    player.insert(tape["answers"])
    event = json.loads(tape["request"])
    begin, cpu = time.perf_counter(), time.process_time()
    state = index.lambda_handler(event, None)
    seconds, used = time.perf_counter() - begin, time.process_time() - cpu
    assert state["job_id"], state["error"]
    return {
        "seconds": seconds,
        "cpu seconds": used,
        "calls": player.calls,
        "most at once": player.most_at_once,
    }
