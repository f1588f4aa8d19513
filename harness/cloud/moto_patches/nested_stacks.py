"""Nested stacks hand on their outputs, and are updated in place.

moto's have no outputs to ask for (of `A.Outputs.Name` it reads `A.Outputs`),
and an update deletes them first: with the tables of the execution history in
them. Where S3 has no template it stumbles over a `None`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from moto.cloudformation import models, responses, utils
from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.models import Stack, cloudformation_backends
from moto.cloudformation.utils import get_stack_from_s3_url
from moto.s3.exceptions import MissingBucket
from moto.utilities.utils import get_partition

from harness.cloud.moto_patches.replacement import replaced

_OUTPUTS = "Outputs."
_construct = utils.yaml_tag_constructor


@contextmanager
def patch() -> Iterator[None]:
    """Let nested stacks be what other resources can build upon."""
    # No replacement: moto's stacks have nothing of that name.
    if hasattr(Stack, "get_cfn_attribute"):
        raise AttributeError("moto's stacks have attributes of their own")
    Stack.get_cfn_attribute = _attribute  # type: ignore[attr-defined]
    try:
        with (
            replaced(models, "yaml_tag_constructor", _constructed),
            replaced(responses, "yaml_tag_constructor", _constructed),
            replaced(responses, "get_stack_from_s3_url", _read),
            replaced(Stack, "physical_resource_id", property(_stack_id)),
            replaced(
                Stack, "create_from_cloudformation_json", classmethod(_create)
            ),
            replaced(
                Stack, "update_from_cloudformation_json", classmethod(_update)
            ),
        ):
            yield
    finally:
        del Stack.get_cfn_attribute  # type: ignore[attr-defined]


def _constructed(loader: Any, tag: str, node: Any) -> Any:
    value = _construct(loader, tag, node)
    if tag == "!GetAtt" and isinstance(node.value, str):
        return {"Fn::GetAtt": node.value.split(".", 1)}
    return value


def _attribute(stack: Stack, name: str) -> Any:
    found = {
        output["OutputKey"]: output["OutputValue"]
        for output in stack.outputs or []
    }
    wanted = name.removeprefix(_OUTPUTS)
    if wanted == name or wanted not in found:
        raise ValidationError(
            message=f"Stack {stack.name} has no attribute {name}"
        )
    return found[wanted]


def _stack_id(stack: Stack) -> str:
    return stack.stack_id


def _create(
    cls: type[Stack],
    /,
    resource_name: str,
    cloudformation_json: dict[str, Any],
    account_id: str,
    region_name: str,
    **kwargs: Any,
) -> Stack:
    properties = cloudformation_json["Properties"]
    template = _template(properties, account_id, region_name)
    backend = cloudformation_backends[account_id][region_name]
    try:
        return backend.create_stack(
            name=resource_name,
            template=template,
            parameters=_parameters(properties),
            tags=_tags(properties),
        )
    except Exception:
        # The outer stack does not know it, and so could not remove it.
        backend.delete_stack(resource_name)
        raise


def _update(
    cls: type[Stack], /, original_resource: Stack, **asked: Any
) -> Stack:
    properties = asked["cloudformation_json"]["Properties"]
    template = _template(properties, asked["account_id"], asked["region_name"])
    original_resource.update(
        template, parameters=_parameters(properties), tags=_tags(properties)
    )
    return original_resource


def _template(
    properties: dict[str, Any], account_id: str, region_name: str
) -> str:
    partition = get_partition(region_name)
    return _read(properties["TemplateURL"], account_id, partition)


def _read(template_url: str, account_id: str, partition: str) -> str:
    try:
        return get_stack_from_s3_url(template_url, account_id, partition)
    # moto reads the content of an object that is not there, and splits a
    # path without a key.
    except (AttributeError, ValueError, MissingBucket) as error:
        raise ValidationError(
            message=f"TemplateURL {template_url} cannot be read: S3 has no "
            "such object"
        ) from error


def _parameters(properties: dict[str, Any]) -> dict[str, str]:
    given: dict[str, Any] = properties.get("Parameters", {})
    return {
        name: ",".join(value) if isinstance(value, list) else str(value)
        for name, value in given.items()
    }


def _tags(properties: dict[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in properties.get("Tags", [])}
