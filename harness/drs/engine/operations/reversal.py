"""ReverseReplication: back to the origin, or to re-protect what came back.

It applies to servers that run in EC2. The server of the other direction is
made in the other Region the first time, and replicates anew after that.
"""

from collections.abc import Mapping
from typing import Any

from harness.drs.engine import admission, replication, resources, seeding
from harness.drs.engine.error_options import ResourceKind
from harness.drs.engine.errors import DrsError
from harness.drs.engine.records import (
    RecoveryInstance,
    SourceServer,
    SourceServerSeed,
)
from harness.drs.engine.region import Region

KIND: ResourceKind = "recovery_instance"


def reverse(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Replicate a recovery instance to where its server came from.

    Raises:
        DrsError: The instance is unknown, disconnected, still initializing
            or already reversed; DRS is not initialized in the Region of the
            origin; or the server does not run in EC2.
    """
    record = resources.recovery_instance(
        region, parameters["recoveryInstanceID"]
    )
    _refuse_unready(region, record)
    origin = _origin(region, record.server)
    server = _opposite(region, origin, record)
    record.reversed_arn = server.arn
    record.server.reversed_arn = server.arn
    server.reversed_arn = record.server.arn
    server.hardware_id = record.instance_id
    replication.begin(origin, server)
    return {"reversedDirectionSourceServerArn": server.arn}


def _refuse_unready(region: Region, record: RecoveryInstance) -> None:
    texts, codes = region.options.error_texts, region.options.error_codes
    name = record.instance_id
    if record.server.seed.origin_region is None:
        text, code = texts.not_from_ec2, codes.not_from_ec2
        raise resources.refused(region, code, text.format(id=name), name, KIND)
    if record.replication_state == "DISCONNECTED":
        resources.refuse_disconnected(region, name, KIND)
    if resources.is_reversed(region, record):
        text, code = texts.already_reversed, codes.already_reversed
        raise resources.refused(region, code, text.format(id=name), name, KIND)
    age = region.now() - record.launched_at
    if age < region.options.reversal_wait:
        text, code = texts.not_initialized, codes.not_initialized
        raise resources.refused(region, code, text.format(id=name), name, KIND)


def _origin(region: Region, server: SourceServer) -> Region:
    account_id = server.seed.origin_account_id or region.account_id
    name = str(server.seed.origin_region)
    origin = region.find_region(account_id, name)
    if origin is None or not origin.initialized:
        text = region.options.error_texts.uninitialized
        raise DrsError(
            "UninitializedAccountException",
            text.format(account_id=account_id, region=name),
        )
    return origin


def _opposite(
    region: Region, origin: Region, record: RecoveryInstance
) -> SourceServer:
    found = replication.by_arn(region, record.server.reversed_arn)
    if found is not None:
        admission.refuse_locked(origin, "ReverseReplication", found[1])
        return found[1]
    copies = region.options.reversed_server_copies_tags
    seed = SourceServerSeed(
        hostname=record.server.seed.hostname,
        tags=dict(record.server.tags) if copies else {},
        instance_type=record.server.seed.instance_type,
        private_ip=record.private_ip,
        image_id=record.server.seed.image_id,
        origin_region=region.name,
        origin_account_id=region.account_id,
    )
    server = seeding.add(origin, seed)
    failover = record.server.direction == "FAILOVER"
    server.direction = "FAILBACK" if failover else "FAILOVER"
    return server
