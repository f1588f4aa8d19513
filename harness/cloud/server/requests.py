"""Requests to control the server, and the answers to them."""

import json
from typing import Any

from werkzeug import Request, Response


class ControlError(Exception):
    """A control request that is answered with an error."""

    def __init__(
        self, status: int, message: str, problems: list[str] | None = None
    ) -> None:
        self.status = status
        self.message = message
        self.problems = problems or []
        super().__init__(message)


def members(request: Request) -> dict[str, Any]:
    """Read a body that is a JSON object; none is an empty one.

    Raises:
        ControlError: It is something else.
    """
    text = request.get_data(as_text=True) or "{}"
    try:
        document = json.loads(text)
    except ValueError as error:
        raise ControlError(400, f"The body is not JSON: {error}") from error
    if not isinstance(document, dict):
        raise ControlError(400, "The body must be a JSON object")
    return document


def number(document: dict[str, Any], name: str) -> float:
    """Read a member that is a number, not below zero.

    Raises:
        ControlError: It is missing, or something else.
    """
    value = document.get(name)
    if isinstance(value, int | float) and not isinstance(value, bool):
        if 0 <= value < float("inf"):
            return float(value)
    raise ControlError(400, f"{name} must be a number from 0 on")


def seed_of(document: dict[str, Any]) -> int | None:
    """Read the seed of a new world, None for the one in use.

    Raises:
        ControlError: It is no integer.
    """
    seed = document.get("seed")
    if seed is None or (isinstance(seed, int) and not isinstance(seed, bool)):
        return seed
    raise ControlError(400, "seed must be an integer")


def json_response(document: object, status: int = 200) -> Response:
    """Make an answer that is a JSON document."""
    text = json.dumps(document, indent=2) + "\n"
    return Response(text, status, mimetype="application/json")


def error_response(error: ControlError) -> Response:
    """Make the answer to a request that cannot be carried out."""
    document: dict[str, Any] = {"error": error.message}
    if error.problems:
        document["problems"] = error.problems
    return json_response(document, error.status)
