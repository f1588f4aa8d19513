"""DescribeRecoveryInstances."""

from collections.abc import Mapping
from typing import Any

from harness.drs.engine import views
from harness.drs.engine.operations.filters import admits
from harness.drs.engine.paging import Listing
from harness.drs.engine.records import RecoveryInstance
from harness.drs.engine.region import Region

RECOVERY_INSTANCES = Listing[RecoveryInstance]("DescribeRecoveryInstances")


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
            record, states.get(record.instance_id, "not_found").upper()
        )
    )


def _matches(
    region: Region, filters: Mapping[str, Any], record: RecoveryInstance
) -> bool:
    server_id = record.server.server_id
    return admits(
        region, filters, "recoveryInstanceIDs", record.instance_id
    ) and admits(region, filters, "sourceServerIDs", server_id)
