"""A sound text for each string shape of the model that has a pattern."""

_ID = "0123456789abcdef0"
_UUID = "01234567-89ab-cdef-0123-456789abcdef"
_SERVER_ARN = f"arn:aws:drs:us-east-1:123456789012:source-server/s-{_ID}"

EXAMPLES = {
    "ARN": _SERVER_ARN,
    "AccountID": "123456789012",
    "AgentVersion": "5.1.0",
    "AwsAvailabilityZone": "us-east-1a",
    "AwsRegion": "us-east-1",
    "CfnStackName": "stack-1",
    "EC2InstanceID": f"i-{_ID}",
    "EbsSnapshot": f"snap-{_ID}",
    "EbsVolumeID": "vol-01234567",
    "FailureReason": "Timed out",
    "ISO8601DatetimeString": "2026-01-05T10:00:00Z",
    "JobID": f"drsjob-{_ID}",
    "LaunchActionDescription": "Warms the cache",
    "LaunchActionId": _UUID,
    "LaunchActionName": "warm-up",
    "LaunchActionParameterName": "Path",
    "LaunchActionParameterValue": "value",
    "LaunchActionResourceId": f"s-{_ID}",
    "LaunchActionRunId": _UUID,
    "LaunchActionVersion": "1",
    "LaunchConfigurationTemplateID": f"lct-{_ID}",
    "OutpostARN": (
        f"arn:aws:outposts:us-east-1:123456789012:outpost/op-{_ID}"
    ),
    "ProductCodeId": "abcdefghijklmnopqrstuvwxy",
    "RecoveryInstanceID": f"i-{_ID}",
    "RecoveryPlanName": "three-tier",
    "RecoveryPlanStepName": "databases",
    "RecoverySnapshotID": f"pit-{_ID}",
    "ReplicationConfigurationTemplateID": f"rct-{_ID}",
    "SecurityGroupID": f"sg-{_ID}",
    "SourceNetworkID": f"sn-{_ID}",
    "SourceServerARN": _SERVER_ARN,
    "SourceServerID": f"s-{_ID}",
    "SsmDocumentName": "AWS-RunShellScript",
    "StrictDRSARN": _SERVER_ARN,
    "SubnetID": f"subnet-{_ID}",
    "VpcID": f"vpc-{_ID}",
}
