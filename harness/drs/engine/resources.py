"""Finding what a request names, and the errors if it is not there."""

from collections import Counter
from collections.abc import Mapping, Sequence

from harness.drs.engine import replication
from harness.drs.engine.error_options import ResourceKind
from harness.drs.engine.errors import DrsError, InvalidRequestError
from harness.drs.engine.options import Settings
from harness.drs.engine.records import RecoveryInstance, SourceServer
from harness.drs.engine.region import Region

RESOURCE_NOT_FOUND = "ResourceNotFoundException"
CONFLICT = "ConflictException"
QUOTA_EXCEEDED = "ServiceQuotaExceededException"


def source_server(region: Region, server_id: str) -> SourceServer:
    """Find a source server for an operation that declares NotFound.

    Raises:
        DrsError: ResourceNotFoundException.
    """
    server = region.source_servers.get(server_id)
    if server is None:
        text = region.options.error_texts.unknown_source_server
        raise not_found(region, text, server_id, "source_server")
    return server


def listed_server(region: Region, server_id: str) -> SourceServer:
    """Find a source server for an operation that declares no NotFound.

    Raises:
        DrsError: ResourceNotFoundException, or InvalidRequestError if only
            declared errors may occur.
    """
    if server_id in region.source_servers:
        return region.source_servers[server_id]
    text = region.options.error_texts.unknown_source_server
    raise unknown_listed(region, text, server_id, "source_server")


def unknown_listed(
    region: Region, text: str, resource_id: str, kind: ResourceKind
) -> DrsError:
    """Make a NotFound error for a list that declares ValidationException."""
    if region.options.declared_errors_only:
        return InvalidRequestError("other", text.format(id=resource_id))
    return not_found(region, text, resource_id, kind)


def recovery_instance(region: Region, instance_id: str) -> RecoveryInstance:
    """Find a recovery instance for an operation that declares NotFound.

    Raises:
        DrsError: ResourceNotFoundException.
    """
    record = region.recovery_instances.get(instance_id)
    if record is None:
        text = region.options.error_texts.unknown_recovery_instance
        raise not_found(region, text, instance_id, "recovery_instance")
    return record


def is_reversed(region: Region, record: RecoveryInstance) -> bool:
    """Tell whether an instance replicates to where it came from."""
    found = replication.by_arn(region, record.reversed_arn)
    return found is not None and found[1].replication_state not in (
        replication.ENDED_STATES
    )


def in_failback(region: Region, record: RecoveryInstance) -> bool:
    """Tell whether an instance still replicates for a failback."""
    back = record.server.direction == "FAILOVER"
    return back and is_reversed(region, record)


def launchable(
    region: Region, server_ids: Sequence[str]
) -> list[SourceServer]:
    """Find the source servers of a StartRecovery.

    Raises:
        DrsError: One is unknown; which class is a choice of the options,
            as StartRecovery declares none for it.
        InvalidRequestError: One is given twice.
    """
    refuse_duplicates(region, server_ids)
    text = region.options.error_texts.unknown_source_server
    for server_id in server_ids:
        if server_id not in region.source_servers:
            raise undeclared(region, text, server_id, "source_server")
    return [region.source_servers[server_id] for server_id in server_ids]


def terminable(
    region: Region, instance_ids: Sequence[str]
) -> list[RecoveryInstance]:
    """Find the recovery instances of a TerminateRecoveryInstances.

    Raises:
        DrsError: One is unknown, as with ``launchable``.
        InvalidRequestError: One is given twice.
    """
    refuse_duplicates(region, instance_ids)
    text = region.options.error_texts.unknown_recovery_instance
    for instance_id in instance_ids:
        if instance_id not in region.recovery_instances:
            raise undeclared(region, text, instance_id, "recovery_instance")
    return [region.recovery_instances[each] for each in instance_ids]


def not_found(
    region: Region, text: str, resource_id: str, kind: ResourceKind
) -> DrsError:
    """Make a ResourceNotFoundException."""
    if not region.options.not_found_names_resource:
        return DrsError(RESOURCE_NOT_FOUND, text.format(id=resource_id))
    return DrsError(
        RESOURCE_NOT_FOUND,
        text.format(id=resource_id),
        **_named(region, resource_id, kind),
    )


def undeclared(
    region: Region, text: str, resource_id: str, kind: ResourceKind
) -> DrsError:
    """Make a NotFound error for an operation that does not declare one."""
    if region.options.declared_errors_only:
        return conflict(region, text.format(id=resource_id), resource_id, kind)
    return not_found(region, text, resource_id, kind)


def conflict(
    region: Region, message: str, resource_id: str, kind: ResourceKind
) -> DrsError:
    """Make a ConflictException."""
    if not region.options.conflict_names_resource:
        return DrsError(CONFLICT, message)
    return DrsError(CONFLICT, message, **_named(region, resource_id, kind))


def _named(
    region: Region, resource_id: str, kind: ResourceKind
) -> dict[str, str]:
    if region.options.errors.resource_ids == "last_part":
        resource_id = resource_id.rpartition("/")[2]
    kind_name: str = getattr(region.options.resource_types, kind)
    return {"resourceId": resource_id, "resourceType": kind_name}


def conflict_over(
    region: Region, text: str, resource_id: str, kind: ResourceKind
) -> DrsError:
    """Make a ConflictException with a text that names the resource."""
    return conflict(region, text.format(id=resource_id), resource_id, kind)


def refused(
    region: Region,
    code: str,
    message: str,
    resource_id: str,
    kind: ResourceKind,
) -> DrsError:
    """Make an error whose class is a choice of the options."""
    if code == "ValidationException":
        return InvalidRequestError("other", message)
    if code == CONFLICT:
        return conflict(region, message, resource_id, kind)
    if code == RESOURCE_NOT_FOUND:
        return not_found(region, message, resource_id, kind)
    if code == QUOTA_EXCEEDED:
        return quota_exceeded(region, message)
    return DrsError(code, message)


def refused_field(
    region: Region,
    code: str,
    field: tuple[str, str],
    resource_id: str,
    kind: ResourceKind,
) -> DrsError:
    """Make an error about one field, of a class that the options choose.

    Args:
        region: Where the request was made.
        code: The class; only ValidationException names the field.
        field: Its name in the request, and what is wrong with it.
        resource_id: What the request is about.
        kind: The kind of that.
    """
    if code == "ValidationException":
        reason = "fieldValidationFailed"
        return InvalidRequestError(reason, field[1], [field])
    return refused(region, code, field[1], resource_id, kind)


def quota_exceeded(
    region: Region, message: str, quota_code: str | None = None
) -> DrsError:
    """Make a ServiceQuotaExceededException."""
    members = {
        "serviceCode": region.options.errors.service_code,
        "quotaCode": quota_code,
    }
    given = {name: value for name, value in members.items() if value}
    return DrsError(QUOTA_EXCEEDED, message, **given)


def refuse_tags(region: Region, tags: Mapping[str, str]) -> None:
    """Refuse more tags than a resource can have.

    Raises:
        DrsError: Of a class that is a choice of the options.
    """
    limit = region.options.quotas.tags_per_resource
    if len(tags) <= limit:
        return
    text = region.options.error_texts.too_many_tags.format(limit=limit)
    code = region.options.error_codes.too_many_tags
    if code == "ValidationException":
        raise InvalidRequestError("other", text, [("tags", text)])
    raise quota_exceeded(region, text)


def refuse_extended(region: Region, server: SourceServer) -> None:
    """Refuse what only the staging account may do with a server.

    Raises:
        DrsError: Of a class that is a choice of the options.
    """
    if server.staging_arn is not None:
        name, code = server.server_id, region.options.error_codes.extended
        text = region.options.error_texts.extended.format(id=name)
        raise refused(region, code, text, name, "source_server")


def refuse_disconnected(
    region: Region, resource_id: str, kind: ResourceKind
) -> None:
    """Refuse what needs a connection.

    Raises:
        DrsError: Of a class that is a choice of the options.
    """
    code = region.options.error_codes.disconnected
    text = region.options.error_texts.already_disconnected
    message = text.format(id=resource_id)
    raise refused(region, code, message, resource_id, kind)


def refuse_settings(
    region: Region, server: SourceServer, settings: Settings
) -> None:
    """Refuse to change settings of a disconnected server, if so chosen.

    Raises:
        DrsError: Of a class that is a choice of the options.
    """
    changeable = settings in region.options.changeable_when_disconnected
    if replication.is_disconnected(server) and not changeable:
        refuse_disconnected(region, server.server_id, "source_server")


def refuse_repetition(
    region: Region, resource_id: str, kind: ResourceKind
) -> None:
    """Refuse to disconnect what is disconnected, if so chosen.

    Raises:
        DrsError: ConflictException.
    """
    if region.options.refuses_second_disconnect:
        text = region.options.error_texts.already_disconnected
        raise conflict_over(region, text, resource_id, kind)


def refuse_duplicates(region: Region, ids: Sequence[str]) -> None:
    """Refuse a list that names something twice.

    Raises:
        DrsError: A ValidationException, or a ConflictException if only
            declared errors may occur.
    """
    repeated = [each for each, times in Counter(ids).items() if times > 1]
    if not repeated:
        return
    message = region.options.error_texts.duplicate.format(id=repeated[0])
    if region.options.declared_errors_only:
        raise DrsError(CONFLICT, message)
    raise InvalidRequestError("other", message)
