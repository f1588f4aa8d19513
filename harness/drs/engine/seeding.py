"""Putting source servers into a Region, as their agents would."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from harness.drs.engine.compute import TemplateOrder
from harness.drs.engine.options import LaunchConfiguration
from harness.drs.engine.records import SourceServer, SourceServerSeed

if TYPE_CHECKING:
    from harness.drs.engine.region import Region

SOURCE_SERVER_ID = re.compile("s-[0-9a-zA-Z]{17}")


class UnknownSourceServerError(LookupError):
    """No source server of the Region has the id."""

    def __init__(self, server_id: str, region: Region) -> None:
        """Name the server and the Region."""
        super().__init__(f"{server_id} is no source server in {region}")


class SourceServerIdError(ValueError):
    """The id is not that of a source server."""

    def __init__(self, server_id: str) -> None:
        """Show the id and its form."""
        super().__init__(
            f"{server_id!r} is no id of a source server: "
            "s- and 17 letters or digits"
        )


class SourceServerExistsError(ValueError):
    """The Region has a source server of that id already."""

    def __init__(self, server_id: str, region: Region) -> None:
        """Name the server and the Region."""
        super().__init__(f"{server_id} exists already in {region}")


def add(region: Region, seed: SourceServerSeed) -> SourceServer:
    """Add a source server and make its launch template in EC2.

    Raises:
        SourceServerIdError: The id of the seed is malformed.
        SourceServerExistsError: The id is in use.
    """
    server_id = seed.server_id or region.ids.new("s-")
    if not SOURCE_SERVER_ID.fullmatch(server_id):
        raise SourceServerIdError(server_id)
    if server_id in region.source_servers:
        raise SourceServerExistsError(server_id, region)
    server = _new(region, server_id, seed)
    region.source_servers[server_id] = server
    return server


def create_template(
    region: Region, server_id: str, seed: SourceServerSeed, number: int = 1
) -> str:
    """Make the launch template of a server with its defaults.

    Args:
        region: Account and Region of the server.
        server_id: Source server.
        seed: Its properties.
        number: Counts the templates made for the server.

    Returns:
        Id of the launch template.
    """
    order = TemplateOrder(
        key=region.key(server_id, "template", str(number)),
        name=region.options.template_name.format(server_id=server_id),
        image_id=seed.image_id,
        instance_type=seed.instance_type,
        tags=ownership_tags(server_id),
    )
    return region.compute.create_template(order)


def ownership_tags(server_id: str) -> dict[str, str]:
    """Make the tags DRS puts on launch templates and recovery instances."""
    return {
        "AWSElasticDisasterRecoveryManaged": "drs.amazonaws.com",
        "AWSElasticDisasterRecoverySourceServerID": server_id,
    }


def _launch_configuration(
    region: Region, seed: SourceServerSeed
) -> LaunchConfiguration:
    settings = region.new_launch_configuration()
    name = settings.name.format(hostname=seed.hostname)
    return replace(settings, name=name)


def _new(
    region: Region, server_id: str, seed: SourceServerSeed
) -> SourceServer:
    now = region.now()
    return SourceServer(
        number=next(region.numbers),
        server_id=server_id,
        arn=region.arn("source-server", server_id),
        seed=seed,
        added_at=now,
        template_id=create_template(region, server_id, seed),
        launch_configuration=_launch_configuration(region, seed),
        replication_configuration=region.options.replication_configuration,
        tags=dict(seed.tags),
        fail_at=seed.fail_at,
        replication_state=seed.replication_state,
        state_changes=[
            (seed.replicating_since or now, seed.replication_state)
        ],
        hardware_id=seed.hardware_id,
    )
