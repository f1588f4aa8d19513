"""HTTP answers as AWS gives them, for botocore to parse."""

import json
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

_JSON = {"json", "rest-json"}
_QUERY_ERROR = (
    "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code>"
    "<Message>{message}</Message></Error>"
    "<RequestId>{request_id}</RequestId></ErrorResponse>"
)
_EC2_ERROR = (
    "<Response><Errors><Error><Code>{code}</Code>"
    "<Message>{message}</Message></Error></Errors>"
    "<RequestID>{request_id}</RequestID></Response>"
)
_XML = {"query": _QUERY_ERROR, "ec2": _EC2_ERROR}


class _Body(BytesIO):
    """A body as urllib3 gives it, as far as botocore asks."""

    def stream(self, **_: Any) -> Iterator[bytes]:
        while chunk := self.read():
            yield chunk


class UnknownProtocolError(Exception):
    """No error answer can be made for a service's protocol."""

    def __init__(self, protocol: str) -> None:
        self.protocol = protocol
        super().__init__(f"No form of an error is known for {protocol}")


def answer(
    url: str, status: int, headers: Mapping[str, str], body: bytes
) -> AWSResponse:
    """Make an answer that botocore takes for one from the network."""
    all_headers = HTTPHeaders()
    for name, value in headers.items():
        all_headers[name] = value
    all_headers["content-length"] = str(len(body))
    return AWSResponse(url, status, all_headers, _Body(body))


def error_answer(
    url: str, protocol: str, status: int, code: str, message: str
) -> AWSResponse:
    """Make a service's error in the form of its protocol.

    Raises:
        UnknownProtocolError: The form for this protocol is not known.
    """
    request_id = "00000000-0000-4000-8000-000000000000"
    headers = {"x-amzn-RequestId": request_id}
    if protocol in _JSON:
        body = json.dumps({"__type": code, "message": message})
        headers |= {"x-amzn-ErrorType": code}
    elif protocol in _XML:
        fields = {"code": escape(code), "message": escape(message)}
        body = _XML[protocol].format(**fields, request_id=request_id)
    else:
        raise UnknownProtocolError(protocol)
    return answer(url, status, headers, body.encode())
