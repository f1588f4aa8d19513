"""Watch one execution in a local cloud, from outside the Lambdas."""

import json
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from harness import drs
from harness.cloud import account_clients
from harness.cloud.invoker import Invocation
from harness.cloud.local_cloud import LocalCloud
from harness.equivalence import call_order
from harness.equivalence.log_watching import Lines
from harness.equivalence.observations import (
    Observation,
    call_document,
    canonical,
    invokes,
    is_read,
    plain,
    secrets_of,
    without_stack_traces,
)
from harness.equivalence.snapshots import Snapshots

Place = tuple[str, str]


class Witness:
    """Sees everything of an execution that an outsider can see."""

    def __init__(self, cloud: LocalCloud, places: Iterable[Place]) -> None:
        """Begin to watch a cloud.

        Args:
            places: Accounts and Regions whose jobs and instances count.
        """
        self._cloud = cloud
        self._places = list(places)
        self._steps: list[dict[str, Any]] = []
        self._snapshots = Snapshots(cloud)
        self._lines = Lines()
        self._secrets: set[str] = set()
        cloud.on_invocation(self._see_step)

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Keep what the Lambdas log during the block."""
        root = logging.getLogger()
        root.addHandler(self._lines)
        try:
            yield
        finally:
            root.removeHandler(self._lines)

    def observation(self, arn: str) -> Observation:
        """Sum up an execution that has ended."""
        calls = [call for call in self._cloud.calls if not invokes(call)]
        regions = [drs.region(*place) for place in self._places]
        owners = call_order.owners(regions)
        return Observation(
            ending=_ending(self._cloud, arn),
            transitions=tuple(_transitions(self._cloud, arn)),
            steps=tuple(self._steps),
            tables=self._snapshots.take_all(),
            mutations=tuple(call_order.mutations(calls, owners)),
            reads=frozenset(
                canonical(call_document(call))
                for call in calls
                if is_read(call.operation)
            ),
            jobs={_name(place): _jobs(*place) for place in self._places},
            instances={
                _name(place): _instances(*place) for place in self._places
            },
            lines=tuple(self._lines.lines),
            secrets=frozenset(self._secrets),
        )

    def _see_step(self, invocation: Invocation) -> None:
        if invocation.caller is not None:
            return
        self._secrets.update(secrets_of(invocation))
        failed = invocation.function_error is not None
        error = invocation.json() if failed else None
        self._steps.append(
            {
                "action": json.loads(invocation.request).get("action"),
                "error": without_stack_traces(error),
                "tables": self._snapshots.take(),
            }
        )


def _ending(cloud: LocalCloud, arn: str) -> dict[str, Any]:
    found = cloud.describe(arn)
    output = found.get("output")
    return {
        "status": found["status"],
        "error": found.get("error"),
        "cause": found.get("cause"),
        "output": without_stack_traces(json.loads(output or "null")),
    }


def _transitions(cloud: LocalCloud, arn: str) -> Iterator[dict[str, Any]]:
    for transition in cloud.transitions(arn):
        yield {
            "state": transition.state,
            "event": transition.kind,
            "data": without_stack_traces(transition.data),
        }


def _name(place: Place) -> str:
    return " ".join(place)


def _jobs(account_id: str, region: str) -> dict[str, Any]:
    jobs = drs.region(account_id, region).jobs
    return {job_id: plain(asdict(job)) for job_id, job in jobs.items()}


def _instances(account_id: str, region: str) -> dict[str, Any]:
    ec2 = account_clients.ec2(account_id, region)
    pages = ec2.get_paginator("describe_instances").paginate()
    return {
        instance["InstanceId"]: plain(instance)
        for page in pages
        for reservation in page["Reservations"]
        for instance in reservation["Instances"]
    }
