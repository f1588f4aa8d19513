"""What the server says of itself and of the world behind it."""

import os
import platform
import time
from collections import Counter
from importlib import metadata
from typing import Any

from harness import drs
from harness.cloud.deployed_functions import find
from harness.cloud.functions import FunctionSpec
from harness.cloud.local_cloud import LocalCloud
from harness.cloud.running_clock import RunningClock
from harness.cloud.stacks import overview
from harness.drs.engine.records import Job

PACKAGES = ("drs-orchestration", "moto", "boto3")


class Status:
    """Describes a server that has just started."""

    def __init__(self, url: str, cloud: LocalCloud) -> None:
        self._url = url
        self._cloud = cloud
        self._clock = cloud.clock
        self._started = time.monotonic()

    def health(self) -> dict[str, Any]:
        """Tell that the server is up, and since when (real seconds)."""
        return {
            "status": "up",
            "url": self._url,
            "pid": os.getpid(),
            "uptimeSeconds": round(time.monotonic() - self._started, 3),
            "versions": _versions(),
        }

    def time(self) -> dict[str, Any]:
        """Tell the virtual time."""
        document: dict[str, Any] = {"now": self._clock.now().isoformat()}
        if isinstance(self._clock, RunningClock):
            failure = self._clock.failure
            document["speed"] = self._clock.speed
            document["failure"] = str(failure) if failure else None
        next_event = drs.next_event_at()
        document["nextEventAt"] = next_event and next_event.isoformat()
        return document

    def everything(self) -> dict[str, Any]:
        """Tell all that `drs-orch status` shows."""
        regions = drs.regions()
        return {
            **self.health(),
            "clock": self.time(),
            "stacks": overview.overview(
                {stack.name for stack in self._cloud.deployment.stacks}
            ),
            "functions": self._functions(),
            "sourceServers": sum(len(each.source_servers) for each in regions),
            "jobs": [
                _job(region, job)
                for region in regions
                for job in list(region.jobs.values())
            ],
        }

    def _functions(self) -> list[dict[str, Any]]:
        """Tell which functions ran, how often, and from what."""
        done = list(self._cloud.invocations)
        counts = Counter(invocation.function for invocation in done)
        own = {each.name: each for each in self._cloud.deployment.functions}
        return [
            {
                "name": name,
                "invocations": counts[name],
                "package": _package(own.get(name) or find(name)),
            }
            for name in sorted(counts)
        ]


def _package(function: FunctionSpec | None) -> str | None:
    """Tell the SHA-256 of what a function now runs; None for sources."""
    given = function and function.package
    return given.digest if given else None


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            # Run from a checkout that was never installed.
            found[package] = "not installed"
    return found


def _job(region: drs.Region, job: Job) -> dict[str, Any]:
    return {
        "accountId": region.account_id,
        "region": region.name,
        "jobId": job.job_id,
        "type": job.type,
        "initiatedBy": job.initiated_by,
        "status": job.status,
        "createdAt": job.created_at.isoformat(),
        "servers": {
            each.server_id: each.launch_status for each in job.participants
        },
    }
