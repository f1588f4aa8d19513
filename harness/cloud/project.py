"""This project's deployment, read from its own templates."""

from functools import cache
from pathlib import Path
from typing import Literal

from harness.cloud import declarations, templates
from harness.cloud.declarations import LambdaFunction
from harness.cloud.deployment import Deployment, Stack
from harness.cloud.functions import FunctionSpec

Orchestration = Literal["refactored", "reference"]
ROOT = Path(__file__).parents[2]
BUCKET = "local-deployment"
# The template's word for the Lambda that is kept for rollback.
_ACTIVE = {"refactored": "refactored", "reference": "original"}


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
    )


def _function(function: LambdaFunction) -> FunctionSpec:
    return FunctionSpec(
        name=function.name,
        folder=function.folder,
        environment=function.environment,
        timeout=function.timeout,
        memory=function.memory,
    )


def _stack(path: Path, template: templates.Template) -> Stack:
    declared = template.document["Parameters"]
    return Stack(
        name=path.stem,
        body=path.read_text(encoding="utf-8"),
        parameters={name: str(template.parameters[name]) for name in declared},
    )
