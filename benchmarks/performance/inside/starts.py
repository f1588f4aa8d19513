"""How long a start takes by the clock, each AWS call its time."""

import json
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
    with player.timing() as taken:
        state = index.lambda_handler(event, None)
    assert state["job_id"], state["error"]
    return taken
