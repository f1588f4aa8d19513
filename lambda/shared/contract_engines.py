"""The two JSON Schema engines, and which of them judges.

Both give the same verdict and the same findings. ``jsonschema_rs`` is fast;
``jsonschema`` is its fallback where no binary of it can be had. An engine is
imported when it is first asked, so that nobody waits for the other one.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Protocol

VARIABLE = "CONTRACT_ENGINE"
FAST = "jsonschema-rs"
FALLBACK = "jsonschema"


@dataclass(frozen=True)
class Finding:
    """One rule that a document breaks.

    Attributes:
        steps: The way to the value, from the whole document on.
        rule: Keyword of the schema.
        expected: What the keyword asks for: a list of names for ``type``,
            the missing name for ``required``, else what the schema says.
    """

    steps: tuple[str | int, ...]
    rule: str
    expected: object


class Engine(Protocol):
    """What judges documents by the schemas of ``contract_files``."""

    def is_valid(self, schema: str, document: object) -> bool:
        """Tell whether a document keeps every rule of a schema."""

    def findings(self, schema: str, document: object) -> Iterator[Finding]:
        """Yield all rules that a plain document breaks, in any order."""

    def first_finding(self, schema: str, document: object) -> list[Finding]:
        """Return one of them, none if there is none."""


class UnknownEngineError(ValueError):
    """The environment names no engine that there is."""

    def __init__(self, value: str) -> None:
        super().__init__(
            f"{VARIABLE} is {value[:40]!a}: it must be {FAST} (the default) "
            f"or {FALLBACK}"
        )


def chosen() -> Engine:
    """Return the engine that the environment names, the fast one by default.

    Raises:
        UnknownEngineError: It names none of the two.
    """
    return _engine(os.environ.get(VARIABLE) or FAST)


@cache
def _engine(name: str) -> Engine:
    if name == FAST:
        from shared import contract_engine_fast

        return contract_engine_fast
    if name == FALLBACK:
        from shared import contract_engine_fallback

        return contract_engine_fallback
    raise UnknownEngineError(name)
