"""Policies of topics and queues, and subscriptions.

moto's services have them all, its stacks have none: a topic or a queue would
stay without its policy.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from harness.cloud.stacks.places import Place, Properties

Made = tuple[str, Mapping[str, str]]


@dataclass(frozen=True)
class _PolicyCarrier:
    """Carries the policy of topics or queues.

    Attributes:
        targets: The property that lists topics or queues.
        service: The one of the topics or queues.
    """

    targets: str
    service: str
    NAME: str = ""
    REPLACED: frozenset[str] = frozenset()

    def create(self, place: Place, name: str, properties: Properties) -> Made:
        """Put the policy onto each of them."""
        self.update(place, name, properties)
        return name, {"Id": name}

    def update(
        self, place: Place, physical_id: str, properties: Properties
    ) -> None:
        """Put the policy onto each of them again."""
        self._put(place, properties, json.dumps(properties["PolicyDocument"]))

    def delete(
        self, place: Place, physical_id: str, properties: Properties
    ) -> None:
        """Leave them with a policy that allows nothing."""
        nothing = {"Version": "2012-10-17", "Statement": []}
        self._put(place, properties, json.dumps(nothing))

    def _put(self, place: Place, properties: Properties, text: str) -> None:
        client = place.client(self.service)
        for target in properties[self.targets]:
            if self.service == "sns":
                client.set_topic_attributes(
                    TopicArn=target,
                    AttributeName="Policy",
                    AttributeValue=text,
                )
            else:
                client.set_queue_attributes(
                    QueueUrl=target, Attributes={"Policy": text}
                )


class _SubscriptionCarrier:
    """Carries subscriptions to topics."""

    NAME = ""
    REPLACED = frozenset({"TopicArn", "Protocol", "Endpoint"})

    def create(self, place: Place, name: str, properties: Properties) -> Made:
        """Subscribe an endpoint."""
        made = place.client("sns").subscribe(
            TopicArn=properties["TopicArn"],
            Protocol=properties["Protocol"],
            Endpoint=properties["Endpoint"],
            Attributes=_attributes(properties),
            ReturnSubscriptionArn=True,
        )
        return made["SubscriptionArn"], {"Arn": made["SubscriptionArn"]}

    def update(
        self, place: Place, physical_id: str, properties: Properties
    ) -> None:
        """Set the attributes that are given."""
        for name, value in _attributes(properties).items():
            place.client("sns").set_subscription_attributes(
                SubscriptionArn=physical_id,
                AttributeName=name,
                AttributeValue=value,
            )

    def delete(
        self, place: Place, physical_id: str, properties: Properties
    ) -> None:
        """Unsubscribe the endpoint."""
        place.client("sns").unsubscribe(SubscriptionArn=physical_id)


def _attributes(properties: Properties) -> dict[str, str]:
    return {
        name: _text(value)
        for name, value in properties.items()
        if name not in _SubscriptionCarrier.REPLACED | {"Region"}
    }


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


TOPIC_POLICY = _PolicyCarrier("Topics", "sns")
QUEUE_POLICY = _PolicyCarrier("Queues", "sqs")
SUBSCRIPTION = _SubscriptionCarrier()
