"""How the execution history is written: conditionally, one item at a time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from shared import aws_errors
from shared.execution_state import State
from shared.json_values import from_dynamodb, to_dynamodb

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

ITEM_EXISTS = "attribute_exists(executionId)"


@dataclass(frozen=True)
class Condition:
    """What must hold of the item for a write to happen."""

    expression: str = ITEM_EXISTS
    values: Mapping[str, Any] = field(default_factory=dict)

    def and_(self, other: "Condition") -> "Condition":
        """Return the condition that both hold."""
        return Condition(
            f"{self.expression} AND {other.expression}",
            {**self.values, **other.values},
        )


def status_in(*statuses: str) -> Condition:
    """Require the execution's status to be one of some."""
    values = {f":status{n}": status for n, status in enumerate(statuses)}
    return Condition(f"#status IN ({', '.join(values)})", values)


def status_not_in(*statuses: str) -> Condition:
    """Require the item to exist with none of some statuses."""
    unwanted = status_in(*statuses)
    return Condition(
        f"{ITEM_EXISTS} AND NOT {unwanted.expression}", unwanted.values
    )


def holds_waves(count: int) -> Condition:
    """Require that index ``count`` of ``waves`` would land there.

    DynamoDB appends when an index lies beyond the end of a list.
    """
    expression = "attribute_exists(waves) AND size(waves) >= :waves"
    return Condition(expression, {":waves": count})


def lacks_waves(count: int) -> Condition:
    """Require that index ``count`` of ``waves`` would not land there."""
    whole = holds_waves(count)
    return Condition(f"NOT ({whole.expression})", whole.values)


def has_not_ended(wave_number: int) -> Condition:
    """Require that no end of a wave is recorded."""
    end = f"waves[{wave_number}].endTime"
    return Condition(
        f"(attribute_not_exists({end}) OR attribute_type({end}, :null))",
        {":null": "NULL"},
    )


def has_not_started(wave_number: int) -> Condition:
    """Require that nothing is recorded of a wave."""
    return Condition(f"attribute_not_exists(waves[{wave_number}])")


def update(
    table: "Table",
    state: State,
    changes: Mapping[str, Any],
    condition: Condition,
    removed: tuple[str, ...] = (),
) -> bool:
    """Update the execution's item.

    Args:
        table: The execution history.
        state: Names the execution and its plan.
        changes: New values by document path, ``#status`` for the status.
        condition: What must hold of the item.
        removed: Attributes to remove.

    Returns:
        Whether the item was written; False when the condition did not hold.

    Raises:
        ClientError: DynamoDB refused for another reason.
    """
    expression = _expression(changes, removed)
    values = {**condition.values, **_values(changes)}
    request: dict[str, Any] = {
        "Key": item_key(state),
        "UpdateExpression": expression,
        "ConditionExpression": condition.expression,
    }
    if values:
        request["ExpressionAttributeValues"] = to_dynamodb(values)
    if "#status" in expression + condition.expression:
        request["ExpressionAttributeNames"] = {"#status": "status"}
    try:
        table.update_item(**request)
    except ClientError as error:
        if aws_errors.code(error) == "ConditionalCheckFailedException":
            return False
        raise
    return True


def read(
    table: "Table", state: State, projection: str | None = None
) -> dict[str, Any]:
    """Read the execution's item, or part of it, as it is now.

    Returns:
        The item in JSON values; empty when there is none.

    Raises:
        ClientError: DynamoDB refused.
    """
    request: dict[str, Any] = {"Key": item_key(state), "ConsistentRead": True}
    if projection:
        request["ProjectionExpression"] = projection
        request["ExpressionAttributeNames"] = {"#status": "status"}
    item = table.get_item(**request).get("Item", {})
    return dict(from_dynamodb(item))


def item_key(state: State) -> dict[str, str]:
    """Return the key of the execution's item."""
    return {"executionId": state["execution_id"], "planId": state["plan_id"]}


def _expression(changes: Mapping[str, Any], removed: tuple[str, ...]) -> str:
    sets = [f"{path} = :new{n}" for n, path in enumerate(changes)]
    parts = [f"SET {', '.join(sets)}"] if sets else []
    parts += [f"REMOVE {', '.join(removed)}"] if removed else []
    return " ".join(parts)


def _values(changes: Mapping[str, Any]) -> dict[str, Any]:
    return {f":new{n}": value for n, value in enumerate(changes.values())}
