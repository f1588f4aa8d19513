"""The functions that run from the project's folders are not changed.

moto would take another package or configuration for them, and nothing of it
would ever run. They are those with a package that nobody else has.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from moto.awslambda.exceptions import InvalidParameterValueException
from moto.awslambda.models import LambdaBackend

from harness.cloud.moto_patches.replacement import replaced

_COMMENT = b"runs from the project's folder"
# A zip without any file in it, which Lambda would not take; the comment
# tells it from one that somebody deploys by mistake.
OWN_PACKAGE = (
    b"PK\x05\x06" + bytes(16) + len(_COMMENT).to_bytes(2, "little") + _COMMENT
)
_CHANGES = (
    "delete_function",
    "update_function_code",
    "update_function_configuration",
)


@contextmanager
def patch() -> Iterator[None]:
    """Refuse requests to change them."""
    with ExitStack() as stack:
        for name in _CHANGES:
            refusing = _refusing(getattr(LambdaBackend, name))
            stack.enter_context(replaced(LambdaBackend, name, refusing))
        yield


def _refusing(change: Any) -> Any:
    def refuse_own(
        backend: LambdaBackend, function_name: str, *given: Any, **named: Any
    ) -> Any:
        function = backend.get_function(function_name)
        if function.code_bytes == OWN_PACKAGE:
            raise InvalidParameterValueException(
                f"{function.function_name} runs from the project's folder: "
                "deploy an environment of your own, and change that one"
            )
        return change(backend, function_name, *given, **named)

    return refuse_own
