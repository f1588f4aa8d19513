"""What the templates declare, resolved with parameters of a test."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.cloud import declarations, templates

CFN = Path(__file__).parents[2] / "cfn"
RECOVERY = "cross-account-role-stack.yaml"
PARAMETERS = {
    "ProjectName": "project",
    "Environment": "test",
    "DeploymentBucket": "packages",
    "CrossAccountRoleName": "DRSOrchestrationRole",
}


@pytest.fixture(scope="session")
def load_template() -> Callable[..., templates.Template]:
    def load(name: str, **parameters: str) -> templates.Template:
        return templates.load(CFN / name, {**PARAMETERS, **parameters})

    return load


@pytest.fixture(scope="session")
def lambda_stack(
    load_template: Callable[..., templates.Template],
) -> templates.Template:
    outputs = load_template("database-stack.yaml").outputs()
    policies = load_template(RECOVERY).outputs()
    return load_template("lambda-stack.yaml", **outputs, **policies)


@pytest.fixture(scope="session")
def functions(
    load_template: Callable[..., templates.Template],
    lambda_stack: templates.Template,
) -> dict[str, declarations.LambdaFunction]:
    policies = declarations.managed_policies(load_template(RECOVERY))
    declared = declarations.lambda_functions(lambda_stack, policies)
    return {function.folder: function for function in declared}


@pytest.fixture(scope="session")
def load_machine(
    load_template: Callable[..., templates.Template],
    lambda_stack: templates.Template,
) -> Callable[..., declarations.StateMachine]:
    database = load_template("database-stack.yaml")
    outputs = {**database.outputs(), **lambda_stack.outputs()}

    def load(**parameters: str) -> declarations.StateMachine:
        given = {**outputs, **parameters}
        template = load_template("step-functions-stack.yaml", **given)
        return declarations.state_machine(template)

    return load


@pytest.fixture(scope="session")
def machine(
    load_machine: Callable[..., declarations.StateMachine],
) -> declarations.StateMachine:
    return load_machine()


@pytest.fixture(scope="session")
def states(machine: declarations.StateMachine) -> dict[str, Any]:
    found: dict[str, Any] = machine.definition["States"]
    return found
