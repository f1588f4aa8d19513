"""Small templates for stacks, as plain documents."""

from typing import Any

Document = dict[str, Any]

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
TABLE = {
    "TableName": "shop-items",
    "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
}


def policy(*actions: str) -> Document:
    """Make a policy document that allows actions."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
        ],
    }


def resource(resource_type: str, **properties: Any) -> Document:
    """Declare a resource."""
    return {"Type": resource_type, "Properties": properties}


def template(**resources: Document) -> Document:
    """Make a template that declares resources only."""
    return {"Resources": resources}
