"""What travels between Lambdas is JSON; what DynamoDB holds is not."""

import json
from decimal import Decimal
from typing import Any


class DecimalEncoder(json.JSONEncoder):
    """Write DynamoDB's Decimal as the JSON number it stands for."""

    def default(self, o: Any) -> Any:
        if isinstance(o, Decimal):
            return _number(o)
        return super().default(o)


def from_dynamodb(value: Any) -> Any:
    """Copy a DynamoDB value, each Decimal turned into an int or float."""
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, dict):
        return {key: from_dynamodb(item) for key, item in value.items()}
    if isinstance(value, list):
        return [from_dynamodb(item) for item in value]
    return value


def to_dynamodb(value: Any) -> Any:
    """Copy a JSON value, each float turned into the Decimal it shows."""
    if isinstance(value, float):
        return Decimal(str(value))
    if isinstance(value, dict):
        return {key: to_dynamodb(item) for key, item in value.items()}
    if isinstance(value, list):
        return [to_dynamodb(item) for item in value]
    return value


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
