"""In which ways AWS services fail, each in its own words."""

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from harness.cloud.calls import (
    STATE_MACHINE,
    AwsCall,
    Fault,
    NoAnswer,
    ServiceError,
)

SERVICES = ("drs", "ec2", "dynamodb", "sts", "lambda")
Way = Literal["unavailable", "throttled", "silent", "deaf", "mixed"]
# Silent: no answer, and nothing was done. Deaf: it was done, unanswered.
WAYS: tuple[Way, ...] = ("unavailable", "throttled", "silent", "deaf", "mixed")
_SIMPLE: tuple[Way, ...] = WAYS[:-1]

# The codes are those of the services' own error pages.
_UNAVAILABLE: Mapping[str, ServiceError] = {
    "drs": ServiceError("InternalServerException", 500),
    "ec2": ServiceError("Unavailable", 503),
    "dynamodb": ServiceError("InternalServerError", 500),
    "sts": ServiceError("ServiceUnavailable", 503),
    "lambda": ServiceError("ServiceException", 500),
}
_THROTTLED: Mapping[str, ServiceError] = {
    "drs": ServiceError("ThrottlingException", 429),
    "ec2": ServiceError("RequestLimitExceeded", 503),
    "dynamodb": ServiceError("ProvisionedThroughputExceededException", 400),
    "sts": ServiceError("Throttling", 400),
    "lambda": ServiceError("TooManyRequestsException", 429),
}
# What Step Functions calls an answer that never came.
_NO_ANSWER_TO_MACHINE = ServiceError("SdkClientException", 400)


def fault(way: Way, call: AwsCall, chance: random.Random) -> Fault:
    """Tell how a call fails.

    Args:
        chance: Decides in mixed weather.
    """
    if way == "mixed":
        way = chance.choice(_SIMPLE)
    if way == "unavailable":
        return _UNAVAILABLE[call.service]
    if way == "throttled":
        return _THROTTLED[call.service]
    is_done = way == "deaf"
    if call.function == STATE_MACHINE:
        return replace(_NO_ANSWER_TO_MACHINE, after_effect=is_done)
    return NoAnswer(after_effect=is_done)


@dataclass
class Throttling:
    """Throttling whose hits on a call are distributed as Poisson says.

    Attributes:
        rate: How many attempts of a call are throttled, on average. A
            client makes five.
    """

    rate: float
    chance: random.Random

    def fault(self, call: AwsCall) -> Fault | None:
        """Draw what happens to a call."""
        attempts = self._draw()
        if not attempts:
            return None
        return replace(_THROTTLED[call.service], attempts=attempts)

    def _draw(self) -> int:
        # Knuth's algorithm: uniform draws until their product is too small.
        limit, product, count = math.exp(-self.rate), 1.0, -1
        while product > limit:
            product *= self.chance.random()
            count += 1
        return count
