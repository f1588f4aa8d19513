"""Old and new leave the same when a wave configures many servers."""

from collections import defaultdict
from collections.abc import Iterator

import pytest

from harness import drs
from harness.cloud.calls import AwsCall, Fault, NoAnswer, ServiceError
from harness.cloud.local_cloud import LocalCloud, LocalCloudSettings
from harness.cloud.project import Orchestration
from harness.equivalence import call_order
from harness.equivalence.comparison import compare
from harness.equivalence.observations import Observation
from harness.equivalence.observing import Witness
from tests.recoveries import CROSS_ACCOUNT, SHORT, Recovery, Wave

SERVERS = 30
CONFIG = {"copyTags": True, "instanceType": "m5.large"}
STEPS = (
    "GetLaunchConfiguration",
    "UpdateLaunchConfiguration",
    "DescribeLaunchTemplateVersions",
    "CreateLaunchTemplateVersion",
    "ModifyLaunchTemplate",
)
# By the server's number: what goes wrong with which of its calls.
FAULTS: dict[int, tuple[str, Fault]] = {
    0: (STEPS[4], ServiceError("RequestLimitExceeded", 503)),
    4: (STEPS[0], ServiceError("ThrottlingException", 429, attempts=2)),
    9: (STEPS[1], ServiceError("AccessDeniedException", 403)),
    13: (STEPS[3], NoAnswer(after_effect=True)),
    14: (STEPS[2], NoAnswer()),
    21: (STEPS[1], ServiceError("InternalServerException", 500)),
    29: (STEPS[0], ServiceError("ResourceNotFoundException", 404)),
}


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud(LocalCloudSettings(profile=SHORT)) as local_cloud:
        yield local_cloud


class Weather:
    """Lets calls about single servers fail, and keeps them in order."""

    def __init__(self, recovery: Recovery) -> None:
        cloud = recovery.cloud
        self._region = drs.region(recovery.account, recovery.region)
        self._faults = {
            recovery.server_id(0, number): fault
            for number, fault in FAULTS.items()
        }
        self.by_server: dict[str, list[str]] = defaultdict(list)
        cloud.on_call(before=self._before)

    def _before(self, call: AwsCall) -> Fault | None:
        owners = call_order.owners([self._region])
        server = call_order.server_of(call, owners)
        if not server:
            return None
        # Only one thread works on a server.
        self.by_server[server].append(call.operation)
        operation, fault = self._faults.get(server, ("", None))
        return fault if call.operation == operation else None


def observe(
    cloud: LocalCloud, orchestration: Orchestration, foreign: bool
) -> tuple[Observation, dict[str, list[str]]]:
    """Recover many servers in a world as new, in bad weather."""
    cloud.reset(seed=1, orchestration=orchestration)
    context = CROSS_ACCOUNT if foreign else {}
    recovery = Recovery(cloud, (Wave(SERVERS, launch_config=CONFIG),), context)
    witness = Witness(cloud, [(recovery.account, recovery.region)])
    weather = Weather(recovery)
    with witness.listening():
        assert recovery.run() == "SUCCEEDED"
        return witness.observation(recovery.arn), weather.by_server


@pytest.mark.parametrize("foreign", [False, True], ids=["hub", "target"])
def test_both_orchestrations_agree_when_some_of_many_servers_are_refused(
    cloud: LocalCloud, foreign: bool
) -> None:
    reference, one_by_one = observe(cloud, "reference", foreign)
    refactored, side_by_side = observe(cloud, "refactored", foreign)

    assert compare(refactored, reference).differences == ()
    assert side_by_side == one_by_one
    assert len(one_by_one) == SERVERS
    lines = [line for line in refactored.lines if "not applied" in line]
    assert len(lines) == len(FAULTS) - 1
