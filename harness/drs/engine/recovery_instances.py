"""Launching and removing the instances of source servers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from harness.drs.engine import fault_reading
from harness.drs.engine.compute import (
    InstanceOrder,
    LaunchedInstance,
    LaunchTemplate,
    LaunchTemplateMissingError,
    TerminationRefusedError,
)
from harness.drs.engine.faults import InstanceVanishes
from harness.drs.engine.options import LaunchConfiguration
from harness.drs.engine.records import (
    Job,
    Participant,
    RecoveryInstance,
    SourceServer,
)
from harness.drs.engine.region import Region
from harness.drs.engine.seeding import create_template, ownership_tags


@dataclass(frozen=True)
class StartedInstance:
    """An instance in EC2 that is no recovery instance yet."""

    instance: LaunchedInstance
    tags: Mapping[str, str]
    server: SourceServer


def start(
    region: Region, job: Job, server: SourceServer, participant: Participant
) -> StartedInstance:
    """Launch the instance of a server in EC2.

    Raises:
        LaunchRefusedError: EC2 refused the launch.
    """
    settings = settings_of(server, participant)
    order = _order(region, job, server, settings)
    return StartedInstance(region.compute.run(order), order.tags, server)


def settings_of(
    server: SourceServer, participant: Participant
) -> LaunchConfiguration:
    """Find the launch settings that count for a server in a job."""
    return participant.launch_configuration or server.launch_configuration


def record(
    region: Region,
    job: Job,
    participant: Participant,
    started: StartedInstance,
    at: datetime,
) -> str:
    """Make the recovery instance of a started instance.

    Args:
        region: Account and Region of the server.
        job: Job that launches.
        participant: The server in the job.
        started: The instance in EC2.
        at: Time of the launch.

    Returns:
        Id of the instance, which DRS also uses for the recovery instance.
    """
    server, instance = started.server, started.instance
    made = RecoveryInstance(
        number=next(region.numbers),
        instance_id=instance.instance_id,
        arn=region.arn("recovery-instance", instance.instance_id),
        server=server,
        job_id=job.job_id,
        is_drill=job.is_drill,
        launched_at=at,
        snapshot_at=participant.snapshot_at or job.created_at,
        private_ip=instance.private_ip,
        tags=dict(started.tags),
    )
    region.recovery_instances[made.instance_id] = made
    server.recovery_instance_id = made.instance_id
    server.instance_ids.append(made.instance_id)
    let_vanish(region)
    return made.instance_id


def end_early(region: Region, instance_ids: Sequence[str]) -> None:
    """Terminate instances as soon as their clean-up starts, if so chosen."""
    if region.options.jobs.instance_ends_at == "CLEANUP_START":
        for instance_id in instance_ids:
            discard(region, instance_id)


def discard(region: Region, instance_id: str) -> None:
    """Terminate an instance in EC2; a refusal is no error."""
    try:
        region.compute.terminate(instance_id)
    except TerminationRefusedError:
        # Whoever has to know tries again at the end of the clean-up.
        return


def let_vanish(region: Region) -> None:
    """Terminate, outside DRS, the instances that a fault lets vanish."""
    for fault in fault_reading.active(region, InstanceVanishes):
        for record in region.recovery_instances.values():
            if record.server.server_id == fault.server_id:
                region.compute.terminate(record.instance_id)


def state_of(region: Region, record: RecoveryInstance, found: str) -> str:
    """Tell ``ec2InstanceState`` of a recovery instance.

    Args:
        region: Account and Region of the instance.
        record: The recovery instance.
        found: What EC2 says.
    """
    fault = fault_reading.of_server(
        region, InstanceVanishes, record.server.server_id
    )
    return fault.state if fault else found.upper()


def remove(region: Region, server: SourceServer, instance_id: str) -> None:
    """Terminate an instance and forget its record.

    Raises:
        TerminationRefusedError: EC2 refused; the record stays.
    """
    region.compute.terminate(instance_id)
    region.recovery_instances.pop(instance_id, None)
    if instance_id in server.instance_ids:
        server.instance_ids.remove(instance_id)
    if server.recovery_instance_id == instance_id:
        server.recovery_instance_id = None


def template_of(region: Region, server: SourceServer) -> LaunchTemplate:
    """Read a server's launch template; one deleted by a person is remade."""
    try:
        if server.template_id is not None:
            return region.compute.template(server.template_id)
    except LaunchTemplateMissingError:
        pass
    server.templates_made += 1
    server.template_id = create_template(
        region, server.server_id, server.seed, server.templates_made
    )
    return region.compute.template(server.template_id)


def _order(
    region: Region,
    job: Job,
    server: SourceServer,
    settings: LaunchConfiguration,
) -> InstanceOrder:
    template = template_of(region, server)
    own_type = template.instance_type or server.seed.instance_type
    sized = settings.right_sizing in ("BASIC", "IN_AWS")
    address = template.private_ip
    # Without a subnet EC2 takes the default one, where the source's
    # address has no place.
    anywhere = region.options.jobs.copies_address_without_subnet
    has_place = bool(template.subnet_id) or anywhere
    if settings.copy_private_ip and has_place and not address:
        address = server.seed.private_ip
    return InstanceOrder(
        key=region.key(job.job_id, server.server_id),
        template=template,
        image_id=template.image_id or server.seed.image_id,
        instance_type=server.seed.instance_type if sized else own_type,
        private_ip=address,
        tags=_tags(region, job, server, template, settings),
        stopped=settings.launch_disposition == "STOPPED",
        default_subnet=region.options.jobs.default_subnet,
    )


def _tags(
    region: Region,
    job: Job,
    server: SourceServer,
    template: LaunchTemplate,
    settings: LaunchConfiguration,
) -> dict[str, str]:
    tags: dict[str, str] = {}
    if region.options.names_instance_after_host:
        tags["Name"] = server.seed.hostname
    if settings.copy_tags:
        tags |= server.tags
    tags |= ownership_tags(server.server_id)
    tags["drs.amazonaws.com-source-server"] = server.server_id
    tags["drs.amazonaws.com-job"] = job.job_id
    return tags | dict(template.instance_tags)
