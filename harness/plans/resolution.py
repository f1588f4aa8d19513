"""Resolve a checked document into a plan: ids for names, values for gaps."""

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from harness import drs
from harness.plans.places import Places
from harness.plans.plan import (
    Failure,
    Network,
    Plan,
    ProtectionGroup,
    ServerOverride,
    SourceServer,
    Throttle,
    Wave,
)

_Document = Mapping[str, Any]

DEFAULT_APPROVAL_MINUTES = 15.0


def resolve(path: Path, document: _Document) -> Plan:
    """Make a plan of a document that holds no problem.

    Args:
        path: Where the document was read.
        document: A mapping of the shape of plan.schema.json whose
            references all hold.
    """
    places = Places(document)
    servers = _servers(document, places)
    groups = _groups(document, places, _ids_of_servers(servers))
    return Plan(
        path=path,
        plan_id=document.get("planId") or _uuid("plan", document["planName"]),
        name=document["planName"],
        description=document.get("description", ""),
        expect=document.get("expect", "completed"),
        approval_minutes=float(
            document.get("approvalMinutes", DEFAULT_APPROVAL_MINUTES)
        ),
        recovery_account=places.recovery_account,
        accounts=places.accounts,
        network=_network(document.get("network", {}), places),
        servers=servers,
        groups=groups,
        waves=_waves(document, groups, _ids_of_servers(servers)),
        throttles=_throttles(document),
        drs_options=_drs_options(document),
    )


class _Ids:
    """Ids by the names people use, whatever the case."""

    def __init__(self, ids: Iterable[tuple[str, str]]) -> None:
        self._ids = {name.casefold(): each for name, each in ids}

    def one(self, name: str) -> str:
        return self._ids[name.casefold()]

    def each(self, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(map(self.one, names))


def _ids_of_servers(servers: Iterable[SourceServer]) -> _Ids:
    pairs = [(server.hostname, server.server_id) for server in servers]
    return _Ids(pairs + [(each, each) for _, each in pairs])


def _ids_of_groups(groups: Iterable[ProtectionGroup]) -> _Ids:
    pairs = [(group.group_name, group.group_id) for group in groups]
    return _Ids(pairs + [(each, each) for _, each in pairs])


def _servers(document: _Document, places: Places) -> tuple[SourceServer, ...]:
    entries = document["sourceServers"]
    plain = tuple(_server(entry, places, None) for entry in entries)
    ids = _ids_of_servers(plain)
    failures = {
        ids.one(fault["server"]): _failure(fault)
        for fault in document.get("faults", [])
        if "server" in fault
    }
    return tuple(
        _server(entry, places, failures.get(server.server_id))
        for entry, server in zip(entries, plain, strict=True)
    )


def _server(
    entry: _Document, places: Places, failure: Failure | None
) -> SourceServer:
    hostname = entry["hostname"]
    account, region = places.of(entry)
    return SourceServer(
        server_id=entry.get("sourceServerId") or _server_id(hostname),
        hostname=hostname,
        account_id=account,
        region=region,
        tags=entry.get("tags", {}),
        instance_type=entry.get("instanceType", "t3.medium"),
        private_ip=entry.get("privateIp"),
        failure=failure or _failure(entry),
    )


def _failure(entry: _Document) -> Failure | None:
    if "failAt" not in entry:
        return None
    return Failure(entry["failAt"], entry.get("failMessage"))


def _groups(
    document: _Document, places: Places, servers: _Ids
) -> tuple[ProtectionGroup, ...]:
    return tuple(
        ProtectionGroup(
            group_id=entry.get("groupId")
            or _uuid("group", entry["groupName"]),
            group_name=entry["groupName"],
            region=entry.get("region") or places.recovery_account.region,
            tags=entry.get("serverSelectionTags", {}),
            server_ids=servers.each(entry.get("sourceServerIds", [])),
            launch_config=entry.get("launchConfig"),
            overrides=_overrides(entry, servers),
        )
        for entry in document["protectionGroups"]
    )


def _overrides(group: _Document, servers: _Ids) -> tuple[ServerOverride, ...]:
    return tuple(
        ServerOverride(
            server_id=servers.one(entry["sourceServerId"]),
            launch_template=entry["launchTemplate"],
            use_group_defaults=entry.get("useGroupDefaults", True),
        )
        for entry in group.get("servers", [])
    )


def _waves(
    document: _Document, groups: Iterable[ProtectionGroup], servers: _Ids
) -> tuple[Wave, ...]:
    ids = _ids_of_groups(groups)
    return tuple(
        Wave(
            name=entry["waveName"],
            description=entry.get("waveDescription", ""),
            group_id=ids.one(entry["protectionGroupId"]),
            server_ids=(
                servers.each(entry["serverIds"])
                if "serverIds" in entry
                else None
            ),
            pause_before=entry.get("pauseBeforeWave", False),
        )
        for entry in document["waves"]
    )


def _network(network: _Document, places: Places) -> Network:
    return Network(
        subnets=places.placed(network.get("subnets", [])),
        security_groups=places.placed(network.get("securityGroups", [])),
        instance_profiles=places.placed(network.get("instanceProfiles", [])),
    )


def _drs_options(document: _Document) -> drs.EmulatorOptions | None:
    if "drs" not in document:
        return None
    return drs.record_from(drs.EmulatorOptions, document["drs"], "drs")


def _throttles(document: _Document) -> tuple[Throttle, ...]:
    return tuple(
        Throttle(fault["throttle"], fault.get("times", 1))
        for fault in document.get("faults", [])
        if "throttle" in fault
    )


def _uuid(kind: str, name: str) -> str:
    digest = hashlib.sha256(f"{kind}:{name}".encode()).digest()
    return str(uuid.UUID(bytes=digest[:16], version=4))


def _server_id(hostname: str) -> str:
    digest = hashlib.sha256(f"server:{hostname}".encode()).hexdigest()
    return f"s-{digest[:17]}"
