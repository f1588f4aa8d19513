"""The service model of DRS and the routes it declares."""

import re
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote

from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel


@dataclass(frozen=True)
class Route:
    """Method and path of one operation."""

    method: str
    path: re.Pattern[str]
    operation: OperationModel


@cache
def service() -> ServiceModel:
    """Load botocore's model of DRS."""
    description = Loader().load_service_model("drs", "service-2")
    return ServiceModel(description, "drs")


@cache
def routes() -> tuple[Route, ...]:
    """List the routes, fixed paths before those with a variable part."""
    found = [_route(name) for name in service().operation_names]
    return tuple(sorted(found, key=lambda each: "(?P" in each.path.pattern))


def _route(name: str) -> Route:
    operation = service().operation_model(name)
    path = re.escape(operation.http["requestUri"])
    variable = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", path)
    return Route(operation.http["method"], re.compile(variable), operation)


def find_route(
    method: str, path: str
) -> tuple[OperationModel, dict[str, str]] | None:
    """Find the operation of a request and the variables of its path.

    Args:
        method: HTTP method.
        path: Path of the URL, still percent-encoded.

    Returns:
        The operation and its URI parameters, or None for an unknown path.
    """
    for route in routes():
        match = route.path.fullmatch(path)
        if match and route.method == method:
            variables = match.groupdict()
            return route.operation, {
                name: unquote(text) for name, text in variables.items()
            }
    return None
