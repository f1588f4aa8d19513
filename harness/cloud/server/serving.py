"""Answer HTTP requests on a port, each in a thread of its own."""

import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from moto.moto_server import werkzeug_app
from werkzeug.serving import WSGIRequestHandler, make_server

from harness.cloud.server.ports import HOST

# Whoever serves the local cloud shows it.
LOG = logging.getLogger("harness.cloud.server")
# Real seconds between two looks at whether a server is to end.
_LOOK = 0.1
# Real seconds that a server may take to let go of its port.
_LIMIT = 10.0
# moto has one of its own, for the metadata of S3, since 5.2.
_MotoRequestHandler: Any = getattr(
    werkzeug_app, "MotoRequestHandler", WSGIRequestHandler
)


class RequestHandler(_MotoRequestHandler):  # type: ignore[misc]
    """Answers one connection, which may not stay silent for ever."""

    timeout = 60

    def connection_dropped(
        self, error: BaseException, environ: Any = None
    ) -> None:
        """Break the connection, as the application asks by an error."""
        self.close_connection = True


def _tell(kind: str, message: str, *given: Any) -> None:
    """Log what the server says, as a request that it could not answer.

    werkzeug's own logger has no handler where the root logger has one, as
    it does while functions run, and so would show it to nobody.

    Args:
        kind: Name of a level.
    """
    level = logging.getLevelNamesMapping()[kind.upper()]
    LOG.log(level, message.rstrip(), *given)


@contextmanager
def serving(
    application: Callable[..., Any], listener: socket.socket
) -> Iterator[None]:
    """Answer requests, each in a thread, while this is entered."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server(
        HOST,
        listener.getsockname()[1],
        application,
        threaded=True,
        request_handler=RequestHandler,
        fd=listener.fileno(),
    )
    server.log = _tell  # type: ignore[assignment, method-assign]
    thread = threading.Thread(
        target=server.serve_forever, args=(_LOOK,), daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join(_LIMIT)
        server.server_close()
