"""The operations of DRS that the emulator simulates, by name."""

from collections.abc import Callable, Mapping
from typing import Any

from harness.drs.engine.operations import (
    account,
    jobs,
    launch_configuration,
    recovery,
    recovery_instances,
    source_servers,
    tags,
)
from harness.drs.engine.region import Region

Operation = Callable[[Region, Mapping[str, Any]], Mapping[str, Any]]

OPERATIONS: dict[str, Operation] = {
    "InitializeService": account.initialize,
    "DescribeSourceServers": source_servers.describe,
    "GetLaunchConfiguration": launch_configuration.get,
    "UpdateLaunchConfiguration": launch_configuration.update,
    "StartRecovery": recovery.start,
    "TerminateRecoveryInstances": recovery.terminate,
    "DescribeJobs": jobs.describe,
    "DescribeJobLogItems": jobs.describe_log_items,
    "DescribeRecoveryInstances": recovery_instances.describe,
    "ListTagsForResource": tags.list_for_resource,
    "TagResource": tags.tag,
    "UntagResource": tags.untag,
}
