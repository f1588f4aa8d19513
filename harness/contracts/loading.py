"""Read a folder of contracts and make validators of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from harness.contracts import strict_json

Schema = dict[str, Any]
SchemaRegistry = Registry[bool | Mapping[str, Any]]
SchemaResource = Resource[bool | Mapping[str, Any]]

SUFFIX = ".schema.json"


@dataclass(frozen=True)
class Contracts:
    """The schemas of a folder, by their path in it.

    Attributes:
        schemas: For example "v1/common/wave" to the schema of that file.
    """

    schemas: dict[str, Schema]

    @cached_property
    def registry(self) -> SchemaRegistry:
        """All schemas by their ``$id``; nothing is ever fetched."""
        resources: list[tuple[str, SchemaResource]] = [
            (schema["$id"], DRAFT202012.create_resource(schema))
            for schema in self.schemas.values()
        ]
        return SchemaRegistry().with_resources(resources)

    @cached_property
    def fast_registry(self) -> jsonschema_rs.Registry:
        """The same for the engine that runs in the Lambdas."""
        return jsonschema_rs.Registry(
            (schema["$id"], schema) for schema in self.schemas.values()
        )

    def reference_validator(
        self, name: str
    ) -> jsonschema.Draft202012Validator:
        """Make the validator of the engine that is the measure."""
        return jsonschema.Draft202012Validator(
            self.schemas[name], registry=self.registry
        )

    def fast_validator(self, name: str) -> jsonschema_rs.Draft202012Validator:
        """Make the validator of the engine that runs in the Lambdas."""
        return jsonschema_rs.Draft202012Validator(
            self.schemas[name], registry=self.fast_registry, offline=True
        )


def load(folder: Path) -> Contracts:
    """Read every schema below a folder.

    Args:
        folder: Holds the folders of the versions, as ``contracts/`` does.

    Raises:
        ValueError: A file is no JSON.
    """
    return Contracts(
        {
            _name(path, folder): strict_json.parse(
                path.read_text(encoding="utf-8")
            )
            for path in sorted(folder.glob(f"**/*{SUFFIX}"))
        }
    )


def _name(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix().removesuffix(SUFFIX)
