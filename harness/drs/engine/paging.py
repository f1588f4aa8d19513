"""Pages of a list, by opaque tokens."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from harness.drs.engine import fault_reading
from harness.drs.engine.errors import InvalidRequestError
from harness.drs.engine.faults import PageSize
from harness.drs.engine.region import Region


class Numbered(Protocol):
    """A record with a number that no other record of its list has."""

    @property
    def number(self) -> int:
        """The number, higher for a younger record."""


Record = TypeVar("Record", bound=Numbered)


@dataclass(frozen=True)
class Page(Generic[Record]):
    """The records of one page and the token of the next, if there is one."""

    records: Sequence[Record]
    next_token: str | None

    def answer(
        self, view: Callable[[Record], dict[str, Any]]
    ) -> dict[str, Any]:
        """Make the wire form of the page from that of a record."""
        items = [view(record) for record in self.records]
        return {"items": items, "nextToken": self.next_token}


@dataclass(frozen=True)
class Listing(Generic[Record]):
    """An operation that lists records in pages.

    Attributes:
        operation: Its name; tokens of one operation do not fit another.
        newest_first: Whether the youngest record comes first.
    """

    operation: str
    newest_first: bool = False

    def page(
        self,
        region: Region,
        parameters: Mapping[str, Any],
        records: Iterable[Record],
    ) -> Page[Record]:
        """Find the page that a request asks for.

        A token holds the number of the last record shown, not a position:
        what comes or goes between two pages neither repeats nor hides the
        others.

        Args:
            region: Where the request was made.
            parameters: The request, with ``maxResults`` and ``nextToken``.
            records: All matching records.

        Returns:
            The page, with a token if there are more records.

        Raises:
            InvalidRequestError: The token belongs to another request, or
                is too old.
        """
        size = _size(region, parameters)
        origin = self._origin(region, parameters)
        rest = self._rest(region, parameters, origin, records)
        if len(rest) <= size:
            return Page(rest, None)
        last = rest[size - 1].number
        return Page(rest[:size], _token(origin, last, region.now()))

    def _rest(
        self,
        region: Region,
        parameters: Mapping[str, Any],
        origin: str,
        records: Iterable[Record],
    ) -> Sequence[Record]:
        named = self.operation in region.options.listings.newest_first
        sign = -1 if self.newest_first or named else 1
        ordered = sorted(records, key=lambda record: sign * record.number)
        token = parameters.get("nextToken")
        if not token:
            return ordered
        last = _last_number(token, origin, _oldest(region))
        if last is None:
            if not region.options.listings.refuses_foreign_tokens:
                return ordered
            message = region.options.error_texts.bad_token
            field = [("nextToken", message)]
            raise InvalidRequestError("other", message, field)
        return [each for each in ordered if sign * (each.number - last) > 0]

    def _origin(self, region: Region, parameters: Mapping[str, Any]) -> str:
        asked = {
            name: value
            for name, value in parameters.items()
            if name not in ("maxResults", "nextToken")
        }
        place = [self.operation, region.account_id, region.name, asked]
        text = json.dumps(place, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def _size(region: Region, parameters: Mapping[str, Any]) -> int:
    size: int = parameters.get("maxResults") or region.options.page_size
    largest = region.options.listings.largest_page
    fault = fault_reading.latest(region, PageSize)
    limits = [largest, fault.size if fault else None]
    return min([size, *(limit for limit in limits if limit is not None)])


def _oldest(region: Region) -> float:
    """Tell when a token was made that is just valid."""
    lifetime = region.options.listings.token_lifetime
    return 0 if lifetime is None else (region.now() - lifetime).timestamp()


def _token(origin: str, number: int, at: datetime) -> str:
    text = json.dumps([origin, number, at.timestamp()])
    return base64.urlsafe_b64encode(text.encode()).decode()


def _last_number(token: str, origin: str, oldest: float) -> int | None:
    try:
        found = json.loads(base64.urlsafe_b64decode(token))
    except ValueError:
        return None
    match found:
        case [str(place), int(number), float(at)]:
            return number if place == origin and at >= oldest else None
    return None
