"""This project's deployment, read from its own templates."""

from functools import cache
from pathlib import Path
from typing import Any, Literal

from harness.cloud import declarations, templates
from harness.cloud.declarations import LambdaFunction, StateMachine
from harness.cloud.deployment import Deployment, Stack
from harness.cloud.functions import FunctionSpec, Role

Orchestration = Literal["refactored", "reference"]
ROOT = Path(__file__).parents[2]
BUCKET = "local-deployment"
# The template's word for the Lambda that is kept for rollback.
_ACTIVE = {"refactored": "refactored", "reference": "original"}
# What a role in a target account must allow, as the README of cfn says.
_IN_TARGET_ACCOUNTS = ("RecoveryObservationPolicy", "RecoveryStartPolicy")


@cache
def deployment(
    orchestration: Orchestration,
    contract_responses: str = "refuse",
    root: Path = ROOT,
) -> Deployment:
    """Resolve the templates into what a local cloud needs, once.

    Args:
        orchestration: The Lambda that the state machine calls.
        contract_responses: What Lambdas do with an answer of their own
            that breaks its contract: `refuse` or `report`.
        root: The project's folder.
    """
    database = templates.load(root / "cfn" / "database-stack.yaml")
    lambdas = templates.load(
        root / "cfn" / "lambda-stack.yaml",
        {
            **database.outputs(),
            "DeploymentBucket": BUCKET,
            "ContractResponses": contract_responses,
        },
    )
    machine = declarations.state_machine(
        templates.load(
            root / "cfn" / "step-functions-stack.yaml",
            {
                **database.outputs(),
                **lambdas.outputs(),
                "ActiveOrchestration": _ACTIVE[orchestration],
            },
        )
    )
    functions = declarations.lambda_functions(lambdas)
    tables = database.resources("AWS::DynamoDB::Table")
    return Deployment(
        lambda_root=root / "lambda",
        functions=tuple(_function(function) for function in functions),
        state_machine=machine.name,
        definition=machine.definition,
        stacks=(
            _stack(root / "cfn" / "database-stack.yaml", database),
            _stack(root / "cfn" / "lambda-stack.yaml", lambdas),
        ),
        tables={name: table["TableName"] for name, table in tables.items()},
        bucket=BUCKET,
        state_machine_role=_role(machine),
    )


@cache
def target_account_policies(
    account_id: str, root: Path = ROOT
) -> dict[str, dict[str, Any]]:
    """Resolve what the role in another account must allow there.

    Returns:
        Policy documents by name: the same policies that the template
        gives to functions in the hub, for the other account's resources.
    """
    template = templates.load(
        root / "cfn" / "lambda-stack.yaml",
        {"AWS::AccountId": account_id},
    )
    declared = template.document["Resources"]
    return {
        name: template.resolve(declared[name]["Properties"]["PolicyDocument"])
        for name in _IN_TARGET_ACCOUNTS
    }


def _function(function: LambdaFunction) -> FunctionSpec:
    return FunctionSpec(
        name=function.name,
        folder=function.folder,
        environment=function.environment,
        timeout=function.timeout,
        memory=function.memory,
        role=_role(function),
    )


def _role(declared: LambdaFunction | StateMachine) -> Role:
    # CloudFormation would invent a name: here it is the logical id.
    return Role(declared.role_arn.rpartition("/")[2], declared.statements)


def _stack(path: Path, template: templates.Template) -> Stack:
    declared = template.document["Parameters"]
    return Stack(
        name=path.stem,
        body=path.read_text(encoding="utf-8"),
        parameters={name: str(template.parameters[name]) for name in declared},
    )
