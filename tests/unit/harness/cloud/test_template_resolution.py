"""Templates are resolved as CloudFormation would, or refused."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from harness.cloud import declarations, templates

TEMPLATE = """
Parameters:
  Stage: {Type: String, Default: test}
  Secret: {Type: String}
  Names: {Type: CommaDelimitedList, Default: "a, b"}
Conditions:
  IsTest: !Equals [!Ref Stage, test]
  IsLive: !Not [!Equals [!Ref Stage, test]]
Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties: {TableName: !Sub "items-${Stage}"}
  Extra:
    Type: AWS::DynamoDB::Table
    Condition: IsTest
    Properties: {TableName: extra}
  Role:
    Type: AWS::IAM::Role
    Properties: {}
Outputs:
  Value:
    Value: %s
"""

Resolver = Callable[..., object]


@pytest.fixture
def resolve(tmp_path: Path) -> Resolver:
    def resolve_one(value: str, **given: str) -> object:
        path = tmp_path / "stack.yaml"
        path.write_text(TEMPLATE % value, "utf-8")
        attributes = {"Role.Arn": "arn:aws:iam::1:role/deployed"}
        return templates.load(path, given, attributes).outputs()["Value"]

    return resolve_one


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("!Ref Stage", "test"),
        ("!Ref AWS::Region", "us-east-1"),
        ("!Ref Table", "items-test"),
        ("{Ref: Table}", "items-test"),
        (
            "!GetAtt Table.Arn",
            "arn:aws:dynamodb:us-east-1:123456789012:table/items-test",
        ),
        ("!GetAtt [Role, Arn]", "arn:aws:iam::1:role/deployed"),
        ('!Sub "${Table} ${!Kept} $$.x"', "items-test ${Kept} $$.x"),
        ('!Sub ["${A}-${Stage}", {A: !Ref Table}]', "items-test-test"),
        ('!Join ["-", [a, !Ref Stage]]', "a-test"),
        ("!If [IsTest, [!Ref Stage], no]", ["test"]),
        ("!If [IsLive, yes, !Ref Names]", ["a", "b"]),
        ("{Plain: [1, true, !Ref Stage]}", {"Plain": [1, True, "test"]}),
    ],
)
def test_a_function_gives_its_value_when_resolved(
    resolve: Resolver, value: str, expected: object
) -> None:
    assert resolve(value) == expected


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("!Ref Secret", "parameter Secret has no value"),
        ("!Ref Nothing", "cannot name Nothing"),
        ("!GetAtt Table.StreamArn", "attribute Table.StreamArn is not known"),
        ("!If [IsNew, 1, 2]", "no condition IsNew"),
        ("!ImportValue Other", "Fn::ImportValue is not understood"),
    ],
)
def test_the_problem_is_named_when_a_value_cannot_be_known(
    resolve: Resolver, value: str, problem: str
) -> None:
    with pytest.raises(templates.UnresolvableTemplateError) as caught:
        resolve(value)

    assert str(caught.value) == f"stack.yaml: {problem}"


def test_given_values_win_when_there_are_defaults(resolve: Resolver) -> None:
    assert resolve("!Ref Stage", Stage="live", Unused="x") == "live"


def test_pseudo_parameters_can_be_given_when_resolved(
    resolve: Resolver,
) -> None:
    given = {"AWS::Region": "eu-west-1", "AWS::Partition": "aws-cn"}

    found = resolve("!GetAtt Table.Arn", **given)

    assert (
        found == "arn:aws-cn:dynamodb:eu-west-1:123456789012:table/items-test"
    )


@pytest.mark.parametrize(
    ("stage", "count"), [("test", 2), ("live", 1)], ids=["held", "not-held"]
)
def test_a_resource_exists_when_its_condition_holds(
    tmp_path: Path, stage: str, count: int
) -> None:
    path = tmp_path / "stack.yaml"
    path.write_text(TEMPLATE % "x", "utf-8")

    template = templates.load(path, {"Stage": stage})

    assert len(template.resources("AWS::DynamoDB::Table")) == count


def test_no_object_is_built_when_a_template_asks_for_one(
    resolve: Resolver,
) -> None:
    with pytest.raises(yaml.YAMLError):
        resolve("!!python/object/apply:os.getcwd []")


def test_state_machines_are_counted_when_one_is_asked_for(
    tmp_path: Path,
) -> None:
    path = tmp_path / "stack.yaml"
    path.write_text(TEMPLATE % "x", "utf-8")

    with pytest.raises(ValueError):
        declarations.state_machine(templates.load(path))
