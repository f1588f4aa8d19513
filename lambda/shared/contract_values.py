"""What may be told of a value that breaks a rule: enough, and no secret."""

import json
import re
from typing import Any

from shared.contract_documents import Steps

# A secret access key has 40 characters, a session or task token far more.
LONGEST_TOLD = 36
_SECRETS = re.compile(
    "token|secret|passw|passphrase|credential|externalid|accesskey|apikey"
    "|privatekey|authorization|cookie|signature"
)
_NAMES = {"dict": "object", "list": "array", "str": "string"}


def describe(document: Any, steps: Steps) -> str:
    """Say what stands at a place of a document, in ASCII.

    Args:
        document: Plain JSON.
        steps: The way to the value.

    Returns:
        The value if it is short and no secret, else its type and size.
    """
    value = document
    for step in steps:
        value = value[step]
    if any(_is_secret(step) for step in steps):
        return f"{_kind(value)} (hidden)"
    if isinstance(value, (dict, list)):
        return f"{_kind(value)} of {len(value)}"
    return _scalar(value)


def _kind(value: Any) -> str:
    return _NAMES.get(type(value).__name__, "value")


def _scalar(value: Any) -> str:
    if not isinstance(value, (str, int, float, type(None))):
        return f"value of type {type(value).__name__}"
    text = json.dumps(value)
    if len(text) <= LONGEST_TOLD + 2:
        return text
    if isinstance(value, str):
        return f"string of {len(value)} characters"
    return f"number of {len(text)} characters"


def _is_secret(step: str | int) -> bool:
    letters = re.sub("[^a-z]", "", str(step).lower())
    return bool(_SECRETS.search(letters))
