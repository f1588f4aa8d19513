"""Read and write items as the service's API does."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import boto3
from boto3.dynamodb.conditions import ConditionBase

Item = Mapping[str, Any]


class TableUnknownError(Exception):
    """The deployment has no table of that name."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        self.name = name
        self.known = known
        super().__init__(f"No table {name}; there are {', '.join(known)}")


class Tables:
    """The deployed tables, by the logical ids of their template."""

    def __init__(self, names: Mapping[str, str]) -> None:
        """Connect to tables.

        Args:
            names: Physical names by logical ids.
        """
        dynamodb = boto3.resource("dynamodb")
        self._tables = {
            logical_id: dynamodb.Table(name)
            for logical_id, name in names.items()
        }
        self._keys = {
            logical_id: [key["AttributeName"] for key in table.key_schema]
            for logical_id, table in self._tables.items()
        }

    def put(self, table: str, item: Item) -> None:
        """Store an item; floats become numbers as DynamoDB takes them."""
        self._table(table).put_item(Item=_with_decimals(item))

    def get(self, table: str, key: Item) -> Item | None:
        """Read an item consistently; its numbers are int or float."""
        found = self._table(table).get_item(Key=dict(key), ConsistentRead=True)
        return plain(found["Item"]) if "Item" in found else None

    def delete(self, table: str, key: Item) -> None:
        """Delete an item; that it does not exist is no error."""
        self._table(table).delete_item(Key=dict(key))

    def items(self, table: str) -> list[Item]:
        """Read all items of a table, in the order of their keys."""
        found = self._table(table).scan()["Items"]
        keys = self._keys[table]
        found.sort(key=lambda item: [str(item[key]) for key in keys])
        return [plain(item) for item in found]

    def update(
        self,
        table: str,
        key: Item,
        attributes: Item,
        condition: ConditionBase,
    ) -> None:
        """Set attributes of an item, on a condition.

        Raises:
            ClientError: ConditionalCheckFailedException, if it fails.
        """
        names = {f"#{n}": name for n, name in enumerate(attributes)}
        values = {
            f":{n}": value
            for n, value in enumerate(_with_decimals(attributes).values())
        }
        pairs = zip(names, values, strict=True)
        assignments = ", ".join(f"{name} = {value}" for name, value in pairs)
        self._table(table).update_item(
            Key=dict(key),
            UpdateExpression=f"SET {assignments}",
            ExpressionAttributeNames=names,
            ExpressionAttributeValues=values,
            ConditionExpression=condition,
        )

    def history_key(self, execution_id: str, plan_id: str) -> Item:
        """Make the key of an execution's record."""
        return {"executionId": execution_id, "planId": plan_id}

    def _table(self, name: str) -> Any:
        if name not in self._tables:
            raise TableUnknownError(name, tuple(self._tables))
        return self._tables[name]


def plain(value: Any) -> Any:
    """Turn DynamoDB's numbers into int or float, all the way down."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral() else float(value)
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def _with_decimals(item: Item) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(
        json.dumps(item), parse_float=Decimal
    )
    return document
