"""Check what a schema cannot: names that are unique and references that hold."""

from collections.abc import Callable, Iterator

from harness.plans.entries import Entry, root
from harness.plans.places import HUB_NAME
from harness.plans.plan import HUB_ACCOUNT_ID
from harness.plans.problems import Problem
from harness.plans.shape import nearest
from harness.plans.source import PlanSource, step

_Finding = tuple[str, str]


def check(source: PlanSource) -> list[Problem]:
    """List every name given twice and every reference to nothing."""
    document = root(source.document)
    return [
        source.problem(pointer, message)
        for rule in _RULES
        for pointer, message in rule(document)
    ]


def _names_given_twice(document: Entry) -> Iterator[_Finding]:
    network = document.entry("network")
    yield from _twice(document, "accounts", "accountId")
    yield from _twice(document, "accounts", "accountName")
    yield from _twice(document, "sourceServers", "hostname")
    yield from _twice(document, "sourceServers", "sourceServerId")
    yield from _twice(document, "protectionGroups", "groupName")
    yield from _twice(document, "protectionGroups", "groupId")
    for kind in ("subnets", "securityGroups", "instanceProfiles"):
        yield from _twice(network, kind, "name")
    for group in document.entries("protectionGroups"):
        yield from _twice(group, "servers", "sourceServerId")


def _twice(parent: Entry, kind: str, key: str) -> Iterator[_Finding]:
    first: dict[str, str] = {}
    for entry in parent.entries(kind):
        name = entry.text(key)
        if name is None:
            continue
        if name.casefold() in first:
            other = first[name.casefold()]
            yield step(entry.pointer, key), (
                f'{key} "{name}" is already that of {other}'
            )
        first.setdefault(name.casefold(), entry.pointer)


def _unknown_accounts(document: Entry) -> Iterator[_Finding]:
    known = [HUB_ACCOUNT_ID, HUB_NAME]
    known += _names(document, "accounts", "accountId", "accountName")
    network = document.entry("network")
    users = [*document.entries("sourceServers")]
    for kind in ("subnets", "securityGroups", "instanceProfiles"):
        users += network.entries(kind)
    yield from _unknown(document, "recoveryAccountId", "account", known)
    for user in users:
        yield from _unknown(user, "accountId", "account", known)


def _unknown_groups(document: Entry) -> Iterator[_Finding]:
    known = _names(document, "protectionGroups", "groupName", "groupId")
    for wave in document.entries("waves"):
        yield from _unknown(
            wave, "protectionGroupId", "protection group", known
        )


def _unknown_servers(document: Entry) -> Iterator[_Finding]:
    known = _names(document, "sourceServers", "hostname", "sourceServerId")
    for wave in document.entries("waves"):
        yield from _unknown_each(wave, "serverIds", "server", known)
    for group in document.entries("protectionGroups"):
        yield from _unknown_each(group, "sourceServerIds", "server", known)
        for override in group.entries("servers"):
            yield from _unknown(override, "sourceServerId", "server", known)
    for fault in document.entries("faults"):
        yield from _unknown(fault, "server", "server", known)


def _unknown_network(document: Entry) -> Iterator[_Finding]:
    network = document.entry("network")
    subnets = _names(network, "subnets", "name")
    groups = _names(network, "securityGroups", "name")
    profiles = _names(network, "instanceProfiles", "name")
    for launch in _launch_configurations(document):
        subnet = launch.text("subnetId") or ""
        if not subnet.startswith("subnet-"):
            yield from _unknown(launch, "subnetId", "subnet", subnets)
        for pointer, name in launch.texts("securityGroupIds"):
            if not name.startswith("sg-"):
                yield from _check(pointer, name, "security group", groups)
        yield from _unknown(
            launch, "instanceProfileName", "instance profile", profiles
        )


def _launch_configurations(document: Entry) -> Iterator[Entry]:
    for group in document.entries("protectionGroups"):
        yield group.entry("launchConfig")
        for override in group.entries("servers"):
            yield override.entry("launchTemplate")


def _two_ways_to_select(document: Entry) -> Iterator[_Finding]:
    by_tags = set()
    for group in document.entries("protectionGroups"):
        if not group.values.get("serverSelectionTags"):
            continue
        by_tags |= {group.text("groupName"), group.text("groupId")} - {None}
        if group.values.get("sourceServerIds"):
            yield step(group.pointer, "sourceServerIds"), (
                "serverSelectionTags already select the servers; keep one"
            )
    for wave in document.entries("waves"):
        chosen = wave.text("protectionGroupId") in by_tags
        if chosen and wave.values.get("serverIds"):
            yield step(wave.pointer, "serverIds"), (
                "has no effect: the group selects its servers by tags"
            )


def _no_way_to_select(document: Entry) -> Iterator[_Finding]:
    for group in document.entries("protectionGroups"):
        keys = ("serverSelectionTags", "sourceServerIds")
        if not any(key in group.values for key in keys):
            yield group.pointer, (
                "the group names no servers: "
                "add serverSelectionTags or sourceServerIds"
            )


def _faults_of_no_kind(document: Entry) -> Iterator[_Finding]:
    for fault in document.entries("faults"):
        if ("server" in fault.values) == ("throttle" in fault.values):
            yield fault.pointer, 'a fault has either "server" or "throttle"'


def _names(parent: Entry, kind: str, *keys: str) -> list[str]:
    names = (entry.text(key) for key in keys for entry in parent.entries(kind))
    return [name for name in names if name is not None]


def _unknown_each(
    entry: Entry, key: str, what: str, known: list[str]
) -> Iterator[_Finding]:
    for pointer, name in entry.texts(key):
        yield from _check(pointer, name, what, known)


def _unknown(
    entry: Entry, key: str, what: str, known: list[str]
) -> Iterator[_Finding]:
    name = entry.text(key)
    if name:
        yield from _check(step(entry.pointer, key), name, what, known)


def _check(
    pointer: str, name: str, what: str, known: list[str]
) -> Iterator[_Finding]:
    if name.casefold() not in {each.casefold() for each in known}:
        hint = nearest(name, known) or f"; the file defines no {what}"
        yield pointer, f'there is no {what} "{name}"{hint}'


_RULES: tuple[Callable[[Entry], Iterator[_Finding]], ...] = (
    _names_given_twice,
    _unknown_accounts,
    _unknown_groups,
    _unknown_servers,
    _unknown_network,
    _two_ways_to_select,
    _no_way_to_select,
    _faults_of_no_kind,
)
