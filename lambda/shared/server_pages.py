"""Pages of source servers, of which botocore parses only what is wanted.

botocore takes several times as long for a server as ``json.loads`` does:
among thousands, nearly all of a query's time would go into servers that
nobody asked for.
"""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_drs import DrsClient

Server = dict[str, Any]
Keep = Callable[[Server], Server | None]

_EVENT = "before-parse.drs.DescribeSourceServers"


def read(drs: "DrsClient", keep: Keep) -> list[Server]:
    """Read all source servers, each as far as it is wanted.

    Args:
        drs: Client for the Region and account that hold the servers.
        keep: Given a server as DRS sends it, gives what is wanted of it,
            or None. An older botocore has no such event and reads whole
            servers, so the caller must tell once more.

    Returns:
        Servers in the order DRS lists them.

    Raises:
        ClientError: DRS refused the request.
    """

    def reduce(response_dict: dict[str, Any], **_: object) -> None:
        response_dict["body"] = _reduced(response_dict["body"], keep)

    drs.meta.events.register(_EVENT, reduce)
    try:
        pages = drs.get_paginator("describe_source_servers").paginate()
        return [dict(server) for page in pages for server in page["items"]]
    finally:
        drs.meta.events.unregister(_EVENT, reduce)


def _reduced(body: bytes, keep: Keep) -> bytes:
    try:
        page = json.loads(body)
        kept = map(keep, page["items"])
        page["items"] = [server for server in kept if server is not None]
    except (AttributeError, KeyError, TypeError, ValueError):
        return body  # an error, or not as promised: botocore says what
    return json.dumps(page).encode()
