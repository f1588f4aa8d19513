"""Find schemas and definitions that nothing refers to."""

from collections.abc import Iterator
from urllib.parse import urldefrag, urljoin

from harness.contracts.checking import subschemas
from harness.contracts.engines import pointer
from harness.contracts.loading import Contracts, Schema

# What a Lambda answers with when it raised: no schema refers to it.
STANDING_ALONE = ("error",)


def unused(contracts: Contracts) -> Iterator[tuple[str, str]]:
    """Tell of schemas and definitions that nothing refers to.

    Yields:
        Name of the schema, and the place in it with what is wrong.
    """
    targets = set(_targets(contracts))
    files = {urldefrag(target).url for target in targets}
    for name, schema in contracts.schemas.items():
        room, _, stem = name.rpartition("/")
        is_part = room.endswith("common") and stem not in STANDING_ALONE
        if is_part and schema["$id"] not in files:
            yield name, "nothing refers to this schema"
        for there in _definitions(schema):
            if f"{schema['$id']}#{there}" not in targets:
                yield name, f"{there}: nothing refers to it"


def _definitions(schema: Schema) -> Iterator[str]:
    for place, part in subschemas(schema):
        for key in part.get("$defs", ()):
            yield pointer([*place, "$defs", key])


def _targets(contracts: Contracts) -> Iterator[str]:
    for schema in contracts.schemas.values():
        for _, part in subschemas(schema):
            if "$ref" in part:
                yield urljoin(schema["$id"], part["$ref"])
