"""DescribeJobs, DescribeJobLogItems and DeleteJob."""

from collections.abc import Mapping
from typing import Any

from harness.drs.engine import resources, views
from harness.drs.engine.operations.filters import Dates, admits
from harness.drs.engine.paging import Listing
from harness.drs.engine.records import Job, LogItem
from harness.drs.engine.region import Region

JOBS = Listing[Job]("DescribeJobs", newest_first=True)
LOG_ITEMS = Listing[LogItem]("DescribeJobLogItems")


def describe(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """List jobs, the newest first; an unknown id is no error."""
    filters = parameters.get("filters", {})
    dates = Dates.of(region, filters, "fromDate", "toDate")
    found = [
        job
        for job in region.jobs.values()
        if admits(region, filters, "jobIDs", job.job_id)
        and dates.include(job.created_at)
    ]
    page = JOBS.page(region, parameters, found)
    return page.answer(lambda job: views.job(region, job))


def describe_log_items(
    region: Region, parameters: Mapping[str, Any]
) -> dict[str, Any]:
    """List the log of a job, oldest item first.

    The operation declares no NotFound: an unknown job has an empty log,
    unless the options say otherwise.

    Raises:
        DrsError: The job is unknown.
    """
    job = region.jobs.get(parameters["jobID"])
    if job is None and region.options.jobs.refuses_unknown_log:
        text = region.options.error_texts.unknown_job
        job_id = parameters["jobID"]
        raise resources.unknown_listed(region, text, job_id, "job")
    page = LOG_ITEMS.page(region, parameters, job.log if job else [])
    return page.answer(views.log_item)


def delete(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Forget a job and its log.

    Raises:
        DrsError: The job is unknown or, if so chosen, not completed.
    """
    job_id = parameters["jobID"]
    job = region.jobs.get(job_id)
    texts = region.options.error_texts
    if job is None:
        raise resources.not_found(region, texts.unknown_job, job_id, "job")
    if job.status in region.options.jobs.undeletable_states:
        raise resources.conflict_over(region, texts.job_active, job_id, "job")
    del region.jobs[job_id]
    return {}
