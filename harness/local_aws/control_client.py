"""Ask a running server; see harness/cloud/server."""

import json
import urllib.error
import urllib.request
from http.client import HTTPException
from typing import Any

from harness.local_aws.runtime_directory import RuntimeDirectory

# Real seconds. Advancing time may run whole recoveries on its way.
_QUICK = 15.0
_SLOW = 320.0
# Whatever proxy a user has set up, this machine is reached directly.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class NotUpError(Exception):
    """No server is up, or it does not answer."""

    def __init__(self, reason: str = "") -> None:
        detail = f" ({reason})" if reason else ""
        super().__init__(
            f"The local AWS is not up{detail}: start it with 'drs-orch up -d'"
        )


class RefusedError(Exception):
    """The server cannot do what was asked.

    Attributes:
        problems: What is wrong in detail, one sentence each.
    """

    def __init__(self, message: str, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n  ".join([message, *problems]))


class ControlClient:
    """Sends control requests to a server."""

    def __init__(self, url: str) -> None:
        self._url = url

    def get(self, control: str) -> dict[str, Any]:
        """Ask for something; see `post` for what is raised."""
        return self._send("GET", control, None, _QUICK)

    def post(
        self, control: str, document: object | None = None
    ) -> dict[str, Any]:
        """Ask to change something.

        Args:
            control: Such as `clock/advance`.
            document: Sent as JSON; a text is sent as it is.

        Raises:
            NotUpError: Nobody answers.
            RefusedError: The server says why not.
        """
        return self._send("POST", control, _body(document), _SLOW)

    def delete(
        self, control: str, document: object | None = None
    ) -> dict[str, Any]:
        """Ask to remove something; see `post` for what is raised."""
        return self._send("DELETE", control, _body(document), _QUICK)

    def _send(
        self, method: str, control: str, body: bytes | None, limit: float
    ) -> dict[str, Any]:
        request = urllib.request.Request(
            f"{self._url}/_local/{control}", body, method=method
        )
        try:
            with _DIRECT.open(request, timeout=limit) as response:
                found: dict[str, Any] = json.load(response)
                return found
        except urllib.error.HTTPError as error:
            raise _refused(error) from error
        except (OSError, HTTPException, ValueError) as error:
            raise NotUpError(f"{self._url}: {error}") from error


def running() -> ControlClient:
    """Connect to the server of the user who runs this.

    Raises:
        NotUpError: There is none.
    """
    server = RuntimeDirectory().server()
    if server is None:
        raise NotUpError()
    return ControlClient(server.url)


def _body(document: object | None) -> bytes:
    text = document if isinstance(document, str) else json.dumps(document)
    return b"" if document is None else text.encode()


def _refused(error: urllib.error.HTTPError) -> RefusedError:
    with error:
        try:
            document = json.load(error)
            return RefusedError(
                document["error"], document.get("problems", [])
            )
        except (ValueError, KeyError, TypeError):
            return RefusedError(f"The server answered {error.code}", [])
