"""Let a typer command take what a dataclass declares, field by field."""

import dataclasses
from collections.abc import Callable
from inspect import Parameter, Signature
from typing import Any, get_type_hints

Command = Callable[..., None]


def taking(options: type) -> Callable[[Command], Command]:
    """Give a command the fields of a dataclass as its parameters.

    typer reads the signature of a function. A dataclass says the same
    without a function of ten parameters.

    Args:
        options: A dataclass whose fields are annotated for typer.
    """
    hints = get_type_hints(options, include_extras=True)
    signature = Signature(
        [
            _parameter(field, hints[field.name])
            for field in dataclasses.fields(options)
        ]
    )

    def declare(command: Command) -> Command:
        setattr(command, "__signature__", signature)
        command.__annotations__ = hints
        return command

    return declare


def _parameter(
    field: "dataclasses.Field[Any]", annotation: object
) -> Parameter:
    is_required = field.default is dataclasses.MISSING
    return Parameter(
        field.name,
        Parameter.KEYWORD_ONLY,
        default=Parameter.empty if is_required else field.default,
        annotation=annotation,
    )
