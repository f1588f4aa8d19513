"""Read the CloudFormation templates the way CloudFormation would.

A template is resolved without being deployed: what it declares can be known
before, or without, any account. Only what the templates of this project use
is understood; anything else is refused, never guessed.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.cloud import template_yaml

PSEUDO_PARAMETERS = {
    "AWS::AccountId": "123456789012",
    "AWS::Partition": "aws",
    "AWS::Region": "us-east-1",
    "AWS::URLSuffix": "amazonaws.com",
}

# The property that names a resource, and its ARN. CloudFormation invents the
# names of those that have none: here they are their logical ids.
_NAMES_AND_ARNS = {
    "AWS::DynamoDB::Table": ("TableName", "dynamodb:{place}:table/{name}"),
    "AWS::Events::Rule": ("Name", "events:{place}:rule/{name}"),
    "AWS::IAM::ManagedPolicy": (
        "ManagedPolicyName",
        "iam::{account}:policy/{name}",
    ),
    "AWS::IAM::Role": ("RoleName", "iam::{account}:role/{name}"),
    "AWS::KMS::Key": ("KeyId", "kms:{place}:key/{name}"),
    "AWS::Lambda::Function": (
        "FunctionName",
        "lambda:{place}:function:{name}",
    ),
    "AWS::Logs::LogGroup": ("LogGroupName", "logs:{place}:log-group:{name}:*"),
    "AWS::SNS::Topic": ("TopicName", "sns:{place}:{name}"),
    "AWS::SQS::Queue": ("QueueName", "sqs:{place}:{name}"),
    "AWS::StepFunctions::StateMachine": (
        "StateMachineName",
        "states:{place}:stateMachine:{name}",
    ),
}
_REF_GIVES_ARN = {
    "AWS::IAM::ManagedPolicy",
    "AWS::SNS::Topic",
    "AWS::StepFunctions::StateMachine",
}
_SUBSTITUTION = re.compile(r"\$\{(!?)([^}]+)\}")


class UnresolvableTemplateError(Exception):
    """Report what cannot be known about a template, or is not understood.

    Attributes:
        template: File name of the template.
        problem: What it asks for.
    """

    def __init__(self, template: str, problem: str) -> None:
        """Keep the parts and build the sentence."""
        self.template = template
        self.problem = problem
        super().__init__(f"{template}: {problem}")


@dataclass(frozen=True)
class Template:
    """One template with values for its parameters.

    Attributes:
        name: File name, for errors.
        document: The template, its tags in their long form.
        parameters: Values given, defaults and pseudo parameters.
        attributes: What only a deployment knows, such as
            `{"QueryHandlerRole.Arn": "arn:..."}`; wins over what is derived.
    """

    name: str
    document: Mapping[str, Any]
    parameters: Mapping[str, Any]
    attributes: Mapping[str, str] = field(default_factory=dict)

    def resources(self, resource_type: str) -> dict[str, dict[str, Any]]:
        """Return the properties of all resources of a type, by logical id."""
        return {
            logical_id: self.resolve(resource["Properties"])
            for logical_id, resource in self.document["Resources"].items()
            if resource["Type"] == resource_type and self._exists(resource)
        }

    def outputs(self) -> dict[str, Any]:
        """Return what the stack would hand on, by output name."""
        return {
            name: self.resolve(output["Value"])
            for name, output in self.document.get("Outputs", {}).items()
            if self._exists(output)
        }

    def resolve(self, value: Any) -> Any:
        """Replace every intrinsic function within a value of the template.

        Raises:
            UnresolvableTemplateError: A name is unknown, or a function is
                not one that this project's templates use.
        """
        if isinstance(value, list):
            return [self.resolve(item) for item in value]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            (key,) = value
            if key in _INTRINSICS:
                return _INTRINSICS[key](self, value[key])
            if key.startswith("Fn::"):
                raise self._unresolvable(f"{key} is not understood")
        return {key: self.resolve(item) for key, item in value.items()}

    def condition(self, name: str) -> bool:
        """Tell whether a condition of the template holds."""
        conditions = self.document.get("Conditions", {})
        if name not in conditions:
            raise self._unresolvable(f"no condition {name}")
        return bool(self.resolve(conditions[name]))

    def attribute(self, logical_id: str, attribute: str) -> str:
        """Return an attribute of a resource, known or derived.

        Only names and ARNs are derived, as AWS documents their form.
        """
        known = f"{logical_id}.{attribute}"
        if known in self.attributes:
            return self.attributes[known]
        if attribute in ("Name", "QueueName"):
            return self._resource_name(logical_id)
        if attribute != "Arn":
            raise self._unresolvable(f"attribute {known} is not known")
        return self._arn(logical_id)

    def _exists(self, declaration: Mapping[str, Any]) -> bool:
        needed = declaration.get("Condition")
        return needed is None or self.condition(needed)

    def _resource(self, logical_id: str) -> Mapping[str, Any]:
        resource = self.document["Resources"].get(logical_id)
        if resource is None or resource["Type"] not in _NAMES_AND_ARNS:
            raise self._unresolvable(f"cannot name {logical_id}")
        found: Mapping[str, Any] = resource
        return found

    def _resource_name(self, logical_id: str) -> str:
        resource = self._resource(logical_id)
        naming_property, _ = _NAMES_AND_ARNS[resource["Type"]]
        properties = resource["Properties"]
        return str(self.resolve(properties.get(naming_property, logical_id)))

    def _arn(self, logical_id: str) -> str:
        _, shape = _NAMES_AND_ARNS[self._resource(logical_id)["Type"]]
        account = self.parameters["AWS::AccountId"]
        rest = shape.format(
            account=account,
            place=f"{self.parameters['AWS::Region']}:{account}",
            name=self._resource_name(logical_id),
        )
        return f"arn:{self.parameters['AWS::Partition']}:{rest}"

    def _ref(self, name: str) -> Any:
        if name in self.parameters:
            return self.parameters[name]
        if name in self.document.get("Parameters", {}):
            raise self._unresolvable(f"parameter {name} has no value")
        if self._resource(name)["Type"] in _REF_GIVES_ARN:
            return self.attribute(name, "Arn")
        return self._resource_name(name)

    def _get_att(self, argument: str | list[str]) -> str:
        if isinstance(argument, str):
            argument = argument.split(".", 1)
        return self.attribute(*argument)

    def _sub(self, argument: str | list[Any]) -> str:
        text, variables = (
            (argument, {}) if isinstance(argument, str) else argument
        )
        known = self.resolve(variables)
        return _SUBSTITUTION.sub(
            lambda match: self._substitute(match, known), text
        )

    def _substitute(
        self, match: re.Match[str], variables: Mapping[str, Any]
    ) -> str:
        literal, name = match.groups()
        if literal:
            return "${" + name + "}"
        if name in variables:
            return str(variables[name])
        found = self._get_att(name) if "." in name else self._ref(name)
        return str(found)

    def _join(self, argument: list[Any]) -> str:
        separator, parts = argument
        return str(separator).join(str(part) for part in self.resolve(parts))

    def _if(self, argument: list[Any]) -> Any:
        name, when_true, when_false = argument
        return self.resolve(when_true if self.condition(name) else when_false)

    def _equals(self, argument: list[Any]) -> bool:
        left, right = self.resolve(argument)
        return str(left) == str(right)

    def _not(self, argument: list[Any]) -> bool:
        (condition,) = argument
        return not self.resolve(condition)

    def _unresolvable(self, problem: str) -> UnresolvableTemplateError:
        return UnresolvableTemplateError(self.name, problem)


_INTRINSICS: dict[str, Callable[[Template, Any], Any]] = {
    "Ref": Template._ref,
    "Fn::Equals": Template._equals,
    "Fn::GetAtt": Template._get_att,
    "Fn::If": Template._if,
    "Fn::Join": Template._join,
    "Fn::Not": Template._not,
    "Fn::Sub": Template._sub,
}


def load(
    path: Path,
    parameters: Mapping[str, Any] | None = None,
    attributes: Mapping[str, str] | None = None,
) -> Template:
    """Load a template and give values to its parameters.

    Args:
        path: The template's file.
        parameters: Values; they win over the template's defaults and over
            the pseudo parameters (hub account 123456789012, us-east-1).
            Those that the template does not declare are ignored, so that
            the outputs of one stack can be handed to the next as they are.
            A list is given as CloudFormation takes it, with commas.
        attributes: What only a deployment knows; see `Template`.

    Raises:
        yaml.YAMLError: The file is not YAML, or not safe YAML.
    """
    document = template_yaml.read(path)
    declared = document.get("Parameters", {})
    defaults = {
        name: parameter["Default"]
        for name, parameter in declared.items()
        if "Default" in parameter
    }
    given = {
        name: value
        for name, value in (parameters or {}).items()
        if name in declared or name in PSEUDO_PARAMETERS
    }
    values = {
        name: _typed(declared.get(name, {}).get("Type"), value)
        for name, value in {**defaults, **given}.items()
    }
    return Template(
        path.name,
        document,
        {**PSEUDO_PARAMETERS, **values},
        attributes or {},
    )


def _typed(kind: str | None, value: Any) -> Any:
    if kind != "CommaDelimitedList":
        return value
    return [each.strip() for each in str(value).split(",")]
