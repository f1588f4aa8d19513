"""What the templates declare: the functions and the state machine.

The declarations are plain data, so that a test or a local cloud can ask for a
timeout, an environment or a permission without a deployment.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from harness.cloud.templates import Template

# Policy documents by the ARN of their managed policy.
Policies = Mapping[str, Mapping[str, Any]]
_PLACEHOLDER = re.compile(r"\$\{(\w+)\}")


@dataclass(frozen=True)
class LambdaFunction:
    """A function as its template declares it.

    Attributes:
        folder: Its folder under `lambda/`, from the key of its package.
        timeout: Seconds.
        memory: MiB.
        statements: IAM statements of its role, inline and managed.
    """

    logical_id: str
    name: str
    arn: str
    folder: str
    handler: str
    runtime: str
    timeout: int
    memory: int
    environment: Mapping[str, str]
    role_arn: str
    statements: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class StateMachine:
    """A state machine as its template declares it.

    Attributes:
        definition: Amazon States Language, every substitution made.
        statements: IAM statements of its role, inline and managed.
    """

    name: str
    arn: str
    role_arn: str
    definition: dict[str, Any]
    statements: tuple[Mapping[str, Any], ...]


class PolicyNotDeclaredError(Exception):
    """A role has a managed policy of which nobody knows the statements."""

    def __init__(self, template: Template, arn: str) -> None:
        self.arn = arn
        super().__init__(
            f"{template.name}: no template that was given declares {arn}"
        )


def managed_policies(template: Template) -> dict[str, Mapping[str, Any]]:
    """Return the documents of a template's managed policies, by ARN."""
    policies = template.resources("AWS::IAM::ManagedPolicy")
    return {
        template.attribute(logical_id, "Arn"): properties["PolicyDocument"]
        for logical_id, properties in policies.items()
    }


def lambda_functions(
    template: Template, policies: Policies | None = None
) -> list[LambdaFunction]:
    """Return the functions that a template declares, in its order.

    Args:
        policies: Managed policies of other templates, by ARN.

    Raises:
        PolicyNotDeclaredError: A role has a policy of a template that was
            not given.
    """
    functions = template.resources("AWS::Lambda::Function")
    known = {**(policies or {}), **managed_policies(template)}
    return [
        _lambda_function(template, logical_id, properties, known)
        for logical_id, properties in functions.items()
    ]


def role_statements(
    template: Template, role_arn: str, policies: Policies | None = None
) -> tuple[Mapping[str, Any], ...]:
    """Return the IAM statements of a role, inline and managed.

    Args:
        policies: Managed policies of other templates, by ARN.

    Raises:
        PolicyNotDeclaredError: As `lambda_functions` does.
    """
    known = {**(policies or {}), **managed_policies(template)}
    return _statements(template, role_arn, known)


def state_machine(template: Template) -> StateMachine:
    """Return the one state machine that a template declares.

    Raises:
        ValueError: It declares none, or more than one.
    """
    machines = template.resources("AWS::StepFunctions::StateMachine")
    ((logical_id, properties),) = machines.items()
    return StateMachine(
        name=properties["StateMachineName"],
        arn=template.attribute(logical_id, "Arn"),
        role_arn=properties["RoleArn"],
        definition=_definition(properties),
        statements=role_statements(template, properties["RoleArn"]),
    )


def _lambda_function(
    template: Template,
    logical_id: str,
    properties: Mapping[str, Any],
    policies: Policies,
) -> LambdaFunction:
    return LambdaFunction(
        logical_id=logical_id,
        name=properties["FunctionName"],
        arn=template.attribute(logical_id, "Arn"),
        folder=PurePosixPath(properties["Code"]["S3Key"]).stem,
        handler=properties["Handler"],
        runtime=properties["Runtime"],
        timeout=properties["Timeout"],
        memory=properties["MemorySize"],
        environment=properties["Environment"]["Variables"],
        role_arn=properties["Role"],
        statements=_statements(template, properties["Role"], policies),
    )


def _definition(properties: Mapping[str, Any]) -> dict[str, Any]:
    substitutions = properties.get("DefinitionSubstitutions", {})
    text = _PLACEHOLDER.sub(
        lambda match: str(substitutions[match[1]]),
        properties["DefinitionString"],
    )
    definition: dict[str, Any] = json.loads(text)
    return definition


def _statements(
    template: Template, role_arn: str, policies: Policies
) -> tuple[Mapping[str, Any], ...]:
    roles = template.resources("AWS::IAM::Role")
    role = next(
        properties
        for logical_id, properties in roles.items()
        if template.attribute(logical_id, "Arn") == role_arn
    )
    inline = [each["PolicyDocument"] for each in role.get("Policies", [])]
    attached = _attached(template, role, policies)
    return tuple(
        statement
        for document in [*inline, *attached]
        for statement in document["Statement"]
    )


def _attached(
    template: Template, role: Mapping[str, Any], policies: Policies
) -> list[Mapping[str, Any]]:
    arns = role.get("ManagedPolicyArns", [])
    for arn in arns:
        if arn not in policies:
            raise PolicyNotDeclaredError(template, arn)
    return [policies[arn] for arn in arns]
