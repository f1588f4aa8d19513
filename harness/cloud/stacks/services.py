"""Tables, functions, keys, logs and messages, as their properties say.

Each function is told place, physical id, the properties before (none if
moto has just made the resource) and the properties now.
"""

import json
from typing import Any

from moto.awslambda.models import LambdaFunction

from harness.cloud.stacks.places import Place, Properties

_CONFIGURATION = (
    "Description",
    "Environment",
    "Handler",
    "MemorySize",
    "Role",
    "Runtime",
    "Timeout",
)


def table(
    place: Place, physical_id: str, before: Properties, now: Properties
) -> None:
    """Set backups and the time to live, which moto's stacks leave out."""
    dynamodb = place.client("dynamodb")
    recovery = "PointInTimeRecoverySpecification"
    if recovery in now and now[recovery] != before.get(recovery):
        dynamodb.update_continuous_backups(
            TableName=physical_id,
            PointInTimeRecoverySpecification=now[recovery],
        )
    living = "TimeToLiveSpecification"
    if living in now and now[living] != before.get(living):
        dynamodb.update_time_to_live(
            TableName=physical_id, TimeToLiveSpecification=now[living]
        )


def function(
    place: Place, physical_id: str, before: Properties, now: Properties
) -> None:
    """Tag a function; change its configuration and its code."""
    client = place.client("lambda")
    tags = {tag["Key"]: str(tag["Value"]) for tag in now.get("Tags", [])}
    arn = client.get_function(FunctionName=physical_id)["Configuration"]
    if tags:
        client.tag_resource(Resource=arn["FunctionArn"], Tags=tags)
    if not before:
        return
    changed = {name: now[name] for name in _CONFIGURATION if name in now}
    client.update_function_configuration(FunctionName=physical_id, **changed)
    if now["Code"] != before["Code"]:
        code = _code(now["Code"])
        client.update_function_code(FunctionName=physical_id, **code)


def _code(given: Properties) -> dict[str, Any]:
    """Give code in the form of the API."""
    if "ZipFile" not in given:
        return dict(given)
    # In a template it is the text of one file, as moto packs it at first.
    text = given["ZipFile"]
    packed = LambdaFunction._create_zipfile_from_plaintext_code(text)
    return {**given, "ZipFile": packed}


def log_group(
    place: Place, physical_id: str, before: Properties, now: Properties
) -> None:
    """Change how long a log is kept."""
    if not before:
        return
    logs = place.client("logs")
    if "RetentionInDays" in now:
        logs.put_retention_policy(
            logGroupName=physical_id,
            retentionInDays=int(now["RetentionInDays"]),
        )
    else:
        logs.delete_retention_policy(logGroupName=physical_id)


def topic(
    place: Place, physical_id: str, before: Properties, now: Properties
) -> None:
    """Change the key of a topic; its subscriptions and policy stay."""
    if before:
        place.client("sns").set_topic_attributes(
            TopicArn=physical_id,
            AttributeName="KmsMasterKeyId",
            AttributeValue=now.get("KmsMasterKeyId", ""),
        )


def queue(
    place: Place, physical_id: str, before: Properties, now: Properties
) -> None:
    """Change the attributes of a queue; its messages and policy stay."""
    if before:
        names = ("MessageRetentionPeriod", "SqsManagedSseEnabled")
        given = {name: _text(now[name]) for name in names if name in now}
        place.client("sqs").set_queue_attributes(
            QueueUrl=physical_id, Attributes=given
        )


def key(
    place: Place, physical_id: str, before: Properties, now: Properties
) -> None:
    """Change policy, description and rotation of a key."""
    if not before:
        return
    kms = place.client("kms")
    kms.put_key_policy(
        KeyId=physical_id,
        PolicyName="default",
        Policy=json.dumps(now["KeyPolicy"]),
    )
    kms.update_key_description(
        KeyId=physical_id, Description=now.get("Description", "")
    )
    if str(now.get("EnableKeyRotation", "")).lower() == "true":
        kms.enable_key_rotation(KeyId=physical_id)
    else:
        kms.disable_key_rotation(KeyId=physical_id)


def rule(
    place: Place, physical_id: str, before: Properties, now: Properties
) -> None:
    """Change what a rule looks for, and whom it tells."""
    if not before:
        return
    events = place.client("events")
    events.put_rule(
        Name=physical_id,
        EventPattern=json.dumps(now["EventPattern"]),
        Description=now.get("Description", ""),
        State=now.get("State", "ENABLED"),
    )
    kept = {each["Id"] for each in now.get("Targets", [])}
    gone = [
        each["Id"]
        for each in before.get("Targets", [])
        if each["Id"] not in kept
    ]
    if gone:
        events.remove_targets(Rule=physical_id, Ids=gone)
    if kept:
        events.put_targets(Rule=physical_id, Targets=now["Targets"])


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
