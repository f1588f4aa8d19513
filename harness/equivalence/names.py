"""Names of what a scenario's world holds."""

import uuid

TARGET = "210987654321"
EXECUTION_ID = "0d9f2b1c-7b1e-4a53-9d0e-6a5f4c3b2a19"
PLAN_ID = "c0ffee00-1111-4222-8333-444455556666"
PLAN_NAME = "Scenario"
REGIONS = ("us-east-1", "eu-west-1")


def server_id(index: int) -> str:
    """Name a source server."""
    return f"s-{index:017d}"


def group_id(index: int) -> str:
    """Name a protection group."""
    return str(uuid.UUID(int=index + 1, version=4))
