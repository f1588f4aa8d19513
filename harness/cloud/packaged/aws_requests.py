"""Read an AWS request as it comes over HTTP: operation and parameters."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import unquote

import botocore.session
from botocore.awsrequest import AWSPreparedRequest
from botocore.compat import HTTPHeaders
from botocore.model import OperationModel, ServiceModel
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.utils import get_service_model
from werkzeug import Request

_SCOPE = re.compile(r"Credential=[^/]+/\d+/([^/]+)/([^/]+)/aws4_request")
_PLACEHOLDER = re.compile(r"\\\{(\w+)\\?\+?\\\}")
# Where the name in signatures is not botocore's.
_SERVICES = {"states": "stepfunctions"}


class UnreadableRequestError(Exception):
    """A request that no AWS client sends."""

    def __init__(self, method: str, path: str) -> None:
        super().__init__(f"No known operation of AWS: {method} {path}")


@dataclass(frozen=True)
class AwsRequest:
    """One attempt of an API call.

    Attributes:
        params: What is asked, in the API's own shape.
        prepared: The request as it would go to AWS itself.
    """

    operation: OperationModel
    region: str
    params: dict[str, Any]
    prepared: AWSPreparedRequest

    @property
    def service(self) -> str:
        """botocore's name of the service."""
        return str(self.operation.service_model.service_name)

    @property
    def event_name(self) -> str:
        """botocore's event for sending it."""
        return f"before-send.{self.service}.{self.operation.name}"


def read(request: Request) -> AwsRequest:
    """Read a request that was sent to the local cloud's own endpoint.

    Raises:
        UnreadableRequestError: It is not signed, or asks for no operation
            that botocore knows.
    """
    scope = _SCOPE.search(request.headers.get("Authorization", ""))
    if scope is None:
        raise UnreadableRequestError(request.method, request.path)
    region, signed = scope.groups()
    model = _model(_SERVICES.get(signed, signed))
    path = request.environ.get("RAW_URI", request.path)
    body = request.get_data(cache=True, parse_form_data=False)
    operation, in_path = _operation(model, request, path.partition("?")[0])
    return AwsRequest(
        operation=operation,
        region=region,
        params=_parameters(operation, request, in_path, body),
        prepared=_prepared(model, region, request, body),
    )


def _parameters(
    operation: OperationModel,
    request: Request,
    in_path: dict[str, str],
    body: bytes,
) -> dict[str, Any]:
    protocol = operation.service_model.resolved_protocol
    # Models of moto's own, which its parsers ask more than botocore's.
    model = get_service_model(operation.service_model.service_name)
    parser = PROTOCOL_PARSERS[protocol](model.operation_model(operation.name))
    parsed: dict[str, Any] = parser.parse(
        {
            "method": request.method,
            "values": request.values,
            "headers": request.headers,
            "body": body,
            "url_path": request.path,
            "url_params": in_path,
        }
    )
    return parsed


def _prepared(
    model: ServiceModel, region: str, request: Request, body: bytes
) -> AWSPreparedRequest:
    headers = HTTPHeaders()
    for name, value in request.headers.items():
        if name.lower() != "host":
            headers[name] = value
    path = request.environ.get("RAW_URI", request.path)
    url = f"{_endpoint(model.service_name, region)}{path}"
    return AWSPreparedRequest(request.method, url, headers, body, False)


def _operation(
    model: ServiceModel, request: Request, path: str
) -> tuple[OperationModel, dict[str, str]]:
    target = request.headers.get("X-Amz-Target", "").rpartition(".")[2]
    name = target or request.values.get("Action", "")
    if name in model.operation_names:
        return model.operation_model(name), {}
    for method, pattern, routed in _routes(model.service_name):
        found = pattern.fullmatch(path)
        if found and method == request.method:
            in_path = {k: unquote(v) for k, v in found.groupdict().items()}
            return model.operation_model(routed), in_path
    raise UnreadableRequestError(request.method, path)


@cache
def _routes(service: str) -> list[tuple[str, re.Pattern[str], str]]:
    model = _model(service)
    routes = []
    for name in model.operation_names:
        http = model.operation_model(name).http
        path = re.escape(http["requestUri"].partition("?")[0])
        pattern = _PLACEHOLDER.sub(r"(?P<\1>[^/]+)", path)
        routes.append((http["method"], re.compile(pattern), name))
    return routes


@cache
def _model(service: str) -> ServiceModel:
    return botocore.session.get_session().get_service_model(service)


@cache
def _endpoint(service: str, region: str) -> str:
    session = botocore.session.get_session()
    client = session.create_client(service, region)
    return str(client.meta.endpoint_url).rstrip("/")
