"""Read JSON as the standard has it, and as both engines can judge it."""

import json
from pathlib import Path
from typing import Any, NoReturn

from harness.contracts.mistakes import UnreadableError


def parse(text: str) -> Any:
    """Read a JSON document.

    Raises:
        ValueError: It is none; NaN and infinite numbers are none, either,
            and of a key that comes twice nobody knows which is meant.
    """
    try:
        return json.loads(
            text, parse_constant=_refuse, object_pairs_hook=_unique
        )
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def read(path: Path) -> Any:
    """Read a file that holds one JSON document.

    Raises:
        UnreadableError: There is no such file, or it is no JSON.
    """
    try:
        return parse(text(path))
    except ValueError as error:
        raise UnreadableError(path, f"no JSON: {error}") from error


def text(path: Path) -> str:
    """Read a text file.

    Raises:
        UnreadableError: There is no such file, or it is no UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UnreadableError(path, reason) from error
    except UnicodeDecodeError as error:
        raise UnreadableError(path, "no UTF-8") from error


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON number")


def _unique(members: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(members)
    if len(document) < len(members):
        keys = [key for key, _ in members]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"key {twice!a} comes twice in one object")
    return document
