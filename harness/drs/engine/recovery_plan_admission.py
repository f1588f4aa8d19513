"""What recovery plans may hold, and whether their servers can be launched."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from harness.drs.engine import admission
from harness.drs.engine import recovery_plan_resources as resources
from harness.drs.engine import recovery_snapshots
from harness.drs.engine.error_options import ResourceKind
from harness.drs.engine.errors import DrsError
from harness.drs.engine.recovery_plan_options import StartCheck
from harness.drs.engine.recovery_plan_records import (
    Configuration,
    PlannedServer,
    RecoveryPlan,
    ServerStep,
    WaitStep,
    servers_of,
)
from harness.drs.engine.region import Region
from harness.drs.engine.resources import (
    QUOTA_EXCEEDED,
    quota_exceeded,
    refused_field,
    source_server,
)

KIND: ResourceKind = "source_server"
SERVERS = "configuration.serverStepConfiguration.servers"


def configuration(wanted: Mapping[str, Any]) -> Configuration:
    """Read a ``RecoveryPlanStepConfiguration``, of which one member is set."""
    wait = wanted.get("waitStepConfiguration")
    if wait is not None:
        return WaitStep(wait["waitDurationMinutes"])
    return ServerStep(servers(wanted["serverStepConfiguration"]["servers"]))


def servers(wanted: Iterable[Mapping[str, Any]]) -> tuple[PlannedServer, ...]:
    """Read a list of ``RecoveryPlanServer``."""
    return tuple(
        PlannedServer(
            each["serverArn"].rpartition("/")[2],
            each["serverArn"],
            each.get("impactLevel", "CRITICAL"),
        )
        for each in wanted
    )


def refuse_servers(
    region: Region,
    added: Sequence[PlannedServer],
    others: Sequence[PlannedServer],
    field: str = SERVERS,
) -> None:
    """Refuse servers that a step of a plan or an execution cannot have.

    Args:
        region: Where the plan is.
        added: Servers of the step.
        others: Servers of the other steps.
        field: Name of the list in the request.

    Raises:
        DrsError: One is given twice, or does not exist
            (ResourceNotFoundException).
    """
    taken = {each.server_id for each in others}
    if not region.options.recovery_plans.refuses_repeated_servers:
        taken = set()
    for server in added:
        if server.server_id in taken:
            text = resources.texts(region).repeated.format(id=server.server_id)
            code = region.options.recovery_plans.codes.repeated
            at, kind = (field, text), KIND
            raise refused_field(region, code, at, server.arn, kind)
        taken.add(server.server_id)
        if region.options.recovery_plans.refuses_unknown_servers:
            find(region, server)


def find(region: Region, server: PlannedServer) -> None:
    """Make sure that a server exists in this account and Region.

    Raises:
        DrsError: ResourceNotFoundException.
    """
    known = region.source_servers.get(server.server_id)
    if known is None or known.arn != server.arn:
        source_server(region, server.arn)


def too_many_servers(
    region: Region, configurations: Iterable[Configuration]
) -> bool:
    """Tell whether the steps together have more servers than allowed."""
    total = sum(len(servers_of(each)) for each in configurations)
    return total > region.options.quotas.servers_per_plan


def over_quota(region: Region, limit: int, what: str) -> DrsError:
    """Make a ServiceQuotaExceededException; its quota code is not known."""
    text = resources.texts(region).quota.format(limit=limit, what=what)
    code = region.options.recovery_plans.quota_code
    return quota_exceeded(region, text, code)


def servers_over_quota(
    region: Region, plan_arn: str, declares_quota: bool
) -> DrsError:
    """Make the error for a plan with too many servers.

    Args:
        region: Where the plan is.
        plan_arn: The plan.
        declares_quota: Whether the operation declares an error for quotas;
            what the others answer is a choice of the options.
    """
    limit = region.options.quotas.servers_per_plan
    error = over_quota(region, limit, "servers in a Recovery Plan")
    code = region.options.recovery_plans.undeclared_quota_error
    if declares_quota or code == QUOTA_EXCEEDED:
        return error
    return resources.refused(region, code, error.message, plan_arn)


def refuse_unlaunchable(
    region: Region, server: PlannedServer, snapshots: Mapping[str, str]
) -> None:
    """Refuse a server that an individual recovery would refuse now.

    Args:
        region: Where the plan is.
        server: The server.
        snapshots: Ids of the chosen snapshots by server id.

    Raises:
        DrsError: Of a class that the options choose.
    """
    find(region, server)
    found = region.source_servers[server.server_id]
    admission.refuse_busy(region, [found])
    admission.refuse_unready(region, [found])
    chosen = snapshots.get(server.server_id)
    if chosen and not recovery_snapshots.find(region, found, chosen):
        text = region.options.error_texts.unknown_snapshot
        code = region.options.recovery_plans.codes.unknown_snapshot
        kind: ResourceKind = "recovery_snapshot"
        raise resources.refused(region, code, text, chosen, kind)


def refuse_plan(
    region: Region, plan: RecoveryPlan, snapshots: Mapping[str, str]
) -> None:
    """Refuse to execute a plan that cannot be executed now.

    Args:
        region: Where the plan is.
        plan: The plan.
        snapshots: Ids of the chosen snapshots by server id.

    Raises:
        DrsError: The plan has no server, an execution runs already, or a
            server cannot be launched.
    """
    checks: dict[StartCheck, Callable[[], None]] = {
        "plan": lambda: _refuse_invalid(region, plan),
        "execution": lambda: _refuse_second(region, plan),
        "servers": lambda: _refuse_servers(region, plan, snapshots),
    }
    for name in region.options.recovery_plans.start_checks:
        checks[name]()


def _refuse_invalid(region: Region, plan: RecoveryPlan) -> None:
    if plan.status == "INVALID":
        code = region.options.recovery_plans.invalid_plan_error
        text = resources.texts(region).plan_invalid
        raise resources.refused(region, code, text, plan.arn)


def _refuse_second(region: Region, plan: RecoveryPlan) -> None:
    if resources.active_execution(region, plan.arn):
        code = region.options.recovery_plans.second_execution_error
        text = resources.texts(region).plan_executing
        raise resources.refused(region, code, text, plan.arn)


def _refuse_servers(
    region: Region, plan: RecoveryPlan, snapshots: Mapping[str, str]
) -> None:
    if not region.options.recovery_plans.validates_servers_at_start:
        return
    for step in plan.steps:
        for server in servers_of(step.configuration):
            refuse_unlaunchable(region, server, snapshots)
