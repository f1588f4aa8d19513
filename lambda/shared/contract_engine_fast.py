"""Judge documents with ``jsonschema_rs``."""

from collections.abc import Iterator
from functools import cache

from jsonschema_rs import Draft202012Validator, Registry, ValidationError

from shared import contract_files
from shared.contract_engines import Finding

# Else each error would hold a text of the value, however large.
MASK = "value"


def is_valid(schema: str, document: object) -> bool:
    """Tell whether a document keeps every rule of a schema."""
    try:
        return _validator(schema).is_valid(document)
    except ValueError:
        # A set, a key that is no text, or half of a surrogate pair.
        return False


def findings(schema: str, document: object) -> Iterator[Finding]:
    """Yield all rules that a document breaks.

    Args:
        schema: Name in ``contract_files``.
        document: Plain JSON.
    """
    return map(_finding, _validator(schema).iter_errors(document))


def first_finding(schema: str, document: object) -> list[Finding]:
    """Return one of them, none if there is none."""
    try:
        _validator(schema).validate(document)
    except ValidationError as error:
        return [_finding(error)]
    return []


def _finding(error: ValidationError) -> Finding:
    kind = error.kind
    return Finding(tuple(error.instance_path), kind.name, kind.value)


@cache
def _validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator(
        contract_files.schemas()[schema],
        registry=_registry(),
        offline=True,
        mask=MASK,
    )


@cache
def _registry() -> Registry:
    schemas = contract_files.schemas().values()
    return Registry((schema["$id"], schema) for schema in schemas)
