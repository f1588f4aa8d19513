"""What moto's stacks leave out of a resource, the local cloud completes."""

import io
import json
import zipfile
from typing import Any

import boto3

from harness.cloud.stacks.remarks import COMPLETED, LEFT_OUT
from tests.unit.harness.cloud.stacks import templates
from tests.unit.harness.cloud.stacks.conftest import BUCKET, Deployer
from tests.unit.harness.cloud.stacks.templates import resource, template


def changed(shop: Deployer, first: Any, second: Any) -> None:
    """Deploy a stack with one resource, then with it changed."""
    assert shop.deploy(template(Thing=first)) == "CREATE_COMPLETE"
    assert shop.deploy(template(Thing=second)) == "UPDATE_COMPLETE"


def test_a_role_has_the_policies_that_its_stack_says_now(
    shop: Deployer,
) -> None:
    def role(managed: str, inline: str) -> templates.Document:
        return resource(
            "AWS::IAM::Role",
            RoleName="worker",
            AssumeRolePolicyDocument=templates.TRUST,
            ManagedPolicyArns=[arns[managed]],
            Policies=[
                {
                    "PolicyName": inline,
                    "PolicyDocument": templates.policy("s3:GetObject"),
                }
            ],
        )

    iam = boto3.client("iam")
    document = json.dumps(templates.policy("s3:ListBucket"))
    arns = {
        name: iam.create_policy(PolicyName=name, PolicyDocument=document)[
            "Policy"
        ]["Arn"]
        for name in ("Read", "Write")
    }
    changed(shop, role("Read", "one"), role("Write", "two"))

    attached = iam.list_attached_role_policies(RoleName="worker")
    names = [each["PolicyName"] for each in attached["AttachedPolicies"]]
    inline = iam.list_role_policies(RoleName="worker")["PolicyNames"]
    assert (names, inline) == (["Write"], ["two"])
    remark = f"{COMPLETED}: ManagedPolicyArns"
    assert ("Thing", "CREATE_COMPLETE", remark) in shop.events()
    shop.client.delete_stack(StackName="shop")
    assert "worker" not in str(iam.list_roles())


def test_a_managed_policy_says_what_its_stack_says_now(
    shop: Deployer,
) -> None:
    def policy(action: str) -> templates.Document:
        return resource(
            "AWS::IAM::ManagedPolicy",
            PolicyDocument=templates.policy(action),
        )

    changed(shop, policy("s3:GetObject"), policy("s3:PutObject"))

    iam = boto3.client("iam")
    arn = shop.physical_id("Thing")
    versions = iam.list_policy_versions(PolicyArn=arn)["Versions"]
    document = iam.get_policy_version(
        PolicyArn=arn, VersionId=versions[0]["VersionId"]
    )["PolicyVersion"]["Document"]
    assert len(versions) == 1
    assert document["Statement"][0]["Action"] == ["s3:PutObject"]
    shop.client.delete_stack(StackName="shop")
    assert arn not in str(iam.list_policies(Scope="Local"))


def test_a_table_has_backups_and_a_time_to_live(shop: Deployer) -> None:
    shop.deploy(
        template(
            Items=resource(
                "AWS::DynamoDB::Table",
                **templates.TABLE,
                PointInTimeRecoverySpecification={
                    "PointInTimeRecoveryEnabled": True
                },
                TimeToLiveSpecification={
                    "AttributeName": "TTL",
                    "Enabled": True,
                },
            )
        )
    )

    client = boto3.client("dynamodb")
    living = client.describe_time_to_live(TableName="shop-items")
    backups = client.describe_continuous_backups(TableName="shop-items")
    assert living["TimeToLiveDescription"]["AttributeName"] == "TTL"
    assert "ENABLED" in str(
        backups["ContinuousBackupsDescription"][
            "PointInTimeRecoveryDescription"
        ]
    )


def test_a_function_has_the_configuration_that_its_stack_says_now(
    shop: Deployer,
) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("index.py", "")
    s3 = boto3.client("s3")
    s3.put_object(Bucket=BUCKET, Key="code.zip", Body=content.getvalue())

    def function(timeout: int, said: str) -> templates.Document:
        return resource(
            "AWS::Lambda::Function",
            FunctionName="worker",
            Handler="index.lambda_handler",
            Role="arn:aws:iam::123456789012:role/worker",
            Runtime="python3.13",
            Code={"S3Bucket": BUCKET, "S3Key": "code.zip"},
            Timeout=timeout,
            Environment={"Variables": {"SAID": said}},
            TracingConfig={"Mode": "Active"},
            Tags=[{"Key": "Project", "Value": "shop"}],
        )

    boto3.client("iam").create_role(
        RoleName="worker",
        AssumeRolePolicyDocument=json.dumps(templates.TRUST),
    )
    changed(shop, function(10, "one"), function(20, "two"))

    found = boto3.client("lambda").get_function(FunctionName="worker")
    configuration = found["Configuration"]
    assert configuration["Timeout"] == 20
    assert configuration["Environment"]["Variables"] == {"SAID": "two"}
    assert found["Tags"] == {"Project": "shop"}
    remark = f"{COMPLETED}: Tags. {LEFT_OUT}: TracingConfig"
    assert ("Thing", "CREATE_COMPLETE", remark) in shop.events()


def test_a_log_is_kept_as_long_as_its_stack_says_now(shop: Deployer) -> None:
    def group(days: int) -> templates.Document:
        kind = "AWS::Logs::LogGroup"
        return resource(kind, LogGroupName="shop", RetentionInDays=days)

    changed(shop, group(30), group(60))

    found = boto3.client("logs").describe_log_groups(logGroupNamePrefix="shop")
    assert found["logGroups"][0]["retentionInDays"] == 60


def test_a_key_has_the_policy_that_its_stack_says_now(shop: Deployer) -> None:
    def key(action: str, rotates: bool) -> templates.Document:
        return resource(
            "AWS::KMS::Key",
            Description=action,
            EnableKeyRotation=rotates,
            KeyPolicy=templates.policy(action),
            PendingWindowInDays=7,
        )

    changed(shop, key("kms:Encrypt", True), key("kms:Decrypt", False))

    kms = boto3.client("kms")
    key_id = shop.physical_id("Thing")
    policy = kms.get_key_policy(KeyId=key_id, PolicyName="default")["Policy"]
    assert json.loads(policy)["Statement"][0]["Action"] == ["kms:Decrypt"]
    assert not kms.get_key_rotation_status(KeyId=key_id)["KeyRotationEnabled"]
    metadata = kms.describe_key(KeyId=key_id)["KeyMetadata"]
    assert metadata["Description"] == "kms:Decrypt"


def test_a_rule_tells_those_whom_its_stack_names_now(shop: Deployer) -> None:
    def rule(status: str, target: str) -> templates.Document:
        return resource(
            "AWS::Events::Rule",
            Name="ends",
            EventPattern={"detail": {"status": [status]}},
            Targets=[
                {
                    "Id": target,
                    "Arn": f"arn:aws:sns:us-east-1:123456789012:{target}",
                }
            ],
        )

    changed(shop, rule("SUCCEEDED", "one"), rule("FAILED", "two"))

    events = boto3.client("events")
    pattern = events.describe_rule(Name="ends")["EventPattern"]
    targets = events.list_targets_by_rule(Rule="ends")["Targets"]
    assert json.loads(pattern) == {"detail": {"status": ["FAILED"]}}
    assert [each["Id"] for each in targets] == ["two"]


def test_a_topic_keeps_its_subscriptions_when_its_key_changes(
    shop: Deployer,
) -> None:
    def topic(key: str) -> templates.Document:
        kind = "AWS::SNS::Topic"
        return resource(kind, TopicName="ends", KmsMasterKeyId=key)

    arn = "arn:aws:sns:us-east-1:123456789012:ends"
    sns = boto3.client("sns")
    shop.deploy(template(Thing=topic("alias/one")))
    sns.subscribe(TopicArn=arn, Protocol="email", Endpoint="a@example.com")

    shop.deploy(template(Thing=topic("alias/two")))

    attributes = sns.get_topic_attributes(TopicArn=arn)["Attributes"]
    assert attributes["KmsMasterKeyId"] == "alias/two"
    assert len(sns.list_subscriptions()["Subscriptions"]) == 1


def test_a_queue_keeps_messages_as_long_as_its_stack_says_now(
    shop: Deployer,
) -> None:
    def queue(seconds: int) -> templates.Document:
        return resource(
            "AWS::SQS::Queue",
            QueueName="left",
            MessageRetentionPeriod=seconds,
            SqsManagedSseEnabled=True,
        )

    changed(shop, queue(3600), queue(7200))

    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName="left")["QueueUrl"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
    assert found["Attributes"]["MessageRetentionPeriod"] == "7200"
    assert found["Attributes"]["SqsManagedSseEnabled"] == "true"
