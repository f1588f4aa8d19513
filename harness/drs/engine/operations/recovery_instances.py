"""DescribeRecoveryInstances, Disconnect- and DeleteRecoveryInstance."""

from collections.abc import Mapping
from typing import Any

from harness.drs.engine import admission, resources, views
from harness.drs.engine.error_options import ResourceKind
from harness.drs.engine.operations.filters import admits
from harness.drs.engine.paging import Listing
from harness.drs.engine.records import RecoveryInstance
from harness.drs.engine.recovery_instances import state_of
from harness.drs.engine.region import Region

RECOVERY_INSTANCES = Listing[RecoveryInstance]("DescribeRecoveryInstances")

KIND: ResourceKind = "recovery_instance"


def describe(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """List recovery instances in the order of their launch.

    ``ec2InstanceState`` is what EC2 says now; an instance that EC2 no
    longer knows is NOT_FOUND.
    """
    filters = parameters.get("filters", {})
    found = [
        record
        for record in region.recovery_instances.values()
        if _matches(region, filters, record)
    ]
    page = RECOVERY_INSTANCES.page(region, parameters, found)
    states = region.compute.states(
        [record.instance_id for record in page.records]
    )
    return page.answer(
        lambda record: views.recovery_instance(
            region,
            record,
            state_of(
                region, record, states.get(record.instance_id, "not_found")
            ),
        )
    )


def disconnect(
    region: Region, parameters: Mapping[str, Any]
) -> dict[str, Any]:
    """Stop to replicate from an instance, which goes on in EC2.

    Raises:
        DrsError: The instance is unknown, disconnected already, or a job
            has its server.
    """
    record = resources.recovery_instance(
        region, parameters["recoveryInstanceID"]
    )
    admission.refuse_locked(
        region, "DisconnectRecoveryInstance", record.server
    )
    if record.replication_state == "DISCONNECTED":
        resources.refuse_repetition(region, record.instance_id, KIND)
    record.replication_state = "DISCONNECTED"
    return {}


def delete(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Forget a disconnected instance, which goes on in EC2.

    The next launch of its server still removes it.

    Raises:
        DrsError: The instance is unknown, connected, or a job has its
            server.
    """
    (record,) = resources.terminable(
        region, [parameters["recoveryInstanceID"]]
    )
    admission.refuse_locked(region, "DeleteRecoveryInstance", record.server)
    if record.replication_state != "DISCONNECTED":
        text = region.options.error_texts.not_disconnected
        raise resources.conflict_over(region, text, record.instance_id, KIND)
    del region.recovery_instances[record.instance_id]
    if record.server.recovery_instance_id == record.instance_id:
        record.server.recovery_instance_id = None
    return {}


def _matches(
    region: Region, filters: Mapping[str, Any], record: RecoveryInstance
) -> bool:
    server_id = record.server.server_id
    return admits(
        region, filters, "recoveryInstanceIDs", record.instance_id
    ) and admits(region, filters, "sourceServerIDs", server_id)
