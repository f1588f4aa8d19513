"""One port of this machine, and nothing beyond it.

Light on purpose: a port is taken before anything that takes time.
"""

import socket

HOST = "127.0.0.1"


class PortTakenError(Exception):
    """Something else listens on the port."""

    def __init__(self, port: int, reason: str) -> None:
        self.port = port
        super().__init__(
            f"Port {port} of {HOST} cannot be used: {reason}. "
            "Choose another with --port, or --port 0 for any"
        )


def bind(port: int) -> socket.socket:
    """Take a port of this machine.

    Args:
        port: Zero for any that is free.

    Raises:
        PortTakenError: It is in use, or may not be used.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        listener.close()
        raise PortTakenError(port, error.strerror or str(error)) from error
    listener.listen(128)
    return listener


def url_of(listener: socket.socket) -> str:
    """Tell the URL under which a port is reached."""
    return f"http://{HOST}:{listener.getsockname()[1]}"
