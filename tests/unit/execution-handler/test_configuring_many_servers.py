"""A wave's servers are configured side by side, as if one by one."""

import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
from botocore import handlers
from botocore.awsrequest import AWSPreparedRequest

from shared import aws
from tests import builders
from tests.unit.outside_world import refuse, refuse_in_xml

if TYPE_CHECKING:
    from tests.unit.lambdas import Lambdas
    from tests.unit.outside_world import OutsideWorld

SETTINGS = {"copyTags": True, "instanceType": "m5.large"}
# Real seconds; only a deadlock takes so long.
LIMIT = 30.0


@pytest.fixture
def index(
    world: "OutsideWorld", load_index: Callable[[str], ModuleType]
) -> ModuleType:
    """Give the execution-handler."""
    return load_index("execution-handler")


@pytest.fixture
def made_clients() -> Iterator[Counter[str]]:
    """Count the clients that are made, by service, from a cold start on."""
    made: Counter[str] = Counter()

    def count(class_attributes: Any, event_name: str, **_: Any) -> None:
        made[event_name.removeprefix("creating-client-class.")] += 1

    entry = ("creating-client-class", count)
    handlers.BUILTIN_HANDLERS.append(entry)
    yield made
    handlers.BUILTIN_HANDLERS.remove(entry)


def add_servers(world: "OutsideWorld", number: int, **seed: Any) -> list[str]:
    return [world.add_server(f"web-{n}", **seed) for n in range(number)]


def configure(
    index: ModuleType,
    servers: list[str],
    settings: dict[str, Any],
    context: dict[str, Any] | None = None,
) -> None:
    account = index.open_account(context or {}, builders.REGION)
    group = builders.group(launchConfig=settings)
    index.apply_launch_config_before_recovery(account, group, servers)


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records]


def template_ids(world: "OutsideWorld", servers: list[str]) -> dict[str, str]:
    """Name the server that each launch template belongs to."""
    return {
        world.drs.get_launch_configuration(sourceServerID=each)[
            "ec2LaunchTemplateID"
        ]: each
        for each in servers
    }


def calls_by_server(
    world: "OutsideWorld", owners: dict[str, str]
) -> dict[str, list[str]]:
    by_server: dict[str, list[str]] = defaultdict(list)
    for call in world.calls:
        server_id = call.params.get("sourceServerID")
        template_id = call.params.get("LaunchTemplateId", "")
        owner = server_id or owners[template_id]
        by_server[owner].append(call.operation.partition(".")[2])
    return by_server


class Gate:
    """Holds calls back until so many wait, and tells how many ever did.

    Attributes:
        most: How many waited at once, at most.
    """

    def __init__(self, number: int) -> None:
        self._number = number
        self._full = threading.Event()
        self._lock = threading.Lock()
        self._inside = 0
        self.most = 0

    def hold(self, _: AWSPreparedRequest) -> None:
        """Let a call through once the others have come, too."""
        with self._lock:
            self._inside += 1
            self.most = max(self.most, self._inside)
            if self._inside >= self._number:
                self._full.set()
        assert self._full.wait(LIMIT), f"{self._number} never came at once"
        with self._lock:
            self._inside -= 1


def test_each_server_is_asked_in_the_same_order_when_they_are_many(
    world: "OutsideWorld", lambdas: "Lambdas"
) -> None:
    servers = add_servers(world, 30)
    owners = template_ids(world, servers)
    world.calls.clear()

    lambdas.configure(builders.group(launchConfig=SETTINGS), servers)

    assert calls_by_server(world, owners) == {
        each: [
            "GetLaunchConfiguration",
            "UpdateLaunchConfiguration",
            "DescribeLaunchTemplateVersions",
            "CreateLaunchTemplateVersion",
            "ModifyLaunchTemplate",
        ]
        for each in servers
    }


def test_lines_come_in_the_order_of_the_servers_when_the_first_is_last(
    world: "OutsideWorld",
    index: ModuleType,
    caplog: pytest.LogCaptureFixture,
) -> None:
    servers = add_servers(world, 4)
    last_written = threading.Event()

    def wait(_: AWSPreparedRequest) -> None:
        assert last_written.wait(LIMIT), "the others waited for the first"

    def tell(_: AWSPreparedRequest) -> None:
        last_written.set()

    world.disturb("drs.GetLaunchConfiguration", wait, about=servers[0])
    world.disturb("drs.UpdateLaunchConfiguration", tell, about=servers[3])

    configure(index, servers, {"copyTags": True})

    assert lines(caplog) == [
        f"Server {each}: launch configuration applied" for each in servers
    ]


def test_others_are_configured_when_some_are_refused_at_any_call(
    world: "OutsideWorld",
    lambdas: "Lambdas",
    caplog: pytest.LogCaptureFixture,
) -> None:
    servers = add_servers(world, 30)
    owners = {s: t for t, s in template_ids(world, servers).items()}
    denied = refuse("AccessDeniedException", 403)
    in_xml = refuse_in_xml("UnauthorizedOperation", 403)
    for about, operation, answer in (
        (servers[3], "drs.GetLaunchConfiguration", denied),
        (servers[7], "drs.UpdateLaunchConfiguration", denied),
        (owners[servers[11]], "ec2.DescribeLaunchTemplateVersions", in_xml),
        (owners[servers[12]], "ec2.CreateLaunchTemplateVersion", in_xml),
        (owners[servers[29]], "ec2.ModifyLaunchTemplate", in_xml),
    ):
        world.disturb(operation, answer, about=about)

    lambdas.configure(builders.group(launchConfig=SETTINGS), servers)

    refused = {servers[n] for n in (3, 7, 11, 12, 29)}
    assert [line.partition("applied")[0] for line in lines(caplog)] == [
        f"Server {each}: launch configuration "
        + ("not " if each in refused else "")
        for each in servers
    ]


def test_as_many_servers_as_workers_are_on_their_way_and_no_more(
    world: "OutsideWorld", index: ModuleType
) -> None:
    # So many at once are promised to operators.
    bound = 20
    assert aws.CALLS_AT_ONCE == bound
    servers = add_servers(world, bound + 5)
    gate = Gate(bound)
    operation = "drs.GetLaunchConfiguration"
    world.disturb(operation, *[gate.hold] * len(servers))

    configure(index, servers, {"copyTags": True})

    assert gate.most == bound
    assert len(world.asked("drs.UpdateLaunchConfiguration")) == len(servers)


def test_connections_suffice_for_all_workers() -> None:
    assert aws.STANDARD.max_pool_connections == aws.CALLS_AT_ONCE
    assert aws.STANDARD.retries["mode"] == "standard"


def test_no_thread_is_left_when_the_wave_is_configured(
    world: "OutsideWorld", index: ModuleType
) -> None:
    before = threading.active_count()

    configure(index, add_servers(world, 30), SETTINGS)

    assert threading.active_count() == before


def test_no_further_server_is_begun_when_the_function_is_to_exit(
    world: "OutsideWorld",
    index: ModuleType,
    caplog: pytest.LogCaptureFixture,
) -> None:
    servers = add_servers(world, aws.CALLS_AT_ONCE + 60)
    before = threading.active_count()
    exiting = threading.Event()

    def leave(_: AWSPreparedRequest) -> None:
        exiting.set()
        raise SystemExit(1)

    def wait(_: AWSPreparedRequest) -> None:
        assert exiting.wait(LIMIT)

    operation = "drs.GetLaunchConfiguration"
    world.disturb(operation, leave, about=servers[0])
    for each in servers[1:]:
        world.disturb(operation, wait, about=each)

    with pytest.raises(SystemExit):
        configure(index, servers, {"copyTags": True})

    assert threading.active_count() == before
    assert lines(caplog) == []
    assert len(world.asked(operation)) < len(servers)


@pytest.mark.parametrize(
    ("settings", "wanted"),
    [
        ({"copyTags": True}, {"drs": 1}),
        (SETTINGS, {"drs": 1, "ec2": 1}),
    ],
)
def test_each_client_is_made_once_and_only_when_it_is_needed(
    world: "OutsideWorld",
    index: ModuleType,
    made_clients: Counter[str],
    settings: dict[str, Any],
    wanted: dict[str, int],
) -> None:
    servers = add_servers(world, 30, account=builders.TARGET)
    context = builders.foreign_account()
    account = index.open_account(context, builders.REGION)
    made_clients.clear()

    group = builders.group(launchConfig=settings)
    index.apply_launch_config_before_recovery(account, group, servers)

    assert made_clients == wanted


def test_no_client_is_made_when_the_wave_has_no_servers(
    world: "OutsideWorld", index: ModuleType, made_clients: Counter[str]
) -> None:
    account = index.open_account(builders.foreign_account(), builders.REGION)
    made_clients.clear()
    before = threading.active_count()

    index.apply_launch_config_before_recovery(
        account, builders.group(launchConfig=SETTINGS), []
    )

    assert made_clients == {}
    assert threading.active_count() == before
