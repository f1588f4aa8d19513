"""The options of `drs-orch up` reach the process that stays."""

import pytest

from harness.local_aws.options import UpOptions


@pytest.mark.parametrize(
    ("options", "flags"),
    [
        (UpOptions(), []),
        (UpOptions(check_roles=True), ["--check-roles"]),
        (UpOptions(enforce_iam=True), ["--enforce-iam"]),
    ],
)
def test_a_flag_is_passed_on_when_it_is_set(
    options: UpOptions, flags: list[str]
) -> None:
    passed = options.arguments()

    assert [each for each in passed if "=" not in each] == flags
