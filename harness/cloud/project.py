"""This project's deployment, read from its own templates."""

from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from harness.cloud import declarations, templates
from harness.cloud.declarations import LambdaFunction, StateMachine
from harness.cloud.deployment import Deployment, Stack
from harness.cloud.functions import FunctionSpec, Role

Orchestration = Literal["refactored", "reference"]
ROOT = Path(__file__).parents[2]
BUCKET = "local-deployment"
# The template's word for the Lambda that is kept for rollback.
_ACTIVE = {"refactored": "refactored", "reference": "original"}
# The hub has its policies, and target accounts also its role.
_RECOVERY = "cross-account-role-stack.yaml"


def orchestrations(name: str) -> tuple[Orchestration, ...]:
    """Give the orchestrations that a person names; `both` names all."""
    return tuple(
        each for each in get_args(Orchestration) if name in (each, "both")
    )


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
    database, recovery, lambdas = _templates(root, contract_responses)
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
    functions = declarations.lambda_functions(
        lambdas, declarations.managed_policies(recovery)
    )
    tables = database.resources("AWS::DynamoDB::Table")
    return Deployment(
        lambda_root=root / "lambda",
        functions=tuple(_function(function) for function in functions),
        state_machine=machine.name,
        definition=machine.definition,
        stacks=tuple(
            _stack(root / "cfn" / template.name, template)
            for template in (database, recovery, lambdas)
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
        Policy documents by name: those of the stack that is deployed in
        that account.
    """
    template = templates.load(
        root / "cfn" / _RECOVERY, {"AWS::AccountId": account_id}
    )
    policies = template.resources("AWS::IAM::ManagedPolicy")
    return {
        name: properties["PolicyDocument"]
        for name, properties in policies.items()
    }


def _templates(
    root: Path, contract_responses: str
) -> tuple[templates.Template, templates.Template, templates.Template]:
    """Load what moto deploys: tables, policies and functions, in order."""
    database = templates.load(root / "cfn" / "database-stack.yaml")
    recovery = templates.load(root / "cfn" / _RECOVERY)
    lambdas = templates.load(
        root / "cfn" / "lambda-stack.yaml",
        {
            **database.outputs(),
            **recovery.outputs(),
            "DeploymentBucket": BUCKET,
            "ContractResponses": contract_responses,
        },
    )
    return database, recovery, lambdas


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
        parameters={
            name: _given(template.parameters[name]) for name in declared
        },
    )


def _given(value: Any) -> str:
    return ",".join(value) if isinstance(value, list) else str(value)
