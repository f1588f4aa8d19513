"""JSON as an attacker writes it: texts that no program of ours would make.

A document holds plain values and, where plain ones cannot say it, pieces
of text that are written as they are, and mappings whose keys repeat.
"""

import json
from dataclasses import dataclass
from typing import Any

KILO = 1_000


@dataclass(frozen=True)
class Raw:
    """A piece of JSON, or of what claims to be JSON, written as it is.

    Attributes:
        name: How it is called in lists of what was tried.
    """

    name: str
    text: str

    def __repr__(self) -> str:
        return f"Raw({self.name!r})"


@dataclass(frozen=True)
class Twice:
    """A mapping that has one of its keys twice, the second time last."""

    mapping: dict[str, Any]
    key: str
    second: Any


def written(value: Any) -> str:
    """Write a document as JSON, in ASCII and without spaces."""
    if isinstance(value, Raw):
        return value.text
    if isinstance(value, Twice):
        pairs = [*value.mapping.items(), (value.key, value.second)]
        return _mapping(pairs)
    if isinstance(value, dict):
        return _mapping(list(value.items()))
    if isinstance(value, list):
        return f"[{','.join(map(written, value))}]"
    return json.dumps(value)


def nested(levels: int) -> Raw:
    """Nest empty lists."""
    return Raw(f"{levels} levels", "[" * levels + "]" * levels)


def text(length: int) -> Raw:
    """Write a long text."""
    return Raw(f"text of {length}", '"' + "x" * length + '"')


def numbers(count: int) -> Raw:
    """Write a long list."""
    return Raw(f"list of {count}", f"[{','.join(['0'] * count)}]")


def keys(count: int) -> Raw:
    """Write a mapping with many keys."""
    pairs = ",".join(f'"key-{number}":0' for number in range(count))
    return Raw(f"mapping of {count}", f"{{{pairs}}}")


# What json.loads takes and what DynamoDB, DRS or a person may not.
ODD_TEXTS = (
    "",
    " ",
    "0",
    "null",
    "\x00",
    "\n",
    "a\r\nSet-Cookie: b",
    "\x1b[31m",
    "\u202e",
    "\u2028",
    "\ufeff",
    "e\u0301",
    "\U0001f600",
    "\ud800",
    "\udc00\ud800",
    "$.Execution.Id",
    "{{7*7}}",
    "%s%n%d",
    "../../etc/passwd",
    "arn:aws:iam::123456789012:role/other",
    "COMPLETED",
    "s-",
    "x" * 37,
    "x" * 257,
    "x" * 2049,
)
ODD_NUMBERS = (
    0,
    1,
    2,
    7,
    -1,
    2**31,
    2**53 + 1,
    2**63,
    -(2**63) - 1,
    10**38,
    10**126,
    0.5,
    -0.0,
    1.0,
    1e-130,
    1e300,
)
ODD_PIECES = (
    Raw("not a number", "NaN"),
    Raw("infinity", "Infinity"),
    Raw("minus infinity", "-Infinity"),
    Raw("1e999", "1e999"),
    Raw("a number of 400 digits", "9" * 400),
    Raw("a number of 5,000 digits", "9" * 5 * KILO),
    Raw("half of a pair", '"\\ud800"'),
    Raw("the other half", '"\\udfff"'),
    Raw("bare word", "undefined"),
    nested(40),
    nested(199),
    nested(900),
)
HUGE_PIECES = (
    text(100 * KILO),
    text(1_100 * KILO),
    numbers(100 * KILO),
    keys(20 * KILO),
    nested(100 * KILO),
    Raw("a number of 100,000 digits", "9" * 100 * KILO),
)
# No empty one: moto's DynamoDB takes it and then cannot read the item.
ODD_KEYS = (
    "unknown",
    "__proto__",
    "__class__",
    " ",
    "\x00",
    "a/b~c",
    "e\u0301",
    "\ud800",
    "$ref",
    "action",
    "contract_version",
    "accountContext",
    "account_context",
    "x" * 300,
)


def _mapping(pairs: list[tuple[str, Any]]) -> str:
    inner = (f"{json.dumps(key)}:{written(value)}" for key, value in pairs)
    return f"{{{','.join(inner)}}}"
