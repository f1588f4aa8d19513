"""What the commands of `drs-orch contracts` print and answer."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from harness.cli import app

CONTRACTS = Path(__file__).parents[2] / "contracts"
SERVER = "v1/common/server-status.schema.json"
WAVE = "v1/common/wave.schema.json"
ROOMS = (
    "v1/common",
    "v1/query_servers_by_tags",
    "v1/start_wave_recovery",
    "v2/query_servers_by_tags",
)
QUERY: dict[str, Any] = {
    "action": "query_servers_by_tags",
    "region": "eu-west-1",
    "tags": {"Tier": "database"},
}

Edit = Callable[[str, Callable[[dict[str, Any]], object]], None]


def run(*arguments: object, stdin: str = "") -> Result:
    texts = [str(argument) for argument in arguments]
    return CliRunner().invoke(app, ["contracts", *texts], input=stdin)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Contracts to spoil, never released; few, since it is done often."""
    copy = tmp_path / "contracts"
    for room in ROOMS:
        unwanted = shutil.ignore_patterns("examples")
        shutil.copytree(CONTRACTS / room, copy / room, ignore=unwanted)
    return copy


@pytest.fixture
def edit(folder: Path) -> Edit:
    """Change one schema of these contracts."""

    def change(name: str, how: Callable[[dict[str, Any]], object]) -> None:
        path = folder / name
        schema = json.loads(path.read_text())
        how(schema)
        path.write_text(json.dumps(schema))

    return change


@pytest.fixture
def released(folder: Path) -> Path:
    """The same, released as 1.0.0."""
    assert run("release", "1.0.0", "--contracts", folder).exit_code == 0
    return folder


def close_the_list(schema: dict[str, Any]) -> None:
    """Break readers and callers: a status that DRS adds is refused."""
    schema["properties"]["launchStatus"]["maxLength"] = 11


def waive(folder: Path, **changes: str) -> None:
    waiver = {
        "schema": "v1/*",
        "direction": "backward",
        "finding": "x-unit /launchTime",
        "reason": "Nobody reads it.",
        "who": "An operator",
    }
    path = folder / "waivers.json"
    path.write_text(json.dumps([waiver | changes]))


def other_unit(schema: dict[str, Any]) -> None:
    schema["properties"]["launchTime"]["x-unit"] = "epoch milliseconds"


def test_contracts_of_this_project_pass_all_gates() -> None:
    result = run("check", "--json")

    assert result.exit_code == 0, result.stdout
    assert all(gate["passed"] for gate in json.loads(result.stdout)["gates"])


@pytest.mark.parametrize(
    ("gate", "pointer", "spoil"),
    [
        (
            "meta-schema",
            "/properties/hostname/type",
            lambda s: s["properties"]["hostname"].update(type="text"),
        ),
        ("texts", "", lambda s: s.pop("title")),
        (
            "references",
            "/properties/sourceServerId",
            lambda s: s["properties"]["sourceServerId"].update({"$ref": "x"}),
        ),
        (
            "descriptions and units",
            "/properties/hostname",
            lambda s: s["properties"]["hostname"].pop("description"),
        ),
        (
            "keywords",
            "/properties/hostname",
            lambda s: s["properties"]["hostname"].update(format="hostname"),
        ),
        (
            "unused",
            "/$defs/spare",
            lambda s: s.update({"$defs": {"spare": {"type": "null"}}}),
        ),
        ("examples", "/examples/0", lambda s: s["examples"].insert(0, {})),
    ],
)
def test_gate_names_file_and_place_when_a_schema_is_spoiled(
    folder: Path, edit: Edit, gate: str, pointer: str, spoil: Any
) -> None:
    edit(SERVER, spoil)

    result = run("check", folder, "--json")

    gates = {g["name"]: g for g in json.loads(result.stdout)["gates"]}
    places = [(c["file"], c["pointer"]) for c in gates[gate]["complaints"]]
    assert result.exit_code == 1
    assert (SERVER, pointer) in places


def test_gate_names_an_example_file_when_it_is_no_example(
    folder: Path,
) -> None:
    path = folder / "v1" / "common" / "examples" / "valid" / "stray.json"
    path.parent.mkdir(parents=True)
    path.write_text("{}")

    result = run("check", folder)

    assert result.exit_code == 1
    assert "v1/common/examples/valid/stray.json: begin the" in result.stdout
    assert "-> Correct the example" in result.stdout


def test_check_says_so_when_nothing_was_released(folder: Path) -> None:
    result = run("check", folder)

    assert result.exit_code == 0
    assert "Nothing was released yet" in result.stdout


def test_check_passes_when_the_release_is_unchanged(released: Path) -> None:
    result = run("check", released)

    assert result.exit_code == 0
    assert "Compared with 1.0.0." in result.stdout


def test_check_says_who_breaks_when_a_rule_is_tightened(
    released: Path, edit: Edit
) -> None:
    edit(SERVER, close_the_list)

    result = run("check", released)

    assert result.exit_code == 1
    assert "A caller written for 1.0.0 that sends /state/" in result.stdout
    assert "is refused by the new start_wave_recovery." in result.stdout


def test_break_is_accepted_when_a_waiver_says_why(
    released: Path, edit: Edit
) -> None:
    edit(SERVER, other_unit)
    refused = run("check", released)
    waive(released)

    accepted = run("check", released)

    assert (refused.exit_code, accepted.exit_code) == (1, 0)
    assert "1 breaks waived" in accepted.stdout


def test_waived_break_does_not_hide_one_that_takes_more_edits(
    tmp_path: Path,
) -> None:
    old = {"properties": {"a": {"type": "string"}, "b": {}, "c": {}}}
    relation = {"if": {"required": ["b"]}, "then": {"required": ["c"]}}
    new = {**old, "required": ["a"], **relation}
    waived = ("old/request", "backward", "required /a", "Always sent.", "Me")
    keys = ("schema", "direction", "finding", "reason", "who")
    for name, content in (
        ("old.json", old),
        ("new.json", new),
        ("waivers.json", [dict(zip(keys, waived))]),
    ):
        (tmp_path / name).write_text(json.dumps(content))
    files = (tmp_path / "old.json", tmp_path / "new.json")
    options = ("--direction", "request", "--waivers")

    result = run("diff", *files, *options, tmp_path / "waivers.json")

    assert result.exit_code == 1
    assert "waived  old/request backward: required /a" in result.stdout
    assert "breaks  old/request backward: required /c" in result.stdout


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"schema": "v1/nowhere"}, "no schema v1/nowhere"),
        ({"finding": "type /hostname"}, "has no finding 'type /hostname'"),
    ],
)
def test_waiver_is_refused_when_it_excuses_nothing(
    released: Path, edit: Edit, changes: dict[str, str], complaint: str
) -> None:
    waive(released, **changes)

    result = run("check", released)

    assert result.exit_code == 1
    assert complaint in result.stdout


@pytest.mark.parametrize(
    "content",
    ["{", "{}", "[1]", '[{"schema": "v1/*"}]'],
)
def test_waivers_are_refused_when_they_are_not_whole(
    folder: Path, content: str
) -> None:
    (folder / "waivers.json").write_text(content)

    result = run("check", folder)

    assert result.exit_code == 2
    assert "waivers.json" in result.stderr


def test_waiver_without_reason_is_refused(folder: Path) -> None:
    waive(folder, reason=" ")

    result = run("check", folder)

    assert result.exit_code == 2
    assert "/0/reason" in result.stderr


def test_release_is_never_overwritten(released: Path) -> None:
    before = (released / "released" / "1.0.0.json").read_bytes()

    result = run("release", "1.0.0", "--contracts", released)

    assert result.exit_code == 1
    assert "exists" in result.stderr
    assert (released / "released" / "1.0.0.json").read_bytes() == before


@pytest.mark.parametrize(
    ("version", "code"),
    [("1.0.1", 1), ("1.1.0", 1), ("2.0.0", 0), ("0.9.0", 1), ("v2", 2)],
)
def test_break_is_released_only_when_the_version_is_a_new_major_one(
    released: Path, edit: Edit, version: str, code: int
) -> None:
    edit(SERVER, other_unit)

    result = run("release", version, "--contracts", released)

    assert result.exit_code == code
    written = (released / "released" / f"{version}.json").exists()
    assert written is (code == 0)


def test_release_is_refused_when_a_gate_fails(
    folder: Path, edit: Edit
) -> None:
    edit(SERVER, lambda s: s.pop("title"))

    result = run("release", "1.0.0", "--contracts", folder)

    assert result.exit_code == 1
    assert "texts: " in result.stderr


def test_newest_release_counts_when_there_are_several(
    released: Path, edit: Edit
) -> None:
    edit(WAVE, lambda s: s["properties"].update(zone={"description": "A."}))
    for version in ("1.9.0", "1.10.0"):
        assert run("release", version, "--contracts", released).exit_code == 0

    result = run("check", released)

    assert "Compared with 1.10.0." in result.stdout


def test_difference_is_told_between_bundle_and_folder(
    released: Path, edit: Edit
) -> None:
    edit(WAVE, lambda s: s["properties"].pop("dependsOnWaves"))
    bundle = released / "released" / "1.0.0.json"

    result = run("diff", bundle, released, "--json")

    findings = json.loads(result.stdout)["findings"]
    assert result.exit_code == 1
    assert {f["rule"] for f in findings} == {"property"}
    assert all(f["witness"] is not None for f in findings)


@pytest.mark.parametrize(
    ("direction", "mode", "code"),
    [
        ("request", "backward", 1),
        ("request", "forward", 0),
        ("response", "backward", 0),
        ("response", "forward", 1),
        ("both", "full", 1),
    ],
)
def test_single_schemas_are_judged_as_asked(
    tmp_path: Path, direction: str, mode: str, code: int
) -> None:
    part = {"type": "object", "properties": {"b": {"type": "string"}}}
    old = {"properties": {"a": {"$ref": "part.json"}}}
    (tmp_path / "part.json").write_text(json.dumps(part))
    (tmp_path / "old.json").write_text(json.dumps(old))
    (tmp_path / "new.json").write_text(json.dumps(old | {"required": ["a"]}))
    files = (tmp_path / "old.json", tmp_path / "new.json")

    result = run("diff", *files, "--direction", direction, "--mode", mode)

    assert result.exit_code == code
    if code and direction != "both":
        assert "that leaves out /a" in result.stdout


def test_action_is_missed_when_it_is_removed(released: Path) -> None:
    shutil.rmtree(released / "v2")

    result = run("check", released)

    assert result.exit_code == 1
    assert "uses v2/query_servers_by_tags/request breaks" in result.stdout


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("good.json", json.dumps(QUERY), "good.json: ok"),
        (
            "many.jsonl",
            f"{json.dumps(QUERY)}\n\n{json.dumps(QUERY)}\n",
            "many.jsonl:3: ok",
        ),
    ],
)
def test_document_passes_when_it_keeps_its_contract(
    tmp_path: Path, name: str, content: str, told: str
) -> None:
    path = tmp_path / name
    path.write_text(content)

    result = run("validate", "query_servers_by_tags", "request", path)

    assert result.exit_code == 0
    assert told in result.stdout


def test_every_violation_is_told_and_no_secret() -> None:
    account = {"externalId": ["very-secret"], "assumeRoleName": 7}
    document = QUERY | {"tags": {"a": 1}, "account_context": account}

    result = run(
        "validate",
        "query_servers_by_tags",
        "request",
        "-",
        stdin=json.dumps(document),
    )

    assert result.exit_code == 1
    assert "-: 3 violations" in result.stdout
    assert '/tags/a: type, expected "string", found 1' in result.stdout
    assert "very-secret" not in result.stdout


def test_other_files_are_judged_when_one_cannot_be_read(
    tmp_path: Path,
) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps(QUERY))
    bad.write_text('{"region": NaN}')

    result = run("validate", "query_servers_by_tags", "request", bad, good)

    assert result.exit_code == 2
    assert "NaN is no JSON number" in result.stderr
    assert "good.json: ok" in result.stdout


def test_version_is_the_one_that_a_request_says() -> None:
    asked = [QUERY | {"contract_version": v} for v in ("1", "2", "3")]
    lines = "\n".join(map(json.dumps, asked))

    results = [
        run("validate", "query_servers_by_tags", "request", "-", stdin=line)
        for line in lines.splitlines()
    ]

    assert [r.exit_code for r in results] == [0, 0, 1]
    assert 'one of "1", "2", found "3"' in results[2].stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["validate", "nothing", "request", "-"], "known: orchestration/"),
        (["validate", "poll_wave_status", "answer", "-"], "say request or"),
        (
            [
                "validate",
                "poll_wave_status",
                "request",
                "-",
                "--contract-version",
                "7",
            ],
            "known: 1",
        ),
        (["check", "/nowhere"], "no such folder"),
        (["diff", "/nowhere", "/nowhere"], "No such file"),
        (["release", "next"], "three numbers"),
    ],
)
def test_mistake_is_told_in_plain_words(
    arguments: list[str], told: str
) -> None:
    result = run(*arguments)

    assert result.exit_code == 2
    assert told in result.stderr
    assert "Traceback" not in result.stderr
