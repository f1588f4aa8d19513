"""DescribeJobs and DescribeJobLogItems."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from harness.drs.engine import views
from harness.drs.engine.operations.filters import admits
from harness.drs.engine.paging import Listing
from harness.drs.engine.records import Job, LogItem
from harness.drs.engine.region import Region

LOG_ITEMS = Listing[LogItem]("DescribeJobLogItems", views.log_item)


def describe(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """List jobs, the newest first; an unknown id is no error."""
    filters = parameters.get("filters", {})
    found = [
        job for job in region.jobs.values() if _matches(region, filters, job)
    ]
    holds_arn = region.options.job_tags_hold_arn
    listing = Listing[Job](
        "DescribeJobs",
        lambda job: views.job(job, holds_arn),
        newest_first=True,
    )
    return listing.page(region, parameters, found)


def describe_log_items(
    region: Region, parameters: Mapping[str, Any]
) -> dict[str, Any]:
    """List the log of a job, oldest item first.

    The operation declares no NotFound: an unknown job has an empty log.
    """
    job = region.jobs.get(parameters["jobID"])
    return LOG_ITEMS.page(region, parameters, job.log if job else [])


def _matches(region: Region, filters: Mapping[str, Any], job: Job) -> bool:
    earliest = filters.get("fromDate")
    latest = filters.get("toDate")
    return (
        admits(region, filters, "jobIDs", job.job_id)
        and (not earliest or job.created_at >= _time(earliest))
        and (not latest or job.created_at <= _time(latest))
    )


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
