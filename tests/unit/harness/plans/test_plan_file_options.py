"""A plan file says what DRS is like where nothing is documented."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from harness import drs, plans

PLAN = """\
planName: Small
sourceServers: [{hostname: db-01}]
protectionGroups: [{groupName: databases, sourceServerIds: [db-01]}]
waves: [{waveName: Databases, protectionGroupId: databases}]
"""
PAGE = Path(__file__).parents[4] / "docs" / "plan-files.md"


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    return tmp_path / "plan.yaml"


def load(path: Path, options: str) -> drs.EmulatorOptions | None:
    path.write_text(PLAN + options, encoding="utf-8")
    return plans.load(path).drs_options


def problems(path: Path, options: str) -> list[str]:
    with pytest.raises(plans.PlanFileError) as refusal:
        load(path, options)
    return [
        f"{each.line} {each.pointer}: {each.message}"
        for each in refusal.value.problems
    ]


def test_options_are_none_when_the_file_is_silent(plan_file: Path) -> None:
    assert load(plan_file, "") is None


def test_options_are_read_when_the_file_names_some(plan_file: Path) -> None:
    options = """\
drs:
  page_size: 1
  unlock_delay: 1.5
  snapshot_states: [CONTINUOUS]
  check_order: [account, request]
  jobs: {default_subnet: last, locked_operations: []}
  listings: {largest_page: null}
  replication_configuration:
    pit_policy:
      - {rule_id: 1, units: HOUR, interval: 1, retention: 24}
"""

    found = load(plan_file, options)

    assert found == drs.EmulatorOptions(
        page_size=1,
        unlock_delay=timedelta(seconds=1.5),
        snapshot_states=frozenset({"CONTINUOUS"}),
        check_order=("account", "request"),
        jobs=drs.JobOptions(
            default_subnet="last", locked_operations=frozenset()
        ),
        replication_configuration=found.replication_configuration,
    )
    (rule,) = found.replication_configuration.pit_policy
    assert (rule.units, rule.retention, rule.enabled) == ("HOUR", 24, True)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (
            "drs:\n  page_sise: 1",
            '6 /drs/page_sise: unknown key "page_sise"; did you mean '
            '"page_size"?',
        ),
        (
            "drs:\n  jobs:\n    drill_by_defalt: true",
            '7 /drs/jobs/drill_by_defalt: unknown key "drill_by_defalt"; '
            'did you mean "drill_by_default"?',
        ),
        (
            "drs: {jobs: {default_subnet: frist}}",
            '5 /drs/jobs/default_subnet: "frist" is not allowed here; did '
            'you mean "first"?',
        ),
        (
            "drs: {check_order: [acount]}",
            '5 /drs/check_order/0: "acount" is not allowed here; did you '
            'mean "account"?',
        ),
        (
            "drs: {page_size: 0}",
            "5 /drs/page_size: 0 is too little; at least 1",
        ),
        (
            "drs: {page_size: 1.0}",
            "5 /drs/page_size: expected a whole number, found 1.0",
        ),
        (
            "drs: {unlock_delay: -1}",
            "5 /drs/unlock_delay: -1 is too little; at least 0",
        ),
        (
            "drs: {unlock_delay: 10m}",
            '5 /drs/unlock_delay: expected a number, found "10m"',
        ),
        (
            "drs: {machines: {synced_share: 2}}",
            "5 /drs/machines/synced_share: 2 is too much; at most 1",
        ),
        (
            "drs: {listings: {token_lifetime: soon}}",
            "5 /drs/listings/token_lifetime: expected a number or nothing, "
            'found "soon"',
        ),
        ("drs: {jobs: }", "5 /drs/jobs: expected a mapping, found nothing"),
        ("drs: 5", "5 /drs: expected a mapping, found 5"),
        (
            "drs: {replication_configuration: {pit_policy: [{rule_id: 1, "
            "units: DAY, interval: 1}]}}",
            "5 /drs/replication_configuration/pit_policy/0: "
            '"retention" is missing',
        ),
    ],
)
def test_an_option_is_refused_with_its_place_when_it_does_not_fit(
    plan_file: Path, options: str, expected: str
) -> None:
    assert problems(plan_file, options) == [expected]


def test_the_options_of_the_page_are_some(plan_file: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    examples = re.findall(r"```yaml\n(drs:.*?)```", page, re.DOTALL)

    found = [load(plan_file, each) for each in examples]

    assert found and None not in found
