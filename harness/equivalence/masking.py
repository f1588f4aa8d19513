"""Keep secrets out of whatever is shown of an execution."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

MASK = "***"
_SECRETS = frozenset(
    {"taskToken", "TaskToken", "externalId", "ExternalId", "Credentials"}
)
# Of DynamoDB's expressions: a name, what compares or sets it, a value.
_ASSIGNED = re.compile(r"([\w#.]+)\s*(?:=|<>)\s*(:\w+)")
_EXPRESSIONS = (
    "UpdateExpression",
    "ConditionExpression",
    "FilterExpression",
    "KeyConditionExpression",
)


class Secrets:
    """Texts that nobody may see, wherever they stand."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Hide some texts; empty ones, and masks, are no secrets."""
        written = {form for text in texts for form in _written(text)}
        longest_first = sorted(written - {"", MASK}, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first)))
        self._any = bool(longest_first)

    def hidden(self, value: Any) -> Any:
        """Copy a JSON value with every secret in its texts as `***`."""
        if isinstance(value, str):
            return self._pattern.sub(MASK, value) if self._any else value
        if isinstance(value, dict):
            return {
                self.hidden(key): self.hidden(inner)
                for key, inner in value.items()
            }
        if isinstance(value, (list, tuple)):
            return [self.hidden(inner) for inner in value]
        return value


def secrets_in(value: Any) -> Iterator[str]:
    """Find the texts that a JSON value holds under the name of a secret.

    They are looked for in texts that are JSON, too, and among the values of
    DynamoDB's expressions.
    """
    if isinstance(value, str):
        yield from _secrets_in_text(value)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(inner) if key in _SECRETS else secrets_in(inner)
        yield from _secrets_in_expressions(value)
    elif isinstance(value, (list, tuple, frozenset)):
        for inner in value:
            yield from secrets_in(inner)


def names_secret(path: str) -> bool:
    """Tell whether a path leads to or into a secret, or a text names one."""
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


def _written(text: str) -> tuple[str, str, str]:
    """Write a text as it is, and as it stands inside JSON texts."""
    escaped = json.dumps(text, ensure_ascii=False)
    return text, json.dumps(text)[1:-1], escaped[1:-1]


def _secrets_in_text(text: str) -> Iterator[str]:
    if not (text.startswith(("{", "[")) and names_secret(text)):
        return
    try:
        document = json.loads(text)
    except ValueError:
        return
    yield from secrets_in(document)


def _secrets_in_expressions(params: Mapping[str, Any]) -> Iterator[str]:
    """Find what a call to DynamoDB sets a secret to, or compares it with."""
    values = params.get("ExpressionAttributeValues")
    if not isinstance(values, Mapping):
        return
    names = params.get("ExpressionAttributeNames") or {}
    for expression in _EXPRESSIONS:
        for name, placeholder in _ASSIGNED.findall(
            str(params.get(expression, ""))
        ):
            last = name.rpartition(".")[2]
            if names.get(last, last) in _SECRETS:
                yield from _texts(values.get(placeholder))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _texts(inner)
