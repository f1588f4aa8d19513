"""Filters of the Describe operations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from harness.drs.engine.errors import InvalidRequestError
from harness.drs.engine.region import Region


def admits(
    region: Region, filters: Mapping[str, Any], name: str, value: str
) -> bool:
    """Tell whether a filter that lists values lets a value through.

    Args:
        region: Where the request was made.
        filters: ``filters`` of the request.
        name: Name of the filter; one that is not given admits everything.
        value: Value of the record.
    """
    wanted = filters.get(name)
    if wanted is None:
        return True
    if not wanted:
        return region.options.empty_filter_matches_all
    return value in wanted


@dataclass(frozen=True)
class Dates:
    """The range of dates that a request asks for."""

    earliest: datetime | None
    latest: datetime | None
    include_ends: bool

    @classmethod
    def of(
        cls, region: Region, filters: Mapping[str, Any], first: str, last: str
    ) -> Dates:
        """Read the range from the filters of these names.

        Raises:
            InvalidRequestError: No calendar has the date.
        """
        return cls(
            time_of(filters, first),
            time_of(filters, last),
            region.options.listings.dates_include_ends,
        )

    def include(self, at: datetime) -> bool:
        """Tell whether a time lies in the range."""
        if at in (self.earliest, self.latest):
            return self.include_ends
        return (self.earliest is None or self.earliest < at) and (
            self.latest is None or at < self.latest
        )


def time_of(filters: Mapping[str, Any], name: str) -> datetime | None:
    """Read a time that a filter gives, if it does.

    Raises:
        InvalidRequestError: No calendar has the date, which the pattern of
            the service model lets through.
    """
    text = filters.get(name)
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError as error:
        field = (f"filters.{name}", str(error))
        raise InvalidRequestError(
            "fieldValidationFailed", str(error), [field]
        ) from error
