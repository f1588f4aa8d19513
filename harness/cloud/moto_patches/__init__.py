"""What moto and botocore must do differently in virtual time.

One module per patch. Each says why it is needed and is undone when the
local cloud is left; a test of each fails once it is no longer needed, or
once the library has changed so that it must be looked at again.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from harness.cloud.clock import VirtualClock
from harness.cloud.ids import SeededIds
from harness.cloud.moto_patches import (
    botocore_backoff,
    change_sets,
    client_parts,
    client_tokens,
    execution_starts,
    first_answers,
    function_packages,
    jsonata_evaluation,
    nested_stacks,
    own_functions,
    parsed_definitions,
    retry,
    retry_quota,
    serialized_names,
    service_models,
    stack_parameters,
    stack_resources,
    task_timeout,
    task_tokens,
    wait,
)
from harness.cloud.moto_patches.task_tokens import TaskTokens


@contextmanager
def applied(
    clock: VirtualClock, ids: SeededIds, tokens: TaskTokens
) -> Iterator[None]:
    """Apply all patches."""
    with ExitStack() as stack:
        stack.enter_context(wait.patch(clock))
        stack.enter_context(retry.patch(clock, ids))
        stack.enter_context(task_timeout.patch(clock, tokens))
        stack.enter_context(task_tokens.patch(tokens))
        stack.enter_context(botocore_backoff.patch())
        stack.enter_context(retry_quota.patch())
        stack.enter_context(client_tokens.patch(ids))
        stack.enter_context(execution_starts.patch())
        stack.enter_context(first_answers.patch())
        stack.enter_context(parsed_definitions.patch())
        stack.enter_context(service_models.patch())
        stack.enter_context(client_parts.patch())
        stack.enter_context(serialized_names.patch())
        stack.enter_context(jsonata_evaluation.patch())
        stack.enter_context(own_functions.patch())
        stack.enter_context(function_packages.patch())
        stack.enter_context(nested_stacks.patch())
        stack.enter_context(stack_parameters.patch())
        stack.enter_context(stack_resources.patch())
        stack.enter_context(change_sets.patch())
        yield
