"""Types say of a document what its schema says."""

from typing import Any, get_type_hints

import pytest

from harness.contracts import Contracts, typed_dicts
from harness.contracts.shapes import UnresolvableSchemaError

BASE = "https://example.test/contracts/"
PART = "v1/common/part"


def contracts(**schemas: dict[str, Any]) -> Contracts:
    """Build contracts of a few schemas; the one called part is common."""
    named = {
        PART if key == "part" else f"v1/do_it/{key}": schema
        for key, schema in schemas.items()
    }
    return Contracts(
        {
            name: {"$id": f"{BASE}{name}.schema.json", **schema}
            for name, schema in named.items()
        }
    )


def types(**schemas: dict[str, Any]) -> dict[str, Any]:
    """Execute the module that is written of a few schemas."""
    namespace: dict[str, Any] = {}
    source = typed_dicts.module(contracts(**schemas))
    exec(compile(source, "contract_types", "exec"), namespace)
    return namespace


def one(schema: dict[str, Any]) -> object:
    """Give the type of a required property of some schema."""
    request = {"required": ["it"], "properties": {"it": schema}}
    return get_type_hints(types(request=request)["DoItRequest"])["it"]


@pytest.mark.parametrize(
    "schema, expected",
    [
        ({"type": "string"}, "<class 'str'>"),
        ({"type": ["integer", "null"]}, "int | None"),
        ({"type": "number"}, "<class 'float'>"),
        ({"type": ["boolean", "string"]}, "bool | str"),
        ({"type": "array", "items": {"type": "string"}}, "list[str]"),
        ({"type": "array"}, "list[object]"),
        ({"type": ["array", "null"]}, "list[object] | None"),
        ({"type": "object"}, "dict[str, object]"),
        (
            {"type": "object", "additionalProperties": {"type": "integer"}},
            "dict[str, int]",
        ),
        ({"const": "begin"}, "typing.Literal['begin']"),
        ({"enum": ["a", None, 1]}, "typing.Literal['a', None, 1]"),
        ({}, "<class 'object'>"),
    ],
)
def test_value_has_the_type_that_its_schema_says(
    schema: dict[str, Any], expected: str
) -> None:
    assert str(one(schema)) == expected


def test_property_may_be_left_out_unless_it_is_required() -> None:
    request = {
        "required": ["a"],
        "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
    }

    made = types(request=request)["DoItRequest"]

    assert made.__required_keys__ == {"a"}
    assert made.__optional_keys__ == {"b"}


def test_object_within_an_object_has_a_type_of_its_own() -> None:
    plan = {"type": "object", "properties": {"planId": {"type": "string"}}}

    made = types(request={"properties": {"the_plan": plan}})

    assert set(made["DoItRequestThePlan"].__optional_keys__) == {"planId"}


def test_common_part_is_written_once_and_referred_to() -> None:
    part = {"type": "object", "properties": {"a": {"type": "string"}}}
    reference = {"$ref": "../common/part.schema.json"}
    request = {"required": ["it"], "properties": {"it": reference}}

    made = types(part=part, request=request, response=reference)

    assert get_type_hints(made["DoItRequest"])["it"] is made["Part"]
    assert made["DoItResponse"] is made["Part"]


def test_reference_may_be_null_when_the_common_object_may_be() -> None:
    part = {"type": ["object", "null"], "properties": {"a": {}}}
    reference = {"$ref": "../common/part.schema.json"}
    request = {"required": ["it"], "properties": {"it": reference}}

    made = types(part=part, request=request)

    assert get_type_hints(made["DoItRequest"])["it"] == made["Part"] | None


def test_response_requires_more_than_the_part_it_refers_to() -> None:
    part = {"type": "object", "properties": {"a": {"type": "string"}}}
    reference = {"$ref": "../common/part.schema.json", "required": ["a"]}

    made = types(part=part, response=reference)

    assert made["Part"].__optional_keys__ == {"a"}
    assert made["DoItResponse"].__required_keys__ == {"a"}


def test_request_has_two_types_when_a_property_tells_its_forms_apart() -> None:
    part = {"required": ["a"], "properties": {"a": {"type": "string"}}}
    request = {
        "required": ["action"],
        "properties": {"action": {"const": "do"}, "state": {"type": "object"}},
        "if": {"required": ["state"]},
        "else": {"$ref": "../common/part.schema.json"},
    }

    made = types(part=part, request=request)

    with_it = made["DoItRequestWithState"]
    without_it = made["DoItRequestWithoutState"]
    assert made["DoItRequest"] == with_it | without_it
    assert with_it.__required_keys__ == {"action", "state"}
    assert without_it.__required_keys__ == {"action", "a"}


def test_second_version_has_types_of_its_own() -> None:
    assert typed_dicts.type_name("v2/do_it/request") == "DoItRequestV2"
    assert typed_dicts.type_name("v1/orchestration/do/request") == "DoRequest"


def test_module_is_refused_when_two_schemas_make_one_type() -> None:
    doubled = {
        name: {"$id": f"{BASE}{name}.schema.json", "type": "object"}
        for name in ("v1/begin/request", "v1/orchestration/begin/request")
    }

    with pytest.raises(typed_dicts.ClashingTypesError, match="BeginRequest"):
        typed_dicts.module(Contracts(doubled))


def test_module_is_refused_when_a_reference_leads_nowhere() -> None:
    response = {"$ref": "missing.schema.json"}

    with pytest.raises(UnresolvableSchemaError, match="missing"):
        typed_dicts.module(contracts(response=response))
