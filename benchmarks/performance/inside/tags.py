"""The processor's time of a query by tags, and whose it is."""

import json
import time
from base64 import b64decode
from collections.abc import Callable
from typing import Any

from benchmarks.performance.inside.player import Player

Document = dict[str, Any]


def measure(
    answers: list[Document],
    tags: dict[str, str],
    region: str,
    repetitions: int,
) -> dict[str, list[float] | int]:
    """Find servers again and again.

    Args:
        answers: Pages of DescribeSourceServers.
        tags: What is asked for.

    Returns:
        Seconds of the repetitions: `query`, all that the function does;
        `parsing`, the same pages read whole by botocore and thrown away;
        `json`, their texts read by `json.loads`; `matching`, tags compared
        on pages that were read before. And how many servers were `found`.
    """
    player = Player()
    import index

    from shared.account_access import open_account

    drs = open_account({}, region).drs
    find = _finder(index)
    player.insert(answers)
    texts = [b64decode(answer["body"]) for answer in answers]
    pages: Any = list(drs.get_paginator("describe_source_servers").paginate())
    works: dict[str, Callable[[], object]] = {
        "query": lambda: find(drs, tags),
        "parsing": lambda: _read(drs),
        "json": lambda: [json.loads(text) for text in texts],
        "matching": lambda: find(_Pages(pages), tags),
    }
    taken: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(repetitions + 1):
        for name, work in works.items():
            seconds = _seconds(player, answers, work)
            if turn:
                taken[name].append(seconds)
    return {**taken, "found": len(find(_Pages(pages), tags))}


def _finder(index: Any) -> Callable[[Any, dict[str, str]], list[str]]:
    """Give what takes a client: the candidate's is in a room of its own."""
    if hasattr(index, "begin_wave_plan"):
        found: Any = index.query_drs_servers_by_tags
        return found  # type: ignore[no-any-return]
    from shared import source_servers

    return source_servers.find_by_tags


def _seconds(
    player: Player, answers: list[Document], work: Callable[[], object]
) -> float:
    player.insert(answers)
    begin = time.process_time()
    work()
    return time.process_time() - begin


def _read(drs: Any) -> None:
    for page in drs.get_paginator("describe_source_servers").paginate():
        assert page["items"] is not None


class _Pages:
    """A client of DRS whose pages have been read already."""

    def __init__(self, pages: list[Document]) -> None:
        self._pages = pages
        self.meta = self.events = self

    def register(self, *_: object) -> None:
        """Promise nothing: nothing is parsed any more."""

    unregister = register

    def get_paginator(self, _: str) -> "_Pages":
        """Give what yields the pages."""
        return self

    def paginate(self, **_: Any) -> list[Document]:
        """Give the pages."""
        return self._pages
