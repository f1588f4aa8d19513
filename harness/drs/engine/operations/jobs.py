"""DescribeJobs and DescribeJobLogItems."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from harness.drs.engine import views
from harness.drs.engine.errors import InvalidRequestError
from harness.drs.engine.operations.filters import admits
from harness.drs.engine.paging import Listing
from harness.drs.engine.records import Job, LogItem
from harness.drs.engine.region import Region

JOBS = Listing[Job]("DescribeJobs", newest_first=True)
LOG_ITEMS = Listing[LogItem]("DescribeJobLogItems")


def describe(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """List jobs, the newest first; an unknown id is no error."""
    filters = parameters.get("filters", {})
    found = [
        job for job in region.jobs.values() if _matches(region, filters, job)
    ]
    holds_arn = region.options.job_tags_hold_arn
    page = JOBS.page(region, parameters, found)
    return page.answer(lambda job: views.job(job, holds_arn))


def describe_log_items(
    region: Region, parameters: Mapping[str, Any]
) -> dict[str, Any]:
    """List the log of a job, oldest item first.

    The operation declares no NotFound: an unknown job has an empty log.
    """
    job = region.jobs.get(parameters["jobID"])
    page = LOG_ITEMS.page(region, parameters, job.log if job else [])
    return page.answer(views.log_item)


def _matches(region: Region, filters: Mapping[str, Any], job: Job) -> bool:
    earliest = _time(filters, "fromDate")
    latest = _time(filters, "toDate")
    return (
        admits(region, filters, "jobIDs", job.job_id)
        and (earliest is None or job.created_at >= earliest)
        and (latest is None or job.created_at <= latest)
    )


def _time(filters: Mapping[str, Any], name: str) -> datetime | None:
    text = filters.get(name)
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError as error:
        # The model's pattern lets dates through that no calendar has.
        field = (f"filters.{name}", str(error))
        raise InvalidRequestError(
            "fieldValidationFailed", str(error), [field]
        ) from error
