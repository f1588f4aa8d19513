"""Functions that somebody deployed with code of their own.

The local cloud's own functions run from the project's folders; whatever else
is deployed, by a stack or by the API of Lambda, runs from the package that
was given for it. This is the one module that knows how moto keeps functions.
"""

import hashlib
from typing import Any

from moto.awslambda.exceptions import UnknownFunctionException
from moto.awslambda.models import lambda_backends

from harness.cloud.functions import (
    DEFAULT_REGION,
    HUB_ACCOUNT,
    FunctionSpec,
    Package,
    Role,
)


def find(name: str) -> FunctionSpec | None:
    """Describe a function of the hub; None if there is no such function."""
    try:
        function = lambda_backends[HUB_ACCOUNT][DEFAULT_REGION].get_function(
            name
        )
    except UnknownFunctionException:
        return None
    return _spec(function)


def _spec(function: Any) -> FunctionSpec:
    content: bytes = function.code_bytes
    return FunctionSpec(
        name=function.function_name,
        folder=function.function_name,
        environment=dict(function.environment_vars),
        timeout=int(function.timeout),
        memory=int(function.memory_size),
        role=Role(function.role.rpartition("/")[2]),
        handler=function.handler,
        package=Package(hashlib.sha256(content).hexdigest(), content),
    )
