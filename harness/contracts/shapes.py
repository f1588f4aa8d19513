"""What a schema says of an object, with everything it refers to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from harness.contracts.loading import Contracts, Schema


class UnresolvableSchemaError(Exception):
    """A schema refers to something that is no file of the contracts."""

    def __init__(self, base: str, reference: str) -> None:
        super().__init__(f"{base}: no contract {reference}")
        self.reference = reference


@dataclass(frozen=True)
class Node:
    """A schema, or a part of one, and the file that it stands in.

    Attributes:
        schema: What it says.
        base: ``$id`` of the file, which its references start from.
    """

    schema: Schema
    base: str

    def part(self, schema: Schema) -> "Node":
        """Give a part of this schema."""
        return Node(schema, self.base)

    @property
    def types(self) -> list[str]:
        """The JSON types that its ``type`` allows; none where it is silent."""
        named = self.schema.get("type", [])
        return [named] if isinstance(named, str) else list(named)


@dataclass(frozen=True)
class Field:
    """One property of an object.

    Attributes:
        node: Its schema; of several, the one nearest to the object.
        is_required: Whether the object must have it.
        is_own: Whether the object's own file declares it.
    """

    node: Node
    is_required: bool
    is_own: bool


class Shapes:
    """The objects that some contracts describe."""

    def __init__(self, contracts: Contracts) -> None:
        self._contracts = contracts
        self._names = {
            schema["$id"]: name for name, schema in contracts.schemas.items()
        }

    def root(self, name: str) -> Node:
        """Give the schema of a file."""
        schema = self._contracts.schemas[name]
        return Node(schema, schema["$id"])

    def name(self, node: Node) -> str:
        """Name the file that a schema stands in."""
        return self._names[node.base]

    def target(self, node: Node) -> str:
        """Name the file that a schema refers to.

        Raises:
            UnresolvableSchemaError: It is none of the contracts.
        """
        reference = node.schema["$ref"]
        address = urljoin(node.base, reference)
        if address not in self._names:
            raise UnresolvableSchemaError(node.base, reference)
        return self._names[address]

    def is_object_of_its_own(self, node: Node) -> bool:
        """Whether an object has other properties than what it refers to."""
        if "$ref" not in node.schema:
            return "properties" in node.schema
        theirs = self.fields(node.part({"$ref": node.schema["$ref"]}))
        ours = self.fields(node)
        return any(
            name not in theirs
            or (field.node, field.is_required)
            != (theirs[name].node, theirs[name].is_required)
            for name, field in ours.items()
        )

    def fields(self, node: Node) -> dict[str, Field]:
        """Collect an object's properties, in the order of their files.

        What holds under a condition (``if``) is left out, unless constants
        of the object fulfil it.
        """
        nodes: dict[str, Node] = {}
        required: set[str] = set()
        parts = list(self._parts(node))
        for part in parts:
            required.update(part.schema.get("required", ()))
            for name, schema in _properties(part).items():
                nodes[name] = part.part(schema)
        for part in parts:
            if "then" in part.schema and _is_fulfilled(part, nodes):
                demand = part.part(part.schema["then"])
                required.update(demand.schema.get("required", ()))
                _narrow(nodes, demand)
        own = _properties(node)
        return {
            name: Field(found, name in required, name in own)
            for name, found in nodes.items()
        }

    def _parts(self, node: Node) -> Iterator[Node]:
        """Walk what applies without a condition, the farthest first."""
        if "$ref" in node.schema:
            yield from self._parts(self.root(self.target(node)))
        for schema in node.schema.get("allOf", ()):
            yield from self._parts(node.part(schema))
        yield node


def alternatives(node: Node) -> tuple[str, Node, Node] | None:
    """Tell whether an object has two forms, told apart by one property.

    Returns:
        The property, what else holds with it and what holds without it;
        None when the object has one form.
    """
    condition = node.schema.get("if", {})
    names = condition.get("required", [])
    forms = [node.schema.get(key, {}) for key in ("then", "else")]
    if set(condition) != {"required"} or len(names) != 1:
        return None
    if not any("$ref" in form for form in forms):
        return None
    with_it, without_it = map(node.part, forms)
    return names[0], with_it, without_it


def _properties(node: Node) -> Mapping[str, Any]:
    found: Mapping[str, Any] = node.schema.get("properties", {})
    return found


def _is_fulfilled(part: Node, nodes: Mapping[str, Node]) -> bool:
    """Tell whether constants alone make the condition of a part true."""
    condition = part.schema.get("if", {})
    asked = condition.get("properties", {})
    if not asked or set(condition) - {"required", "properties"}:
        return False
    return all(
        name in nodes
        and "const" in nodes[name].schema
        and nodes[name].schema["const"]
        in limits.get("enum", [limits.get("const")])
        for name, limits in asked.items()
    )


def _narrow(nodes: dict[str, Node], demand: Node) -> None:
    for name, schema in _properties(demand).items():
        if name in nodes and "$ref" not in nodes[name].schema:
            known = nodes[name]
            nodes[name] = known.part({**known.schema, **schema})
