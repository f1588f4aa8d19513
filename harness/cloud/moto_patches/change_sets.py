"""A change set that was executed leaves a stack as CloudFormation would.

moto's keeps the parameters, template and outputs that it had before, answers
a failure of a resource as an internal error of the server, and leaves the
stack in review for ever. The same holds for updates without a change set.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.models import (
    ChangeSet,
    CloudFormationBackend,
    Stack,
)
from moto.cloudformation.responses import CloudFormationResponse

from harness.cloud.moto_patches import stack_parameters
from harness.cloud.moto_patches.replacement import replaced
from harness.cloud.stacks.reports import message_of

_execute = CloudFormationBackend.execute_change_set
_create = CloudFormationBackend.create_change_set
_respond = CloudFormationResponse.create_change_set
_create_resources = Stack.create_resources
_update = Stack.update
_update_stack = CloudFormationBackend.update_stack
_NESTED = "AWS::CloudFormation::Stack"
_NO_UPDATE = "ROLLBACK_COMPLETE"


@contextmanager
def patch() -> Iterator[None]:
    """Let change sets be executed to their end, good or bad."""
    with ExitStack() as stack:
        for owner, name, value in (
            (ChangeSet, "apply", _apply),
            (CloudFormationBackend, "create_change_set", _create_change_set),
            (CloudFormationBackend, "execute_change_set", _execute_change_set),
            (CloudFormationBackend, "update_stack", _start_update),
            (CloudFormationResponse, "create_change_set", _answer_create),
            (Stack, "create_resources", _create_or_fail),
            (Stack, "update", _update_or_fail),
            (Stack, "has_template", _has_template),
            (
                CloudFormationResponse,
                "_validate_different_update",
                lambda *_: None,
            ),
        ):
            stack.enter_context(replaced(owner, name, value))
        yield


def _apply(change_set: ChangeSet) -> None:
    stack = change_set.stack
    stack.resource_map.tags.update(change_set.tags or {})
    stack.resource_map.update(change_set.template_dict, change_set.parameters)
    stack.template = change_set.template
    stack._parse_template()
    stack.description = stack.template_dict.get("Description")
    stack.parameters = change_set.parameters
    stack.output_map = stack._create_output_map()
    stack.tags = change_set.tags or stack.tags


def _answer_create(response: CloudFormationResponse) -> Any:
    """Refuse what moto cannot answer, before it looks at parameters."""
    name = response._get_param("StackName")
    for stack in response.cloudformation_backend.stacks.values():
        if name in (stack.name, stack.stack_id) and stack.status == _NO_UPDATE:
            raise ValidationError(
                message=f"Stack:{stack.stack_id} is in {_NO_UPDATE} state "
                "and can not be updated."
            )
    if response._get_param("ChangeSetType", "CREATE") != "UPDATE":
        stack_parameters.check_new(response._get_param("Parameters", []))
    return _respond(response)


def _create_change_set(
    backend: CloudFormationBackend, **asked: Any
) -> tuple[str, str]:
    template = Stack.parse_template(asked["template"])
    stack_parameters.check(template, asked["parameters"])
    return _create(backend, **asked)


def _execute_change_set(
    backend: CloudFormationBackend,
    change_set_name: str,
    stack_name: str | None = None,
) -> None:
    change_set = backend.describe_change_set(change_set_name)
    if change_set is None:
        raise ValidationError(change_set_name)
    try:
        _execute(backend, change_set_name, stack_name)
    except Exception as error:
        # The service has answered by then: the events tell what went wrong.
        change_set.execution_status = "EXECUTE_FAILED"
        _fail(change_set.stack, change_set.change_set_type, message_of(error))
        if change_set.change_set_type == "CREATE":
            _roll_back(change_set.stack)


def _start_update(
    backend: CloudFormationBackend, name: str, template: str, **asked: Any
) -> Stack:
    stack = backend.get_stack(name)
    given = backend._resolve_update_parameters(stack, asked["parameters"])
    stack_parameters.check(Stack.parse_template(template), given)
    try:
        return _update_stack(backend, name, template, **asked)
    except Exception:
        # Here, too, the service has answered by then.
        return stack


def _create_or_fail(stack: Stack) -> None:
    try:
        _create_resources(stack)
    except Exception as error:
        _fail(stack, "CREATE", message_of(error))
        # As an error of the service, or CreateStack would have no answer.
        raise ValidationError(message=message_of(error)) from error


def _update_or_fail(stack: Stack, *given: Any, **named: Any) -> None:
    try:
        _update(stack, *given, **named)
    except Exception as error:
        _fail(stack, "UPDATE", message_of(error))
        raise


def _fail(stack: Stack, action: str, reason: str) -> None:
    stack.status = f"{action}_FAILED"
    stack._add_stack_event(stack.status, resource_status_reason=reason)


def _roll_back(stack: Stack) -> None:
    stack._add_stack_event("ROLLBACK_IN_PROGRESS")
    try:
        stack.resource_map.delete()
    except Exception as error:
        stack.status = "ROLLBACK_FAILED"
        reason = message_of(error)
        stack._add_stack_event(stack.status, resource_status_reason=reason)
        return
    stack.status = _NO_UPDATE
    stack._add_stack_event(stack.status)


def _has_template(stack: Stack, other: str) -> bool:
    """Tell whether nothing would change, which nested stacks never tell."""
    stack._parse_template()
    if any(
        resource["Type"] == _NESTED
        for resource in stack.template_dict["Resources"].values()
    ):
        return False
    return bool(stack.template_dict == stack.parse_template(other))
