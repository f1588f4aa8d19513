"""What an outsider sees after each step of a scenario."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from harness import drs
from harness.cloud import compute_views, table_views
from harness.cloud.calls import AwsCall
from harness.cloud.invoker import Invocation
from harness.cloud.local_cloud import LocalCloud
from harness.equivalence import call_order
from harness.equivalence.driving import Attempt
from harness.equivalence.log_watching import Lines
from harness.equivalence.observations import (
    call_document,
    canonical,
    invokes,
    is_read,
    plain,
    secrets_of,
)
from harness.equivalence.snapshots import KEYS
from harness.equivalence.stage import Stage

Document = dict[str, Any]
# Where an observation holds what must not be shown.
CONFIDENTIAL = "confidential"


class StepWatcher:
    """Sees what each step of a scenario leaves behind."""

    def __init__(self, cloud: LocalCloud, stage: Stage) -> None:
        """Begin to watch; what happened before is no step's."""
        self._cloud = cloud
        self._stage = stage
        self._lines = Lines()
        self._seen = len(cloud.calls)
        self._compute: Document = {}
        self._compute_is_old = True
        self._secrets: set[str] = set()
        cloud.on_invocation(self._see_invocation)

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Keep what the Lambdas log during the block."""
        root = logging.getLogger()
        root.addHandler(self._lines)
        unsubscribe = drs.subscribe(self._see_event)
        try:
            yield
        finally:
            unsubscribe()
            root.removeHandler(self._lines)

    def observe(self, attempts: Sequence[Attempt]) -> Document:
        """Sum up what happened since the last time, as plain JSON.

        Args:
            attempts: Deliveries of the step's event; none when people or
                the world did something.

        Returns:
            What is compared; and under `CONFIDENTIAL` what is to be hidden, all
            secrets in the events and answers until now.
        """
        calls = self._new_calls()
        self._compute_is_old |= not attempts or any(map(_may_change, calls))
        return {
            "attempts": [asdict(attempt) for attempt in attempts],
            "items": self._items(),
            "jobs": self._jobs(),
            "compute": self._compute_now(),
            "mutations": self._mutations(calls),
            "reads": _reads(calls),
            "lines": self._lines.take(),
            CONFIDENTIAL: frozenset(self._secrets),
        }

    def _new_calls(self) -> list[AwsCall]:
        calls = self._cloud.calls
        new = [call for call in calls[self._seen :] if not invokes(call)]
        self._seen = len(calls)
        return new

    def _items(self) -> Document:
        return {
            logical_id: {
                " ".join(item[key] for key in KEYS[logical_id]): item
                for item in table_views.items(name)
            }
            for logical_id, name in self._cloud.deployment.tables.items()
        }

    def _jobs(self) -> Document:
        return {
            job_id: plain(asdict(job))
            for region in self._stage.regions()
            for job_id, job in region.jobs.items()
        }

    def _compute_now(self) -> Document:
        if self._compute_is_old:
            self._compute_is_old = False
            self._compute = {
                region.name: _compute(self._stage.account, region)
                for region in self._stage.regions()
            }
        return self._compute

    def _mutations(self, calls: Iterable[AwsCall]) -> list[Document]:
        owners = call_order.owners(self._stage.regions())
        return call_order.mutations(calls, owners)

    def _see_event(self, _: drs.JobEvent) -> None:
        self._compute_is_old = True

    def _see_invocation(self, invocation: Invocation) -> None:
        if invocation.caller is None:
            self._secrets.update(secrets_of(invocation))


def _compute(account: str, region: drs.Region) -> Document:
    instances = compute_views.instances(account, region.name)
    templates = compute_views.launch_templates(account, region.name)
    return {
        "instances": plain(instances),
        "templates": plain(templates),
        "launch configurations": {
            server_id: plain(asdict(server.launch_configuration))
            for server_id, server in region.source_servers.items()
        },
        "recovery instances": {
            instance_id: plain(_members(instance))
            for instance_id, instance in region.recovery_instances.items()
        },
    }


def _members(instance: Any) -> Document:
    """Give what DRS knows of a recovery instance, its server by id."""
    return {**vars(instance), "server": instance.server.server_id}


def _reads(calls: Iterable[AwsCall]) -> frozenset[str]:
    return frozenset(
        canonical(call_document(c)) for c in calls if is_read(c.operation)
    )


def _may_change(call: AwsCall) -> bool:
    return call.service in ("drs", "ec2") and not is_read(call.operation)
