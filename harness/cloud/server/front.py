"""Where each HTTP request goes: to a function, to a control, or to moto."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import unquote

from botocore.exceptions import ConnectionClosedError
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    create_backend_app,
)
from werkzeug import Request, Response

from harness.cloud.local_cloud import LocalCloud
from harness.cloud.server.controls import PREFIX, Controls

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_INVOKE = re.compile("/2015-03-31/functions/([^/]+)/invocations")
# moto's own reset would take the deployment away as well.
_MOTO_RESET = "/moto-api/reset"


class Front:
    """The WSGI application of the local AWS."""

    def __init__(self, cloud: LocalCloud, controls: Controls) -> None:
        self._cloud = cloud
        self._controls = controls
        self._moto = DomainDispatcherApplication(create_backend_app)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer one request; see PEP 3333."""
        response = self._our_own(environ)
        if response is not None:
            return response(environ, start_response)
        # One order for moto's ids, and time stands still meanwhile.
        with self._cloud.lock:
            try:
                answer: Iterable[bytes] = self._moto(environ, start_response)
            except ConnectionClosedError as error:
                # A fault: the answer must not arrive.
                raise ConnectionAbortedError(str(error)) from error
            return answer

    def _our_own(self, environ: "WSGIEnvironment") -> Response | None:
        path = environ.get("PATH_INFO", "")
        if path.startswith(PREFIX):
            return self._controls.answer(Request(environ))
        if path == _MOTO_RESET:
            return self._controls.answer(_as_reset(environ))
        invoked = _INVOKE.fullmatch(path)
        if invoked and environ["REQUEST_METHOD"] == "POST":
            return self._invoke(unquote(invoked[1]), Request(environ))
        return None

    def _invoke(self, reference: str, request: Request) -> Response:
        kind = request.headers.get("X-Amz-Invocation-Type", "")
        payload = request.get_data()
        answer = self._cloud.lambda_api.invoke(reference, payload, kind)
        headers = dict(answer.headers.items())
        return Response(
            answer.content,
            answer.status_code,
            {"Content-Type": "application/json", **headers},
        )


def _as_reset(environ: "WSGIEnvironment") -> Request:
    return Request({**environ, "PATH_INFO": f"{PREFIX}reset"})
