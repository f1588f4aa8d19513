"""Check what shows only once every reference of a plan is resolved."""

from collections.abc import Iterator
from ipaddress import IPv4Network

from harness.plans.entries import Entry, root
from harness.plans.plan import Plan, ProtectionGroup
from harness.plans.problems import Problem
from harness.plans.source import PlanSource, step

_Finding = tuple[str, str]


def check(source: PlanSource, plan: Plan) -> list[Problem]:
    """List servers that a wave could not reach and that fail twice."""
    document = root(source.document)
    findings = [
        *_out_of_reach(document, plan),
        *_failing_twice(document, plan),
        *_unusable_subnets(plan),
    ]
    return [source.problem(*finding) for finding in findings]


def _out_of_reach(document: Entry, plan: Plan) -> Iterator[_Finding]:
    """Find servers outside the account and Region of who names them.

    DRS knows a server in one account and Region only, so a wave of another
    place would fail with an unknown server.
    """
    groups = {group.group_id: group for group in plan.groups}
    entries = document.entries("protectionGroups")
    for group, entry in zip(plan.groups, entries, strict=True):
        yield from _elsewhere(entry, "sourceServerIds", group, plan)
    waves = document.entries("waves")
    for wave, entry in zip(plan.waves, waves, strict=True):
        group = groups[wave.group_id]
        yield from _elsewhere(entry, "serverIds", group, plan)


def _elsewhere(
    entry: Entry, key: str, group: ProtectionGroup, plan: Plan
) -> Iterator[_Finding]:
    expected = (plan.recovery_account.account_id, group.region)
    for pointer, name in entry.texts(key):
        server = plan.server(name)
        if server and (server.account_id, server.region) != expected:
            yield pointer, (
                f'server "{name}" is in {server.account_id} {server.region}, '
                f"the group recovers in {' '.join(expected)}"
            )


def _failing_twice(document: Entry, plan: Plan) -> Iterator[_Finding]:
    failing = {
        server.text("hostname")
        for server in document.entries("sourceServers")
        if "failAt" in server.values
    }
    for fault in document.entries("faults"):
        server = plan.server(fault.text("server") or "")
        if server and server.hostname in failing:
            message = f'"{server.hostname}" fails already: keep one failAt'
            yield step(fault.pointer, "server"), message
        elif server:
            failing.add(server.hostname)


def _unusable_subnets(plan: Plan) -> Iterator[_Finding]:
    taken: dict[tuple[str, str], list[tuple[IPv4Network, str]]] = {}
    for index, subnet in enumerate(plan.network.subnets):
        pointer = f"/network/subnets/{index}/cidrBlock"
        try:
            block = IPv4Network(subnet.cidr_block)
        except ValueError as error:
            yield pointer, f"not a CIDR block: {error}"
            continue
        others = taken.setdefault((subnet.account_id, subnet.region), [])
        for other, name in others:
            if block.overlaps(other):
                yield pointer, f'{block} overlaps subnet "{name}", {other}'
        others.append((block, subnet.name))
