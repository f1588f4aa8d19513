"""The order of calls, as far as it says something.

An orchestration may work on the servers of a wave one after another or side
by side. What is done to one server has an order, and all of it comes before
and after what is done else; which server comes first means nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from harness import drs
from harness.cloud.calls import AwsCall
from harness.cloud.subjects import subject
from harness.equivalence.observations import call_document, is_read


def server_of(call: AwsCall, owners: Mapping[str, str]) -> str:
    """Name the one server that a call is about; empty for none.

    Args:
        owners: Servers by the ids of their launch templates.
    """
    about = subject(call.params)
    return owners.get(about, about)


def owners(regions: Iterable[drs.Region]) -> dict[str, str]:
    """Tell which source server each launch template belongs to."""
    return {
        server.template_id: server_id
        for region in regions
        for server_id, server in list(region.source_servers.items())
        if server.template_id is not None
    }


def settled(
    calls: Iterable[AwsCall], owners: Mapping[str, str]
) -> Iterator[AwsCall]:
    """Give calls in the one order that says what their own order says.

    Where calls about single servers follow one another, they come server by
    server; all other calls stay where they are.
    """

    def server(call: AwsCall) -> str:
        return server_of(call, owners)

    for is_about_one, together in groupby(
        calls, key=lambda c: bool(server(c))
    ):
        yield from sorted(together, key=server) if is_about_one else together


def mutations(
    calls: Iterable[AwsCall], owners: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Write the calls that change something, in their settled order."""
    changes = [call for call in calls if not is_read(call.operation)]
    return [call_document(call) for call in settled(changes, owners)]
