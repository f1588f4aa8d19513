"""What is written from the contracts is up to date, and never edited."""

import copy
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from harness.contracts import Contracts, generated, generating, load
from harness.contracts.generated import GeneratedFile

CONTRACTS = load(generated.ROOT / "contracts")
WAVE = "v1/common/wave"


@pytest.mark.parametrize("file", generated.FILES, ids=lambda file: file.path)
def test_generated_file_is_what_the_contracts_make_of_it(
    file: GeneratedFile,
) -> None:
    assert file.complaints(CONTRACTS) == []


@pytest.mark.parametrize("file", generated.FILES, ids=lambda file: file.path)
def test_generated_file_names_the_command_that_writes_it(
    file: GeneratedFile,
) -> None:
    text = (generated.ROOT / file.path).read_text(encoding="utf-8")

    assert file.command in text


def test_command_is_named_when_a_schema_has_changed() -> None:
    schemas = copy.deepcopy(CONTRACTS.schemas)
    schemas[WAVE]["properties"]["waveNumber"]["type"] = "string"
    schemas[WAVE]["properties"]["waveNumber"].pop("minimum", None)

    complaints = generated.complaints(Contracts(schemas))

    assert complaints == [
        f"{file.path} is not up to date: run {file.command}"
        for file in generated.FILES
    ]


def test_command_is_named_when_a_file_is_missing(tmp_path: Path) -> None:
    complaints = generated.complaints(CONTRACTS, tmp_path)

    assert complaints == [
        f"{file.path} is missing: run {file.command}"
        for file in generated.FILES
    ]


def test_renewed_file_is_up_to_date(tmp_path: Path) -> None:
    for file in generated.FILES:
        (tmp_path / file.path).parent.mkdir(parents=True)
        file.renew(CONTRACTS, tmp_path)

    assert generated.complaints(CONTRACTS, tmp_path) == []


@pytest.fixture(name="commands")
def generating_commands() -> typer.Typer:
    app = typer.Typer()
    generating.add_to(app)
    return app


@pytest.mark.parametrize("command", ["docs", "types"])
def test_check_writes_nothing_when_the_file_is_up_to_date(
    commands: typer.Typer, command: str
) -> None:
    result = CliRunner().invoke(commands, [command, "--check"])

    assert (result.exit_code, result.output) == (0, "")


def test_check_fails_and_names_the_command_when_the_file_is_not_there(
    commands: typer.Typer, monkeypatch: pytest.MonkeyPatch
) -> None:
    unwritten = GeneratedFile("docs/unwritten.md", "make it", lambda _: "")
    monkeypatch.setattr(generated, "DOCUMENTATION", unwritten)

    result = CliRunner().invoke(commands, ["docs", "--check"])

    assert result.exit_code == 1
    assert result.output == "docs/unwritten.md is missing: run make it\n"
