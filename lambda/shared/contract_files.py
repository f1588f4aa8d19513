"""The schema files of ``contracts/``, read once and only when needed."""

import json
from functools import cache
from pathlib import Path
from typing import Any

Schema = dict[str, Any]


class NoContractError(KeyError):
    """There is no contract for an action: a mistake of this code."""


@cache
def versions(action: str) -> tuple[str, ...]:
    """List the versions that an action serves, the oldest first.

    Args:
        action: Folder of the contract, such as "orchestration/begin".

    Raises:
        NoContractError: No version has such a folder.
    """
    found = _folder().glob(f"v*/{action}/request.schema.json")
    names = {path.relative_to(_folder()).parts[0][1:] for path in found}
    if not names:
        raise NoContractError(action)
    return tuple(sorted(names, key=int))


def name(action: str, direction: str, version: str) -> str:
    """Name a schema: its path below ``contracts/``, without the suffix."""
    return f"v{version}/{action}/{direction}"


@cache
def schemas() -> dict[str, Schema]:
    """Read all schemas, by name."""
    suffix = ".schema.json"
    return {
        path.relative_to(_folder())
        .as_posix()
        .removesuffix(suffix): json.loads(path.read_bytes())
        for path in sorted(_folder().glob(f"v*/**/*{suffix}"))
    }


@cache
def _folder() -> Path:
    # Beside `shared/` in a Lambda's package, beside `lambda/` in the sources.
    rooms = [p / "contracts" for p in Path(__file__).resolve().parents[1:3]]
    return rooms[0] if rooms[0].is_dir() else rooms[1]
