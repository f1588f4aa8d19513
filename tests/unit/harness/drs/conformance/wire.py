"""Requests to DRS as no client library would send them."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSPreparedRequest, AWSRequest, AWSResponse
from botocore.credentials import Credentials
from botocore.hooks import first_non_none_response
from botocore.httpsession import URLLib3Session
from botocore.model import OperationModel, StructureShape

from tests.unit.harness.drs.conformance.answers import Answer
from tests.unit.harness.drs.conformance.tally import OVER_HTTP

CREDENTIALS = Credentials("testing", "testing")


@dataclass(frozen=True)
class RawRequest:
    """Method, path with query, and body of a request."""

    method: str
    path: str
    body: str


def render(operation: OperationModel, members: Any) -> RawRequest:
    """Write members where the model wants them, sound or not."""
    shape = operation.input_shape
    assert isinstance(shape, StructureShape)
    path, query, body = operation.http["requestUri"], {}, dict(members)
    for name, member in shape.members.items():
        if name not in body:
            continue
        match member.serialization.get("location"):
            case "uri":
                label = "{" + member.serialization["name"] + "}"
                path = path.replace(label, quote(body.pop(name), safe=""))
            case "querystring":
                query[member.serialization["name"]] = body.pop(name)
    if query:
        path += "?" + urlencode(query, doseq=True)
    text = json.dumps(body) if operation.http["method"] == "POST" else ""
    return RawRequest(operation.http["method"], path, text)


class Wire:
    """Sends requests where a client of botocore would send its own."""

    def __init__(self, client: Any, mode: str) -> None:
        """Take endpoint, Region and interceptors from a client.

        Args:
            client: A client of DRS.
            mode: The way its requests go.
        """
        self.mode = mode
        self._meta = client.meta
        self._session = URLLib3Session()

    def send(self, request: RawRequest) -> Answer:
        """Sign a request, send it and read the answer."""
        message = AWSRequest(
            method=request.method,
            url=self._meta.endpoint_url + request.path,
            data=request.body,
            headers={"content-type": "application/json"},
        )
        region = self._meta.region_name
        SigV4Auth(CREDENTIALS, "drs", region).add_auth(message)
        answer = self._deliver(message.prepare())
        headers = {
            name.lower(): answer.headers[name] for name in answer.headers
        }
        return Answer(answer.status_code, headers, answer.text)

    def _deliver(self, request: AWSPreparedRequest) -> AWSResponse:
        if self.mode == OVER_HTTP:
            return self._session.send(request)
        # moto answers here, as it does for the requests of a client.
        mocked = self._meta.events.emit("before-send.drs.Raw", request=request)
        return first_non_none_response(mocked)
