"""Many focuses together let every call fail in every way."""

from hypothesis import find, given

from harness.equivalence import trouble_draws
from harness.equivalence.begin_events import is_abroad
from harness.equivalence.names import server_id
from harness.equivalence.scenarios import Group, Setup, Trouble
from harness.equivalence.trouble_draws import OPERATIONS, Focus
from harness.equivalence.troubles import KINDS, WISHES


def test_every_call_fails_in_every_way_when_there_are_many_focuses() -> None:
    focuses = [trouble_draws.focus(number) for number in range(200)]

    met = {(o, k) for f in focuses for o in f.operations for k in f.kinds}

    assert met == {(o, k) for o in OPERATIONS for k in (*KINDS, *WISHES)}


def test_focus_is_the_same_when_its_seed_is() -> None:
    assert trouble_draws.focus(7) == trouble_draws.focus(7)


def test_setup_is_in_another_account_when_a_role_is_in_focus() -> None:
    setup = trouble_draws.fitted(Setup(), Focus(operations=["AssumeRole"]))

    assert setup.account == "target"


def test_event_names_the_account_when_a_role_is_in_focus() -> None:
    drawn = Setup(left_out=("accountId",), null=("isCurrentAccount",))

    setup = trouble_draws.fitted(drawn, Focus(operations=["AssumeRole"]))

    assert is_abroad(setup)
    assert (setup.left_out, setup.null) == ((), ())


def test_event_lacks_what_no_role_needs_when_a_role_is_in_focus() -> None:
    drawn = Setup(left_out=("externalId",), null=("planName",))

    setup = trouble_draws.fitted(drawn, Focus(operations=["AssumeRole"]))

    assert (setup.left_out, setup.null) == (drawn.left_out, drawn.null)


def test_groups_are_configured_when_launch_calls_are_in_focus() -> None:
    focus = Focus(operations=["ModifyLaunchTemplate"])

    setup = trouble_draws.fitted(Setup(groups=(Group(), Group())), focus)

    assert all(group.launch_config is not None for group in setup.groups)


def test_setup_is_as_drawn_when_the_focus_needs_nothing() -> None:
    setup = Setup(groups=(Group(),))

    assert trouble_draws.fitted(setup, Focus(operations=["Scan"])) == setup


@given(trouble=trouble_draws.any_of(["ModifyLaunchTemplate"]))
def test_trouble_is_about_one_server_or_each_when_servers_are_configured(
    trouble: Trouble,
) -> None:
    assert trouble.about in ("", server_id(0), server_id(1))
    assert trouble.nth in (0, 1)


@given(trouble=trouble_draws.any_of(["UpdateItem"]))
def test_trouble_is_about_nothing_in_particular_when_it_is_of_a_record(
    trouble: Trouble,
) -> None:
    assert trouble.about == ""


def test_role_is_refused_now_and_then_when_it_is_in_no_focus() -> None:
    focus = Focus(operations=["Scan"], kinds=["throttled"])
    drawn = trouble_draws.of_step("begin", Setup(account="target"), focus)

    refused = find(drawn, lambda troubles: troubles[0].kind == "denied")

    assert [trouble.operation for trouble in refused] == ["AssumeRole"]
