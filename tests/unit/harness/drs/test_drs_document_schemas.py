"""The schema of the options fits what reads them."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from harness import drs


def wrong_values(schema: Any) -> list[Any]:
    """Give values that the schema of an option must refuse."""
    kinds = schema.get("type", [])
    given = {"null"} | {kinds} if isinstance(kinds, str) else set(kinds)
    values = {"boolean": True, "string": "word", "object": {}, "array": []}
    return [value for kind, value in values.items() if kind not in given]


def leaves(schema: Any, path: tuple[str, ...] = ()) -> Any:
    """Go through the options of a schema, each with the way to it."""
    for name, inner in schema.get("properties", {}).items():
        yield (*path, name), inner
        yield from leaves(inner, (*path, name))


SCHEMA = drs.schema_of(drs.EmulatorOptions)
VALIDATOR = Draft202012Validator(SCHEMA)


@pytest.mark.parametrize(
    "path", [path for path, _ in leaves(SCHEMA)], ids=".".join
)
def test_what_the_schema_refuses_is_no_option_and_the_rest_is(
    path: tuple[str, ...],
) -> None:
    schema = dict(leaves(SCHEMA))[path]
    default: Any = drs.document_of(drs.EmulatorOptions())
    for name in path:
        default = default[name]

    for value, fits in [
        (default, True),
        *((wrong, False) for wrong in wrong_values(schema)),
    ]:
        document: Any = value
        for name in reversed(path):
            document = {name: document}
        assert VALIDATOR.is_valid(document) is fits
        assert is_option(document) is fits


def is_option(document: Any) -> bool:
    try:
        drs.record_from(drs.EmulatorOptions, document, "drs")
    except drs.DocumentError:
        return False
    return True


def test_a_type_that_no_document_has_is_refused() -> None:
    with pytest.raises(TypeError, match="no type of a document"):
        drs.schema_of(drs.Profile)
