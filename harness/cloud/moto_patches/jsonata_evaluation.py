"""JSONata expressions are evaluated by jsonata-python.

moto expects a Java machine for that, and never starts one.
"""

from contextlib import AbstractContextManager
from typing import Any

from jsonata import Jsonata  # type: ignore[import-untyped]
from moto.stepfunctions.parser.asl.jsonata import jsonata

from harness.cloud.moto_patches.replacement import replaced


def patch() -> AbstractContextManager[None]:
    """Let moto's JSONata states work."""
    return replaced(jsonata, "_eval_jsonata", _evaluate)


def _evaluate(expression: str) -> Any:
    try:
        return Jsonata(expression).evaluate(None)
    except Exception as error:
        raise jsonata.JSONataException("UNKNOWN", str(error)) from error
