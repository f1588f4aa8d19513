"""Edits of contracts, and who breaks by each: the catalogue.

An edit is one line of the tables below. `backward` asks whether old peers
break at the new version, `forward` whether new peers break at the old one.
Closed writers meet open readers, so of a request the old one is written and
the new one read (backward), and of a response the other way round.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from harness.contracts.loading import Schema
from harness.contracts.writers import DIALECT

Schemas = dict[str, Schema]
BASE = "https://drs-orchestration.example/contracts/"
STATE = "v1/common/execution-state"
WAVE = "v1/common/wave"
RESULT = "v1/common/wave-result"
SERVER = "v1/common/server-status"
JOB_ID = "v1/common/drs-job-id"
SERVER_ID = "v1/common/source-server-id"
ACCOUNT = "v1/common/account-context"
QUERY = "v1/query_servers_by_tags/request"
MATCHES = "v1/query_servers_by_tags/response"
START = "v1/start_wave_recovery/request"
STARTED = "v1/start_wave_recovery/response"


@dataclass(frozen=True)
class Verdict:
    """Which peers break, and what no comparison of rules can see.

    Attributes:
        new_refuses: The new reader refuses what the old writer sends.
        old_refuses: The old reader refuses what the new writer sends.
        lost: A property is gone, or counted in another unit: "property" or
            "x-unit". No reader refuses anything for that.
    """

    new_refuses: bool = False
    old_refuses: bool = False
    lost: str = ""

    def breaks(self, kind: str, direction: str) -> bool:
        """Say whether peers of a request or response are refused."""
        if (kind == "request") == (direction == "backward"):
            return self.new_refuses
        return self.old_refuses


SAFE = Verdict()
NEW_REFUSES = Verdict(new_refuses=True)
OLD_REFUSES = Verdict(old_refuses=True)
BOTH_REFUSE = Verdict(True, True)
GONE = Verdict(lost="property")
GONE_AND_MISSED = Verdict(old_refuses=True, lost="property")
UNIT = Verdict(lost="x-unit")
REPLACED = Verdict(True, True, "property")


@dataclass(frozen=True)
class Edit:
    """One change of a set of schemas.

    Attributes:
        name: What is done.
        change: Does it, in place.
        verdict: Who breaks.
        schema: The request or response that is judged.
    """

    name: str
    change: Callable[[Schemas], Any]
    verdict: Verdict
    schema: str


def small_contracts(kind: str) -> Schemas:
    """Return one small contract with a part that it refers to."""
    return {
        f"v1/small/{kind}": {
            "$schema": DIALECT,
            "$id": f"{BASE}v1/small/{kind}.schema.json",
            "type": "object",
            "required": ["name", "kind", "count"],
            "properties": {
                "name": {"type": "string", "maxLength": 50},
                "kind": {"enum": ["a", "b", "c"]},
                "count": {"type": "integer", "minimum": 0, "maximum": 9},
                "code": {
                    "type": "string",
                    "pattern": "^[a-z]{3}$",
                    "maxLength": 3,
                },
                "note": {"type": ["string", "null"]},
                "seconds": {"type": "number", "x-unit": "seconds"},
                "fixed": {"const": 1},
                "words": {"type": "array", "items": {"type": "string"}},
                "tags": {
                    "type": "object",
                    "additionalProperties": {"type": "string"},
                },
                "part": {"$ref": "../common/part.schema.json"},
                "sealed": {
                    "type": "object",
                    "properties": {"inner": {"type": "string"}},
                    "additionalProperties": False,
                },
            },
            "if": {
                "required": ["kind"],
                "properties": {"kind": {"const": "c"}},
            },
            "then": {"required": ["note"]},
        },
        "v1/common/part": {
            "$schema": DIALECT,
            "$id": f"{BASE}v1/common/part.schema.json",
            "type": "object",
            "properties": {"size": {"type": "integer"}},
        },
        "v1/common/other": {
            "$schema": DIALECT,
            "$id": f"{BASE}v1/common/other.schema.json",
            "type": "array",
        },
    }


def _at(schemas: Schemas, name: str, *steps: str | int) -> Any:
    found: Any = schemas[name]
    for step in steps:
        found = found[step]
    return found


def _whole(schemas: Schemas) -> Schema:
    return next(s for n, s in schemas.items() if n.startswith("v1/small/"))


def _property(name: str, **rules: Any) -> Callable[[Schemas], Any]:
    return lambda s: _whole(s)["properties"].setdefault(name, {}).update(rules)


def _replace(name: str, rules: Any) -> Callable[[Schemas], Any]:
    return lambda s: _whole(s)["properties"].update({name: rules})


def _drop(name: str, keyword: str) -> Callable[[Schemas], Any]:
    return lambda s: _whole(s)["properties"][name].pop(keyword)


def _rule(**rules: Any) -> Callable[[Schemas], Any]:
    return lambda s: _whole(s).update(rules)


def _remove(name: str) -> Callable[[Schemas], Any]:
    def change(schemas: Schemas) -> None:
        whole = _whole(schemas)
        del whole["properties"][name]
        whole["required"] = [r for r in whole["required"] if r != name]

    return change


def _rename(old: str, new: str) -> Callable[[Schemas], Any]:
    def change(schemas: Schemas) -> None:
        whole = _whole(schemas)
        whole["properties"][new] = whole["properties"].pop(old)
        whole["required"] = [new if r == old else r for r in whole["required"]]

    return change


def _required_and_new(schemas: Schemas) -> None:
    _whole(schemas)["properties"]["more"] = {"type": "string"}
    _whole(schemas)["required"].append("more")


def _reversed(schemas: Schemas) -> None:
    whole = _whole(schemas)
    whole["properties"] = dict(reversed(whole["properties"].items()))
    whole["required"].reverse()


def _split(schemas: Schemas) -> None:
    properties = _whole(schemas)["properties"]
    schemas["v1/common/word"] = {
        "$schema": DIALECT,
        "$id": f"{BASE}v1/common/word.schema.json",
        **properties["code"],
    }
    properties["code"] = {"$ref": "../common/word.schema.json"}


def _without_error(schemas: Schemas) -> None:
    relations = schemas[STATE]["allOf"]
    schemas[STATE]["allOf"] = [
        relation
        for relation in relations
        if relation["then"].get("required") != ["error"]
    ]


def _real(name: str, *steps: str | int, **rules: Any) -> Callable[..., Any]:
    return lambda s: _at(s, name, *steps).update(rules)


SMALL: list[tuple[str, Callable[[Schemas], Any], Verdict]] = [
    ("add an optional property", _property("more", type="string"), SAFE),
    ("add a required property", _required_and_new, NEW_REFUSES),
    ("remove an optional property", _remove("code"), GONE),
    ("remove a required property", _remove("name"), GONE_AND_MISSED),
    (
        "require",
        _rule(required=["name", "kind", "count", "code"]),
        NEW_REFUSES,
    ),
    ("require no longer", _rule(required=["name", "kind"]), OLD_REFUSES),
    ("rename an optional property", _rename("code", "label"), GONE),
    ("rename a required property", _rename("name", "label"), REPLACED),
    ("widen an enum", _property("kind", enum=list("abcd")), OLD_REFUSES),
    ("narrow an enum", _property("kind", enum=["a", "c"]), NEW_REFUSES),
    ("reorder an enum", _property("kind", enum=list("cab")), SAFE),
    (
        "replace an enum value",
        _property("kind", enum=list("abx")),
        BOTH_REFUSE,
    ),
    ("open an enum", _replace("kind", {"type": "string"}), OLD_REFUSES),
    (
        "tighten a pattern",
        _property("code", pattern="^[a-f]{3}$"),
        NEW_REFUSES,
    ),
    (
        "loosen a pattern",
        _property("code", pattern="^[a-z0-9]{3}$"),
        OLD_REFUSES,
    ),
    ("drop a pattern", _drop("code", "pattern"), OLD_REFUSES),
    ("add a pattern", _property("name", pattern="^[A-Z]"), NEW_REFUSES),
    (
        "replace a pattern",
        _property("code", pattern="^[0-9]{3}$"),
        BOTH_REFUSE,
    ),
    ("change a type", _replace("name", {"type": "integer"}), BOTH_REFUSE),
    (
        "change an optional type",
        _replace("seconds", {"type": "string"}),
        BOTH_REFUSE,
    ),
    (
        "take null as well",
        _property("name", type=["string", "null"]),
        OLD_REFUSES,
    ),
    ("take null no more", _property("note", type="string"), NEW_REFUSES),
    ("integer to number", _property("count", type="number"), OLD_REFUSES),
    ("number to integer", _property("seconds", type="integer"), NEW_REFUSES),
    ("drop a type", _drop("name", "type"), OLD_REFUSES),
    ("close an object", _rule(additionalProperties=False), SAFE),
    ("open an object", _drop("sealed", "additionalProperties"), SAFE),
    (
        "close a map",
        _property("tags", additionalProperties=False),
        NEW_REFUSES,
    ),
    (
        "open a map's values",
        _property("tags", additionalProperties={}),
        OLD_REFUSES,
    ),
    (
        "add to a closed object",
        lambda s: _whole(s)["properties"]["sealed"]["properties"].update(
            more={}
        ),
        OLD_REFUSES,
    ),
    ("raise a minimum", _property("count", minimum=1), NEW_REFUSES),
    ("lower a minimum", _property("count", minimum=-1), OLD_REFUSES),
    ("lower a maximum", _property("count", maximum=5), NEW_REFUSES),
    ("raise a maximum", _property("count", maximum=99), OLD_REFUSES),
    ("drop a maximum", _drop("count", "maximum"), OLD_REFUSES),
    ("change a const", _property("fixed", const=2), BOTH_REFUSE),
    ("const to enum", _replace("fixed", {"enum": [1, 2]}), OLD_REFUSES),
    ("true is not 1", _property("fixed", const=True), BOTH_REFUSE),
    (
        "add a relation",
        _rule(
            allOf=[
                {"if": {"required": ["code"]}, "then": {"required": ["words"]}}
            ]
        ),
        NEW_REFUSES,
    ),
    (
        "relation of two values",
        _rule(
            allOf=[
                {
                    "if": {"properties": {"kind": {"const": "b"}}},
                    "then": {"properties": {"count": {"maximum": 3}}},
                }
            ]
        ),
        NEW_REFUSES,
    ),
    ("drop a relation", lambda s: _whole(s).pop("then"), OLD_REFUSES),
    (
        "tighten a premise",
        lambda s: _whole(s)["if"]["properties"].update(
            kind={"enum": ["b", "c"]}
        ),
        NEW_REFUSES,
    ),
    (
        "change items",
        _property("words", items={"type": "integer"}),
        BOTH_REFUSE,
    ),
    (
        "tighten items",
        _property("words", items={"type": "string", "minLength": 1}),
        NEW_REFUSES,
    ),
    ("drop items", _drop("words", "items"), OLD_REFUSES),
    ("bound a list from above", _property("words", maxItems=2), NEW_REFUSES),
    ("bound a list from below", _property("words", minItems=1), NEW_REFUSES),
    ("add a least length", _property("name", minLength=1), NEW_REFUSES),
    ("lower a greatest length", _property("name", maxLength=10), NEW_REFUSES),
    ("raise a greatest length", _property("name", maxLength=60), OLD_REFUSES),
    (
        "refer to something else",
        _replace("part", {"$ref": "../common/other.schema.json"}),
        REPLACED,
    ),
    (
        "edit what is referred to",
        lambda s: s["v1/common/part"].update(required=["size"]),
        NEW_REFUSES,
    ),
    ("array to object", _replace("words", {"type": "object"}), BOTH_REFUSE),
    ("edit a description", _property("name", description="Its name."), SAFE),
    ("add a unit", _property("count", **{"x-unit": "things"}), SAFE),
    ("change a unit", _property("seconds", **{"x-unit": "minutes"}), UNIT),
    ("reorder keys", _reversed, SAFE),
    ("add a definition", _rule(**{"$defs": {"more": {"type": "null"}}}), SAFE),
    ("move a part to a file", _split, SAFE),
    ("say a rule twice", _rule(allOf=[{"required": ["name"]}]), SAFE),
    (
        "write a pattern otherwise",
        _property("code", pattern="^[a-z][a-z]{2}$"),
        SAFE,
    ),
]

REAL: list[tuple[str, Callable[[Schemas], Any], Verdict, str]] = [
    (
        "state: region without null",
        _real(STATE, "properties", "region", type="string"),
        NEW_REFUSES,
        START,
    ),
    (
        "state: error required",
        lambda s: _at(s, STATE, "required").append("error"),
        NEW_REFUSES,
        START,
    ),
    (
        "state: a new optional key",
        _real(STATE, "properties", added={"type": "string"}),
        SAFE,
        START,
    ),
    (
        "state: a status more",
        lambda s: _at(s, STATE, "properties", "status", "enum").append(
            "waiting"
        ),
        OLD_REFUSES,
        STARTED,
    ),
    (
        "state: a status less",
        lambda s: _at(s, STATE, "properties", "status", "enum").remove(
            "timeout"
        ),
        NEW_REFUSES,
        STARTED,
    ),
    (
        "state: paused needs a reason",
        lambda s: _at(s, STATE, "allOf").append(
            {
                "if": {
                    "required": ["status"],
                    "properties": {"status": {"const": "paused"}},
                },
                "then": {"required": ["status_reason"]},
            }
        ),
        NEW_REFUSES,
        START,
    ),
    ("state: failed needs no error", _without_error, OLD_REFUSES, STARTED),
    (
        "state: plan_name renamed",
        lambda s: _at(s, STATE, "properties").update(
            plan=_at(s, STATE, "properties").pop("plan_name")
        ),
        GONE,
        STARTED,
    ),
    (
        "state: seconds to milliseconds",
        _real(
            STATE,
            "properties",
            "start_time",
            **{"x-unit": "epoch milliseconds"},
        ),
        UNIT,
        STARTED,
    ),
    (
        "job id: hexadecimal only",
        _real(JOB_ID, pattern="^drsjob-[0-9a-f]{17}$"),
        NEW_REFUSES,
        STARTED,
    ),
    (
        "server id: hexadecimal only",
        _real(SERVER_ID, pattern="^s-[0-9a-f]{17}$"),
        NEW_REFUSES,
        MATCHES,
    ),
    (
        "server: launchStatus a closed list",
        _real(
            SERVER, "properties", "launchStatus", enum=["PENDING", "LAUNCHED"]
        ),
        NEW_REFUSES,
        STARTED,
    ),
    (
        "server: hostname required",
        lambda s: _at(s, SERVER, "required").append("hostname"),
        NEW_REFUSES,
        START,
    ),
    ("wave: named", _real(WAVE, required=["waveName"]), NEW_REFUSES, START),
    (
        "wave: group an object",
        _real(WAVE, "properties", "protectionGroupId", type="object"),
        BOTH_REFUSE,
        START,
    ),
    (
        "result: waveName removed",
        lambda s: (
            _at(s, RESULT, "properties").pop("waveName"),
            _at(s, RESULT, "required").remove("waveName"),
        ),
        GONE_AND_MISSED,
        STARTED,
    ),
    (
        "server: hostname removed",
        lambda s: _at(s, SERVER, "properties").pop("hostname"),
        GONE,
        STARTED,
    ),
    (
        "account: id of 14 digits",
        _real(ACCOUNT, "properties", "accountId", maxLength=14),
        OLD_REFUSES,
        QUERY,
    ),
    (
        "query: region optional",
        lambda s: _at(s, QUERY, "required").remove("region"),
        OLD_REFUSES,
        QUERY,
    ),
    (
        "query: tags of any kind",
        _real(QUERY, "properties", "tags", additionalProperties={}),
        OLD_REFUSES,
        QUERY,
    ),
    (
        "query: another version",
        _real(QUERY, "properties", "contract_version", const="2"),
        BOTH_REFUSE,
        QUERY,
    ),
    (
        "matches: a list beside",
        _real(MATCHES, "properties", servers={"type": "array"}),
        SAFE,
        MATCHES,
    ),
    (
        "start: wave counted from one",
        _real(START, "properties", "wave_number", minimum=1),
        NEW_REFUSES,
        START,
    ),
]


def edits(kind: str) -> list[Edit]:
    """Return every edit, the small ones for a request or a response."""
    small = [
        Edit(name, change, verdict, f"v1/small/{kind}")
        for name, change, verdict in SMALL
    ]
    real = [Edit(*line) for line in REAL if line[3].endswith(f"/{kind}")]
    return small + real
