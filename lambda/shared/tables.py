"""The DynamoDB tables a Lambda reads and writes, named by its environment."""

import os
from typing import TYPE_CHECKING

from shared import aws

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table


def get_protection_groups_table() -> "Table":
    """Return the table of protection groups, keyed by ``groupId``."""
    return _table("PROTECTION_GROUPS_TABLE")


def get_execution_history_table() -> "Table":
    """Return the table of executions, keyed by ``executionId, planId``."""
    return _table("EXECUTION_HISTORY_TABLE")


def _table(variable: str) -> "Table":
    table: Table = aws.table(os.environ[variable])
    return table
