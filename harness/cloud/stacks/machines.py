"""`AWS::StepFunctions::StateMachine`: where executions find it.

moto's CloudFormation puts state machines into a store that its executing
engine never looks at, and makes no substitutions.
"""

import re
from collections.abc import Mapping
from typing import Any

from harness.cloud.stacks.places import NotCarriedError, Place, Properties

NAME = "StateMachineName"
REPLACED = frozenset({NAME, "StateMachineType"})
_PLACEHOLDER = re.compile(r"\$\{(\w+)\}")


def create(
    place: Place, name: str, properties: Properties
) -> tuple[str, Mapping[str, str]]:
    """Make a state machine."""
    made = place.client("stepfunctions").create_state_machine(
        name=name,
        type=properties.get("StateMachineType", "STANDARD"),
        tags=[_lower(tag) for tag in properties.get("Tags", [])],
        **_changeable(properties),
    )
    arn = made["stateMachineArn"]
    return arn, {"Arn": arn, "Name": name}


def update(place: Place, physical_id: str, properties: Properties) -> None:
    """Let executions that begin from now on follow other properties."""
    place.client("stepfunctions").update_state_machine(
        stateMachineArn=physical_id, **_changeable(properties)
    )


def delete(place: Place, physical_id: str, properties: Properties) -> None:
    """Remove a state machine."""
    place.client("stepfunctions").delete_state_machine(
        stateMachineArn=physical_id
    )


def _changeable(properties: Properties) -> dict[str, Any]:
    given = {
        "loggingConfiguration": properties.get("LoggingConfiguration"),
        "tracingConfiguration": properties.get("TracingConfiguration"),
    }
    optional = {key: _lower(it) for key, it in given.items() if it is not None}
    return {
        "definition": _definition(properties),
        "roleArn": properties["RoleArn"],
        **optional,
    }


def _definition(properties: Properties) -> str:
    if "DefinitionString" not in properties:
        raise NotCarriedError("A definition must be a DefinitionString")
    substitutions = properties.get("DefinitionSubstitutions", {})

    def value(match: re.Match[str]) -> str:
        return str(substitutions.get(match[1], match[0]))

    return _PLACEHOLDER.sub(value, properties["DefinitionString"])


def _lower(value: Any) -> Any:
    """Call members as the API does: with a small first letter."""
    if isinstance(value, list):
        return [_lower(each) for each in value]
    if not isinstance(value, Mapping):
        return value
    return {key[0].lower() + key[1:]: _lower(it) for key, it in value.items()}
