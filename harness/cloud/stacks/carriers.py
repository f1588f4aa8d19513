"""The resource types that the local cloud carries instead of moto."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol, cast

from harness.cloud.stacks import alarms, machines, messaging
from harness.cloud.stacks.places import Place, Properties


class Carrier(Protocol):
    """Makes resources of one type by the API of their service.

    Attributes:
        NAME: The property that names a resource; empty if none does.
        REPLACED: Properties whose change needs another resource.
    """

    NAME: str
    REPLACED: frozenset[str]

    def create(
        self, place: Place, name: str, properties: Properties
    ) -> tuple[str, Mapping[str, str]]:
        """Make a resource.

        Returns:
            What `Ref` gives, and what `Fn::GetAtt` gives by attribute.
        """

    def update(
        self, place: Place, physical_id: str, properties: Properties
    ) -> None:
        """Make a resource be as its properties now say."""

    def delete(
        self, place: Place, physical_id: str, properties: Properties
    ) -> None:
        """Remove a resource."""


@dataclass
class CarriedResource:
    """One resource, as moto's CloudFormation wants to see it.

    moto asks a class for each type and calls the names below on it.
    """

    carrier: ClassVar[Carrier]
    place: Place
    properties: Properties
    physical_resource_id: str
    attributes: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def create_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
        **kwargs: Any,
    ) -> "CarriedResource":
        """Make the resource."""
        place = Place(account_id, region_name)
        properties = cloudformation_json["Properties"]
        made, attributes = cls.carrier.create(place, resource_name, properties)
        return cls(place, properties, made, attributes)

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        """Leave it to `get_cfn_attribute` to refuse."""
        return True

    def get_cfn_attribute(self, attribute: str) -> str:
        """Give what `Fn::GetAtt` asks for."""
        # moto would go on without the attribute at most other errors.
        from moto.cloudformation.exceptions import UnsupportedAttribute

        if attribute not in self.attributes:
            raise UnsupportedAttribute(type(self).__name__, attribute)
        return self.attributes[attribute]

    def is_created(self) -> bool:
        """Tell that nothing is waited for."""
        return True

    def change(self, properties: Properties) -> None:
        """Make the resource be as its properties now say."""
        self.carrier.update(self.place, self.physical_resource_id, properties)
        self.properties = properties

    def delete(self, account_id: str, region_name: str) -> None:
        """Remove the resource."""
        self.carrier.delete(
            self.place, self.physical_resource_id, self.properties
        )


_CARRIERS: dict[str, Any] = {
    "AWS::CloudWatch::Alarm": alarms,
    "AWS::SNS::Subscription": messaging.SUBSCRIPTION,
    "AWS::SNS::TopicPolicy": messaging.TOPIC_POLICY,
    "AWS::SQS::QueuePolicy": messaging.QUEUE_POLICY,
    "AWS::StepFunctions::StateMachine": machines,
}


def _class_for(resource_type: str, carrier: Carrier) -> type[CarriedResource]:
    name = resource_type.rpartition(":")[2]
    return type(name, (CarriedResource,), {"carrier": carrier})


CLASSES: Mapping[str, type[CarriedResource]] = {
    resource_type: _class_for(resource_type, cast(Carrier, carrier))
    for resource_type, carrier in _CARRIERS.items()
}
