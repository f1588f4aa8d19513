"""Whether what breaks a contract is refused, or reported and let through."""

import os

from shared import log_lines
from shared.contract_errors import Direction
from shared.log_lines import logger

REFUSE = "refuse"
REPORT = "report"
# Nothing has been started for a bad request. A response may tell of a job
# that was started, which must not be lost with it.
SETTINGS: dict[Direction, tuple[str, str]] = {
    "request": ("CONTRACT_REQUESTS", REFUSE),
    "response": ("CONTRACT_RESPONSES", REPORT),
}


def refuses(direction: Direction) -> bool:
    """Read the policy for a direction from the environment.

    A value that is no policy is reported, and the default holds.
    """
    variable, default = SETTINGS[direction]
    value = os.environ.get(variable) or default
    if value not in (REFUSE, REPORT):
        logger.error(
            log_lines.POLICY_UNKNOWN,
            variable,
            ascii(value[:40]),
            REFUSE,
            REPORT,
            default,
        )
        value = default
    return value == REFUSE
