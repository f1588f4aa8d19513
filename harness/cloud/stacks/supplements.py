"""What moto's stacks leave out of the resource types that they do carry.

moto makes the resource; the rest of its properties, and changes of them, are
carried out here by the API of the service.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from harness.cloud.stacks import identities, services
from harness.cloud.stacks.places import Place, Properties

Apply = Callable[[Place, str, Properties, Properties], None]


@dataclass(frozen=True)
class Supplement:
    """How a type of moto's is completed.

    Attributes:
        made: Properties that moto gives to a resource it makes.
        applied: Properties that `apply` gives to it, then and later.
        changed: Properties of moto's that `apply` can change later.
        left_out: Properties without any effect in the local cloud.
        apply: Takes place, physical id, properties before (none if moto
            has just made the resource) and properties now.
        release: Takes place, physical id and properties; does what must
            be done before moto can remove the resource.
    """

    made: frozenset[str]
    apply: Apply
    applied: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()
    left_out: frozenset[str] = frozenset()
    release: Callable[[Place, str, Properties], None] | None = None

    @property
    def changeable(self) -> frozenset[str]:
        """Properties that may differ in an update."""
        return self.applied | self.changed | self.left_out


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


SUPPLEMENTS: Mapping[str, Supplement] = {
    "AWS::DynamoDB::Table": Supplement(
        made=_names(
            "TableName BillingMode AttributeDefinitions KeySchema Tags "
            "GlobalSecondaryIndexes LocalSecondaryIndexes SSESpecification "
            "StreamSpecification ProvisionedThroughput "
            "DeletionProtectionEnabled"
        ),
        applied=_names(
            "PointInTimeRecoverySpecification TimeToLiveSpecification"
        ),
        apply=services.table,
    ),
    "AWS::Events::Rule": Supplement(
        made=_names("Name Description EventPattern State Targets"),
        changed=_names("Description EventPattern State Targets"),
        apply=services.rule,
    ),
    "AWS::IAM::ManagedPolicy": Supplement(
        made=_names("ManagedPolicyName Description Path PolicyDocument"),
        changed=_names("PolicyDocument"),
        apply=identities.managed_policy,
        release=identities.delete_policy,
    ),
    "AWS::IAM::Role": Supplement(
        made=_names(
            "RoleName AssumeRolePolicyDocument Path PermissionsBoundary "
            "Description Tags MaxSessionDuration Policies"
        ),
        applied=_names("ManagedPolicyArns"),
        changed=_names("AssumeRolePolicyDocument Description Policies"),
        apply=identities.role,
        release=identities.release_role,
    ),
    "AWS::KMS::Key": Supplement(
        made=_names("Description EnableKeyRotation KeyPolicy Tags"),
        changed=_names("Description EnableKeyRotation KeyPolicy"),
        left_out=_names("PendingWindowInDays"),
        apply=services.key,
    ),
    "AWS::Lambda::Function": Supplement(
        made=_names(
            "FunctionName Code Description Environment Handler MemorySize "
            "Role Runtime Timeout"
        ),
        changed=_names(
            "Code Description Environment Handler MemorySize Role Runtime "
            "Timeout"
        ),
        applied=_names("Tags"),
        left_out=_names("Architectures LoggingConfig TracingConfig"),
        apply=services.function,
    ),
    "AWS::Logs::LogGroup": Supplement(
        made=_names("LogGroupName RetentionInDays Tags"),
        changed=_names("RetentionInDays"),
        apply=services.log_group,
    ),
    "AWS::SNS::Topic": Supplement(
        made=_names("TopicName KmsMasterKeyId Tags"),
        changed=_names("KmsMasterKeyId"),
        apply=services.topic,
    ),
    "AWS::SQS::Queue": Supplement(
        made=_names(
            "QueueName MessageRetentionPeriod SqsManagedSseEnabled Tags"
        ),
        changed=_names("MessageRetentionPeriod SqsManagedSseEnabled"),
        apply=services.queue,
    ),
}
