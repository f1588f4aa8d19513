"""Keep secrets out of whatever is shown of an execution."""

from typing import Any

MASK = "***"
_SECRETS = frozenset(
    {"taskToken", "TaskToken", "externalId", "ExternalId", "Credentials"}
)


def names_secret(path: str) -> bool:
    """Tell whether a path leads to or into a secret."""
    return any(secret in path for secret in _SECRETS)


def masked(value: Any) -> Any:
    """Copy a JSON value with every secret in it replaced by `***`."""
    if isinstance(value, dict):
        return {
            key: MASK if key in _SECRETS and inner else masked(inner)
            for key, inner in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [masked(inner) for inner in value]
    return value
