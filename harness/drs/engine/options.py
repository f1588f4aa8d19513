"""Choices of the emulator that no source documents, each with a default.

The README of this room lists them all with the reason for the default.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from harness.drs.engine.answer_options import (
    FailbackStates,
    ListingOptions,
    MachineOptions,
)
from harness.drs.engine.error_options import (
    ErrorCodes,
    ErrorOptions,
    ResourceTypes,
)
from harness.drs.engine.job_options import (
    JobOptions,
    LaunchActionOptions,
    SnapshotOptions,
)
from harness.drs.engine.lower_limits import refuse_negative, refuse_page_size
from harness.drs.engine.recovery_plan_options import RecoveryPlanOptions
from harness.drs.engine.replication_configuration import (
    ReplicationConfiguration,
)
from harness.drs.engine.request_texts import RequestTexts

Check = Literal["request", "faults", "account"]
Settings = Literal["launch", "replication"]
ExtensionCheck = Literal["place", "trust", "known", "extensible", "quota"]


@dataclass(frozen=True)
class Quotas:
    """Limits of one account in one Region (DRS user guide, quotas)."""

    servers_per_job: int = 100
    servers_in_active_jobs: int = 500
    active_jobs: int = 20
    tags_per_resource: int = 50
    recovery_plans: int = 1000
    steps_per_plan: int = 20
    servers_per_plan: int = 100
    plan_execution_hours: int = 24
    source_servers: int = 4000
    replicating_source_servers: int = 300
    launch_configuration_templates: int = 1


@dataclass(frozen=True)
class ErrorTexts:
    """Error messages; only ``servers_busy`` was seen in the wild."""

    servers_busy: str = (
        "One or more of the Source Servers included in API call are "
        "currently being processed by a Job"
    )
    uninitialized: str = "Account {account_id} is not initialized in {region}"
    unknown_source_server: str = "Source Server {id} does not exist"
    unknown_recovery_instance: str = "Recovery Instance {id} does not exist"
    unknown_job: str = "Job {id} does not exist"
    unknown_resource: str = "Resource {id} does not exist"
    not_ready: str = (
        "Source Server {id} has no consistent recovery point: "
        "data replication is {state}"
    )
    duplicate: str = "{id} is given more than once"
    quota: str = "Quota {quota_code} exceeded: at most {limit} {what}"
    has_recovery_instance: str = (
        "Cannot disconnect Source Server {id} because it has a Recovery "
        "Instance."
    )
    not_disconnected: str = "{id} must be disconnected first"
    already_disconnected: str = "{id} is already disconnected"
    wrong_state: str = "Data replication of {id} is {state}"
    extended: str = "{id} is extended: do this in its staging account"
    unknown_snapshot: str = "Recovery Snapshot {id} does not exist"
    job_active: str = "Job {id} is not completed"
    unknown_template: str = "Launch Configuration Template {id} does not exist"
    failing_back: str = "Recovery Instance {id} is in failback"
    not_from_ec2: str = "Recovery Instance {id} did not originate in EC2"
    not_initialized: str = "Recovery Instance {id} is still initializing"
    already_reversed: str = "Replication of {id} is already reversed"
    staging_denied: str = "Error in Authorization"
    not_extensible: str = "{id} cannot be extended into this account"
    denied: str = (
        "User: arn:aws:sts::{account_id}:assumed-role/caller is not "
        "authorized to perform: drs:{operation} on resource: * because no "
        "identity-based policy allows the drs:{operation} action"
    )
    throttled: str = "Rate exceeded"
    internal: str = "An internal error occurred"
    too_many_tags: str = "A resource can have at most {limit} tags"
    unknown_disk: str = "There is no disk {name}"
    long_retention: str = "Snapshots are kept for at most {days} days"
    staging_gone: str = "{id} does not exist"
    bad_token: str = "The pagination token is not valid for this request"


@dataclass(frozen=True)
class FailureTexts:
    """``rawError`` of a server told to fail without a message of its own.

    ``denied`` is that of a caller who lacks an EC2 permission.
    """

    snapshot: str = "Failed to take snapshot"
    conversion: str = "Conversion server launch failed"
    launch: str = "Failed to launch recovery instance"
    denied: str = (
        "An error occurred (UnauthorizedOperation) when calling the {call} "
        "operation: You are not authorized to perform this operation. The "
        "caller of drs:StartRecovery is not authorized to perform: {action}"
    )


@dataclass(frozen=True)
class LaunchConfiguration:
    """The launch settings a new source server starts with.

    ``name`` is made from ``{hostname}``.
    """

    name: str = "{hostname}"
    launch_disposition: str = "STARTED"
    right_sizing: str = "BASIC"
    copy_private_ip: bool = False
    copy_tags: bool = False
    os_byol: bool = False
    post_launch_enabled: bool = False
    recovery_mode: str = "OPTIMAL"


@dataclass(frozen=True)
class EmulatorOptions:
    """Everything that can be switched, valid for all accounts and Regions.

    ``unlock_delay`` is the time a server stays locked after its job has
    completed. ``page_size`` counts items per page when the caller gives no
    ``maxResults``. ``check_order`` is the order in which a request meets
    the constraints of the service model, the faults that are set (denied,
    throttled) and the need of an initialized account.
    ``unreachable_staging_state`` is the replication state of an extended
    server without its staging server. ``extension_checks`` is the order in
    which a request to extend a server is checked, ``place`` being the
    account and Region of the server; what it leaves out is not checked.
    """

    check_order: tuple[Check, ...] = ("request", "faults", "account")
    page_size: int = field(default=100, metadata={"minimum": 1})
    declared_errors_only: bool = False
    conflict_names_resource: bool = False
    not_found_names_resource: bool = True
    empty_filter_matches_all: bool = True
    shows_in_progress: bool = True
    skips_conversion_when_fast: bool = True
    job_tags_hold_arn: bool = False
    names_instance_after_host: bool = True
    continues_after_failed_cleanup: bool = True
    unlock_delay: timedelta = timedelta(0)
    time_format: Literal["offset", "zulu"] = "offset"
    snapshot_order: Literal["ASC", "DESC"] = "DESC"
    snapshot_states: frozenset[str] = frozenset(
        {"CONTINUOUS", "CREATING_SNAPSHOT"}
    )
    logs_chosen_snapshot: bool = False
    refuses_second_disconnect: bool = True
    refuses_second_stop: bool = True
    changeable_when_disconnected: frozenset[Settings] = frozenset(
        {"replication"}
    )
    unreachable_staging_state: Literal["DISCONNECTED", "STALLED"] = (
        "DISCONNECTED"
    )
    staging_needs_trust: bool = True
    extension_checks: tuple[ExtensionCheck, ...] = (
        "place",
        "trust",
        "known",
        "extensible",
        "quota",
    )
    reversed_server_copies_tags: bool = False
    extended_servers_sync: bool = False
    reversal_wait: timedelta = timedelta(minutes=5)
    template_name: str = "created-and-used-by-drs-{server_id}"
    remakes_template_when_read: bool = True
    template_settings: frozenset[str] = frozenset(
        {"copy_private_ip", "copy_tags", "os_byol", "right_sizing"}
    )
    unready_states: frozenset[str] = frozenset(
        {"STOPPED", "INITIATING", "INITIAL_SYNC", "DISCONNECTED"}
    )
    jobs: JobOptions = field(default_factory=JobOptions)
    actions: LaunchActionOptions = field(default_factory=LaunchActionOptions)
    snapshots: SnapshotOptions = field(default_factory=SnapshotOptions)
    listings: ListingOptions = field(default_factory=ListingOptions)
    machines: MachineOptions = field(default_factory=MachineOptions)
    failback_states: FailbackStates = field(default_factory=FailbackStates)
    errors: ErrorOptions = field(default_factory=ErrorOptions)
    error_codes: ErrorCodes = field(default_factory=ErrorCodes)
    resource_types: ResourceTypes = field(default_factory=ResourceTypes)
    quotas: Quotas = field(default_factory=Quotas)
    recovery_plans: RecoveryPlanOptions = field(
        default_factory=RecoveryPlanOptions
    )
    error_texts: ErrorTexts = field(default_factory=ErrorTexts)
    request_texts: RequestTexts = field(default_factory=RequestTexts)

    def __post_init__(self) -> None:
        """Refuse amounts that would mean nothing."""
        refuse_negative(self)
        refuse_page_size(self.page_size, "page_size")

    failure_texts: FailureTexts = field(default_factory=FailureTexts)
    launch_configuration: LaunchConfiguration = field(
        default_factory=LaunchConfiguration
    )
    replication_configuration: ReplicationConfiguration = field(
        default_factory=ReplicationConfiguration
    )
