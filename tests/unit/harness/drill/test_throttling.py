"""A plan's throttles refuse the same calls, whichever come first."""

from itertools import permutations
from pathlib import Path

import pytest

from harness import plans
from harness.cloud.calls import AwsCall
from harness.drill.throttling import throttling
from harness.plans.plan import Plan

PLAN = """
planName: Throttled
sourceServers:
  - {hostname: plain}
  - {hostname: web-1, tags: {Tier: Web}}
  - {hostname: web-2, tags: {tier: " web "}}
  - {hostname: db}
protectionGroups:
  - groupName: plain
    sourceServerIds: [plain]
  - groupName: web
    serverSelectionTags: {tier: WEB}
    launchConfig: {copyTags: true}
  - groupName: db
    sourceServerIds: [db]
    servers:
      - {sourceServerId: db, launchTemplate: {copyTags: true}}
waves:
  - {waveName: all, protectionGroupId: web}
faults:
  - {throttle: UpdateLaunchConfiguration, times: %d}
  - {throttle: DescribeJobs, times: 2}
"""


def plan(tmp_path: Path, times: int) -> Plan:
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN % times)
    return plans.load(path)


def call(operation: str, **params: str) -> AwsCall:
    return AwsCall("toy", "drs", operation, params, "1", "us-east-1")


def refused(given: Plan, hostnames: tuple[str, ...]) -> list[str]:
    """List the servers of the plan whose update is refused, sorted."""
    refuse = throttling(given)
    ids = {s.hostname: s.server_id for s in given.servers}
    return sorted(
        name
        for name in hostnames
        if refuse(call("UpdateLaunchConfiguration", sourceServerID=ids[name]))
    )


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        (1, ["web-1"]),
        (2, ["web-1", "web-2"]),
        (4, ["db", "web-1", "web-1", "web-2"]),
    ],
)
def test_servers_that_are_configured_are_refused_in_the_order_of_the_plan(
    tmp_path: Path, times: int, expected: list[str]
) -> None:
    given = plan(tmp_path, times)

    for order in permutations(["plain", "db", "web-2", "web-1"]):
        assert refused(given, order * 2) == expected


def test_first_calls_are_refused_when_they_are_about_no_one_server(
    tmp_path: Path,
) -> None:
    refuse = throttling(plan(tmp_path, 1))

    answers = [refuse(call("DescribeJobs")) for _ in range(3)]

    assert [answer is None for answer in answers] == [False, False, True]
