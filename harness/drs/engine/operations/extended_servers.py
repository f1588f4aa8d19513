"""Source servers of staging accounts, extended into this account.

The staging account must trust this one: ``Region.trusted_accounts``.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from harness.drs.engine import (
    admission,
    replication,
    resources,
    seeding,
    views,
)
from harness.drs.engine.errors import DrsError
from harness.drs.engine.options import ExtensionCheck
from harness.drs.engine.paging import Listing
from harness.drs.engine.records import SourceServer
from harness.drs.engine.region import Region

LARGEST_PAGE_OF_ACCOUNTS = 50
LARGEST_PAGE_OF_SERVERS = 300


@dataclass(frozen=True)
class StagingAccount:
    """An account, numbered by the first server extended from it."""

    number: int
    account_id: str


ACCOUNTS = Listing[StagingAccount]("ListStagingAccounts")
SERVERS = Listing[SourceServer]("ListExtensibleSourceServers")


def list_accounts(
    region: Region, parameters: Mapping[str, Any]
) -> dict[str, Any]:
    """List the accounts that servers are extended from."""
    numbers: dict[str, int] = {}
    for server in _extended(region):
        account_id = replication.staging_account(region, server)
        numbers.setdefault(account_id, server.number)
    found = [StagingAccount(number, each) for each, number in numbers.items()]
    limit = LARGEST_PAGE_OF_ACCOUNTS
    page = ACCOUNTS.page(region, _limited(region, parameters, limit), found)
    return {
        "accounts": [{"accountID": each.account_id} for each in page.records],
        "nextToken": page.next_token,
    }


def list_extensible(
    region: Region, parameters: Mapping[str, Any]
) -> dict[str, Any]:
    """List the servers of a staging account that are not extended yet.

    Raises:
        DrsError: AccessDeniedException, the account does not trust this.
    """
    account_id = parameters["stagingAccountID"]
    staging = _trusting(region, account_id)
    found = [
        server
        for server in staging.source_servers.values()
        if _is_extensible(region, server)
    ]
    limit = LARGEST_PAGE_OF_SERVERS
    page = SERVERS.page(region, _limited(region, parameters, limit), found)
    return page.answer(_view)


def extend(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Make a source server here of one in a staging account.

    Raises:
        DrsError: The account does not trust this one, the server does not
            exist or cannot be extended into this account, or there are too
            many servers.
    """
    arn = parameters["sourceServerArn"]
    checks: dict[ExtensionCheck, Callable[[], object]] = {
        "place": lambda: _refuse_place(region, arn),
        "trust": lambda: _trusting(region, arn.split(":")[4]),
        "known": lambda: _origin(region, arn),
        "extensible": lambda: _refuse_extension(region, arn),
        "quota": lambda: admission.refuse_more_servers(region),
    }
    for name in region.options.extension_checks:
        checks[name]()
    origin, tags = _origin(region, arn), parameters.get("tags", {})
    server = _add(region, origin, tags)
    return {"sourceServer": views.source_server(region, server)}


def _refuse_place(region: Region, arn: str) -> None:
    _, _, _, region_name, account_id, _ = arn.split(":", 5)
    if region_name != region.name or account_id == region.account_id:
        raise _not_extensible(region, arn)


def _origin(region: Region, arn: str) -> SourceServer:
    found = replication.by_arn(region, arn)
    if found is None:
        unknown = region.options.error_texts.unknown_source_server
        raise resources.not_found(region, unknown, arn, "source_server")
    return found[1]


def _refuse_extension(region: Region, arn: str) -> None:
    if not _is_extensible(region, _origin(region, arn)):
        raise _not_extensible(region, arn)


def _not_extensible(region: Region, arn: str) -> DrsError:
    code = region.options.error_codes.not_extensible
    text = region.options.error_texts.not_extensible.format(id=arn)
    return resources.refused(region, code, text, arn, "source_server")


def _add(
    region: Region, origin: SourceServer, tags: Mapping[str, str]
) -> SourceServer:
    seed = replace(origin.seed, server_id=None, tags=dict(tags))
    server = seeding.add(region, seed)
    server.hardware_id = origin.hardware_id
    server.staging_arn = origin.arn
    replication.begin(region, server)
    return server


def _trusting(region: Region, account_id: str) -> Region:
    staging = region.find_region(account_id, region.name)
    needs_trust = region.options.staging_needs_trust
    if staging is None or (
        needs_trust and region.account_id not in staging.trusted_accounts
    ):
        text = region.options.error_texts.staging_denied
        raise DrsError("AccessDeniedException", text)
    return staging


def _is_extensible(region: Region, server: SourceServer) -> bool:
    taken = {each.staging_arn for each in _extended(region)}
    return server.staging_arn is None and server.arn not in taken


def _extended(region: Region) -> Iterator[SourceServer]:
    for server in region.source_servers.values():
        if server.staging_arn is not None:
            yield server


def _limited(
    region: Region, parameters: Mapping[str, Any], limit: int
) -> dict[str, Any]:
    size = parameters.get("maxResults") or region.options.page_size
    return {**parameters, "maxResults": min(size, limit)}


def _view(server: SourceServer) -> dict[str, Any]:
    return {
        "hostname": server.seed.hostname,
        "arn": server.arn,
        "tags": server.tags,
    }
