"""DynamoDB tables as they stand, read from moto directly.

A scan through the API costs more than most steps of an execution. For
whoever looks at all items after every step of many executions.
"""

from typing import Any

from moto.dynamodb.models import dynamodb_backends

from harness.cloud.functions import DEFAULT_REGION, HUB_ACCOUNT
from harness.cloud.tables import plain


def items(table_name: str) -> list[dict[str, Any]]:
    """Give all items of a table of the hub; numbers are int or float."""
    table = dynamodb_backends[HUB_ACCOUNT][DEFAULT_REGION].tables[table_name]
    return [
        {name: plain(value.cast_value) for name, value in item.attrs.items()}
        for item in table.all_items()
    ]
