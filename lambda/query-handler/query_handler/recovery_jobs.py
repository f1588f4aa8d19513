"""Read a DRS job and its log (BEHAVIOUR.md section 5, steps 4 and 8)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_drs import DrsClient

Job = Mapping[str, Any]


class JobNotFoundError(Exception):
    """DRS does not know the job of the wave."""

    def __init__(self, job_id: str) -> None:
        super().__init__(f"Job {job_id} not found")
        self.job_id = job_id


def read(drs: "DrsClient", job_id: str) -> Job:
    """Read a DRS job.

    Raises:
        JobNotFoundError: There is no such job.
        ClientError: DRS refused the request.
    """
    pages = drs.get_paginator("describe_jobs").paginate(
        filters={"jobIDs": [job_id]}
    )
    # A page may be empty although another one follows.
    for page in pages:
        for job in page["items"]:
            return job
    raise JobNotFoundError(job_id)


def events(drs: "DrsClient", job_id: str) -> set[str]:
    """Collect the kinds of events in the job's log.

    DRS logs ``LAUNCH_END`` although its model does not know it.

    Raises:
        ClientError: DRS refused the request.
    """
    pages = drs.get_paginator("describe_job_log_items").paginate(jobID=job_id)
    return {
        item["event"]
        for page in pages
        for item in page["items"]
        if "event" in item
    }
