"""Where versions of the contracts come from: folders, bundles, files."""

from pathlib import Path
from typing import Any
from urllib.parse import urldefrag

from harness.contracts import checking, places, strict_json
from harness.contracts.findings import Side
from harness.contracts.loading import SUFFIX, Contracts, Schema
from harness.contracts.mistakes import UnreadableError, UsageError
from harness.contracts.writers import DIALECT

KINDS = ["request", "response"]


def published_folder() -> Path:
    """Return the contracts of this project.

    They stand beside the code in an installed package, and at the top of the
    sources otherwise.
    """
    here = Path(__file__).resolve()
    installed = here.parent / "published"
    return installed if installed.is_dir() else here.parents[2] / "contracts"


def usable_folder(path: Path) -> Contracts:
    """Read a folder of contracts, of which all can be relied upon.

    Raises:
        UnreadableError: It holds no schema, a file that is none, or two
            with the same ``$id``.
    """
    contracts = folder(path)
    for name, schema in contracts.schemas.items():
        _refuse_faulty(path / f"{name}{SUFFIX}", schema)
    _refuse_same_ids(path, contracts.schemas)
    return contracts


def folder(path: Path) -> Contracts:
    """Read a folder of contracts, as wrong as they may be.

    Raises:
        UnreadableError: It holds no schema, or a file without ``$id``.
    """
    schemas: dict[str, Schema] = {}
    for file in sorted(path.glob(f"**/*{SUFFIX}")):
        name = file.relative_to(path).as_posix().removesuffix(SUFFIX)
        schemas[name] = _schema(file)
        if "$id" not in schemas[name]:
            raise UnreadableError(file, "no $id")
    if not schemas:
        raise UnreadableError(path, f"no folder with files *{SUFFIX} in it")
    return Contracts(schemas)


def sides(old: Path, new: Path, kinds: list[str]) -> tuple[Side, Side]:
    """Read two versions to compare.

    Args:
        old: A folder, a bundle of a release, or a file of one schema.
        new: The same; both are files of one schema, or none is.
        kinds: What single schemas are judged as: request, response.

    Raises:
        UsageError: One cannot be read, or they are of different kinds.
    """
    if _is_single(old) != _is_single(new):
        raise UsageError(f"{old} and {new}: one is a schema, the other is not")
    if _is_single(old):
        stem = old.name.removesuffix(".json").removesuffix(".schema")
        names = [f"{stem}/{kind}" for kind in kinds]
        return _single(old, names), _single(new, names)
    return _versions(old), _versions(new)


def bundle(content: Any, path: Path) -> Side:
    """Make a version of what a bundle of a release holds.

    Raises:
        UnreadableError: It is no bundle.
    """
    schemas = content.get("schemas") if isinstance(content, dict) else None
    if not isinstance(schemas, dict) or not all(
        isinstance(schema, dict) and isinstance(schema.get("$id"), str)
        for schema in schemas.values()
    ):
        raise UnreadableError(path, "no bundle of a release")
    for name, schema in schemas.items():
        _refuse_faulty(f"{path}: {name}", schema)
    _refuse_same_ids(path, schemas)
    return Side(str(content.get("version", path.stem)), Contracts(schemas))


def _versions(path: Path) -> Side:
    if path.is_dir():
        return Side(str(path), usable_folder(path))
    return bundle(strict_json.read(path), path)


def _is_single(path: Path) -> bool:
    if path.is_dir():
        return False
    content = strict_json.read(path)
    return not (isinstance(content, dict) and "schemas" in content)


def _single(path: Path, names: list[str]) -> Side:
    """Read one schema, and the files beside it that it refers to."""
    schemas: dict[str, Schema] = {}
    todo = [path]
    while todo:
        file = todo.pop()
        schema = _schema(file)
        _refuse_faulty(file, schema)
        schema.setdefault("$id", file.resolve().as_uri())
        schema.setdefault("$schema", DIALECT)
        schemas[file.resolve().as_posix()] = schema
        todo += [
            neighbour
            for neighbour in _neighbours(file, schema)
            if neighbour.resolve().as_posix() not in schemas
            and neighbour.is_file()
        ]
    whole = schemas.pop(path.resolve().as_posix())
    schemas |= {name: whole for name in names}
    return Side(path.name, Contracts(schemas))


def _neighbours(file: Path, schema: Schema) -> list[Path]:
    references = {
        part["$ref"]
        for _, parts in places.rules(schema).items()
        for part in parts
        if isinstance(part.get("$ref"), str)
    }
    files = {urldefrag(reference).url for reference in references}
    return [file.parent / name for name in files if name and ":" not in name]


def _schema(path: Path) -> Schema:
    schema = strict_json.read(path)
    if not isinstance(schema, dict):
        raise UnreadableError(path, "no schema: an object is expected")
    return schema


def _refuse_faulty(path: Path | str, schema: Schema) -> None:
    for complaint in checking.meta_schema_complaints(schema):
        raise UnreadableError(path, complaint)


def _refuse_same_ids(path: Path, schemas: dict[str, Schema]) -> None:
    names: dict[str, str] = {}
    for name, schema in schemas.items():
        other = names.setdefault(schema["$id"], name)
        if other != name:
            raise UnreadableError(path, f"{name} has the $id of {other}")
