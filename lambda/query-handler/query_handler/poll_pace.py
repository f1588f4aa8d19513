"""How often a wave is polled.

Step Functions keeps 25,000 events of an execution and ends it at the next
one, without a word to anybody. Eleven events a poll, every 30 seconds, last
19 hours. So polls get rarer in a long recovery, which then lasts for months.
"""

from shared.clock import epoch_seconds
from shared.execution_state import POLL_SECONDS, State

# Each such time takes half as many events as the one before.
SLOWER_AFTER_SECONDS = 8 * 3600
SLOWEST = 10


def slow_down(state: State) -> None:
    """Let the next poll wait longer if the waves have run for hours.

    Args:
        state: Of an execution whose wave is in progress. Its time between
            polls is only ever made longer.
    """
    now = epoch_seconds()
    run = sum(
        (result.get("endTime") or now) - result.get("startTime", now)
        for result in state["wave_results"]
    )
    doubled = int(min(max(0, run // SLOWER_AFTER_SECONDS), SLOWEST))
    seconds = POLL_SECONDS * 2**doubled
    state["current_wave_update_time"] = max(
        state["current_wave_update_time"], seconds
    )
