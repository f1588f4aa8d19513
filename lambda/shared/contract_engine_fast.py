"""Judge documents with ``jsonschema_rs``."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from jsonschema_rs import Draft202012Validator, Registry, ValidationError

from shared import contract_files
from shared.contract_documents import Steps
from shared.contract_engines import Finding

# Else each error would hold a text of the value, however large.
MASK = "value"
Spellings = dict[int, list[str]]
_DIGITS = re.compile("[+]?0*[0-9]{1,20}")


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
    places = _Places(document)
    errors = _validator(schema).iter_errors(document)
    return (_finding(error, places) for error in errors)


def first_finding(schema: str, document: object) -> list[Finding]:
    """Return one of them, none if there is none."""
    try:
        _validator(schema).validate(document)
    except ValidationError as error:
        return [_finding(error, _Places(document))]
    return []


class _Places:
    """Finds keys that are made of digits.

    The engine gives the key "007" of an object as the number 7.
    """

    def __init__(self, document: object) -> None:
        self._document = document
        self._spellings: dict[int, Spellings] = {}

    def of(self, path: Steps) -> Iterator[tuple[Steps, Any]]:
        """Yield where a path of the engine can lead, and to what."""
        return self._below(self._document, path, ())

    def _below(
        self, value: Any, path: Steps, before: Steps
    ) -> Iterator[tuple[Steps, Any]]:
        if not path:
            yield before, value
            return
        keys: Iterable[str | int] = path[:1]
        if isinstance(path[0], int) and isinstance(value, dict):
            keys = self._spelled(value)[path[0]]
        for key in keys:
            yield from self._below(value[key], path[1:], (*before, key))

    def _spelled(self, value: dict[str, Any]) -> Spellings:
        if id(value) not in self._spellings:
            found = self._spellings[id(value)] = defaultdict(list)
            for key in filter(_DIGITS.fullmatch, value):
                found[int(key)].append(key)
        return self._spellings[id(value)]


def _finding(error: ValidationError, places: _Places) -> Finding:
    found = list(places.of(tuple(error.instance_path)))
    if len(found) > 1:
        # To compare them takes a copy of the value.
        wrong = error.instance
        found = [each for each in found if each[1] == wrong] or found
    return Finding(found[0][0], error.kind.name, error.kind.value)


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
