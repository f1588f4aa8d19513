"""`AWS::CloudWatch::Alarm`: moto has alarms, but not in stacks."""

from collections.abc import Mapping

from harness.cloud.stacks.places import Place, Properties

NAME = "AlarmName"
REPLACED = frozenset({NAME})


def create(
    place: Place, name: str, properties: Properties
) -> tuple[str, Mapping[str, str]]:
    """Make an alarm; its properties are called as in the API."""
    arn = f"arn:aws:cloudwatch:{place.region}:{place.account_id}:alarm:{name}"
    update(place, name, properties)
    return name, {"Arn": arn}


def update(place: Place, physical_id: str, properties: Properties) -> None:
    """Write the whole alarm anew."""
    asked = {**properties, NAME: physical_id}
    place.client("cloudwatch").put_metric_alarm(**asked)


def delete(place: Place, physical_id: str, properties: Properties) -> None:
    """Remove an alarm."""
    place.client("cloudwatch").delete_alarms(AlarmNames=[physical_id])
