"""What the events of a stack, and the log, tell of its resources."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from moto.cloudformation.models import Event, cloudformation_backends
from moto.cloudformation.parsing import ResourceMap

# Whoever serves the local cloud shows it.
LOG = logging.getLogger("harness.cloud.stacks")
_ENDS = ("_COMPLETE", "_FAILED")


@dataclass
class Report:
    """What is known of a resource in the end.

    Attributes:
        physical_id: Empty as long as there is none.
        reason: What else there is to say of it.
    """

    physical_id: str = ""
    reason: str | None = None


@contextmanager
def reported(
    resources: ResourceMap, name: str, kind: str, action: str
) -> Iterator[Report]:
    """Tell that something begins, and that it is complete or has failed.

    Args:
        name: Logical id.
        kind: Resource type.
        action: `CREATE`, `UPDATE` or `DELETE`.
    """
    report = Report()
    _tell(resources, name, kind, f"{action}_IN_PROGRESS", report)
    try:
        yield report
    except Exception as error:
        report.reason = message_of(error)
        _tell(resources, name, kind, f"{action}_FAILED", report)
        raise
    _tell(resources, name, kind, f"{action}_COMPLETE", report)


def message_of(error: Exception) -> str:
    """Say in a sentence what an error of moto or ours is about."""
    text = getattr(error, "message", None) or str(error)
    return str(text) or type(error).__name__


def _tell(
    resources: ResourceMap, name: str, kind: str, status: str, report: Report
) -> None:
    account_id, region = resources._account_id, resources._region_name
    backend = cloudformation_backends[account_id][region]
    stack = backend.stacks.get(resources.stack_id)
    if stack is None:
        # Of a stack set: moto hides it.
        return
    event = Event(
        stack_id=stack.stack_id,
        stack_name=stack.name,
        logical_resource_id=name,
        physical_resource_id=report.physical_id,
        resource_type=kind,
        resource_status=status,
        resource_status_reason=report.reason,
        resource_properties=None,
    )
    stack.events.append(event)
    if report.reason and status.endswith(_ENDS):
        LOG.info(
            "%s: %s %s %s. %s", stack.name, name, kind, status, report.reason
        )
