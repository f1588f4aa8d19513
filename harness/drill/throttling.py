"""The calls of DRS that a plan file wants refused."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import cycle, islice

from harness.cloud.calls import AwsCall, Fault, ServiceError
from harness.cloud.subjects import subject
from harness.plans.plan import Plan, ProtectionGroup, SourceServer

# An orchestration may work on many servers at once, so that nobody knows which
# of these calls come first.
_ABOUT_A_SERVER = ("GetLaunchConfiguration", "UpdateLaunchConfiguration")


def throttling(plan: Plan) -> Callable[[AwsCall], Fault | None]:
    """Refuse as many calls of each operation as a plan says.

    The first ones; of calls about one server, those about the servers that
    the plan configures, in its order and one each, and then again.
    """
    left = Counter(_refusals(plan))
    counting = threading.Lock()

    def refuse(call: AwsCall) -> Fault | None:
        place = call.operation, subject(call.params)
        with counting:
            if call.service != "drs" or not left[place]:
                return None
            left[place] -= 1
        return ServiceError("ThrottlingException", 429, "Rate exceeded")

    return refuse


def _refusals(plan: Plan) -> Iterator[tuple[str, str]]:
    for throttle in plan.throttles:
        about = [""]
        if throttle.operation in _ABOUT_A_SERVER:
            about = _configured(plan)
        for server_id in islice(cycle(about), throttle.times):
            yield throttle.operation, server_id


def _configured(plan: Plan) -> list[str]:
    groups = [
        group
        for group in plan.groups
        if group.launch_config is not None or group.overrides
    ]
    return [
        server.server_id
        for server in plan.servers
        if any(_holds(group, server) for group in groups)
    ]


def _holds(group: ProtectionGroup, server: SourceServer) -> bool:
    if group.tags:
        return _folded(group.tags).items() <= _folded(server.tags).items()
    return server.server_id in group.server_ids


def _folded(tags: Mapping[str, str]) -> dict[str, str]:
    """Write tags as DRS servers are found by them (section 6)."""
    return {
        key.strip().casefold(): value.strip().casefold()
        for key, value in tags.items()
    }
