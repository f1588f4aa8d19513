"""Every example file of the contracts is a test."""

import json
from pathlib import Path

import pytest

from harness.contracts import Contracts, examples, load
from shared import contracts as runtime

FOLDER = Path(__file__).parents[2] / "contracts"
CONTRACTS = load(FOLDER)
FILES = examples.find(FOLDER)
STATE = "v1/common/execution-state"


def _label(path: Path) -> str:
    return path.relative_to(FOLDER).as_posix()


@pytest.mark.parametrize("path", FILES, ids=_label)
def test_both_engines_judge_an_example_as_its_file_says(path: Path) -> None:
    example = examples.read(path, FOLDER, CONTRACTS)

    assert examples.complaints(example, CONTRACTS) == []


@pytest.mark.parametrize(
    "path",
    [p for p in FILES if p.stem.startswith(("request", "response"))],
    ids=_label,
)
def test_lambdas_judge_an_example_as_its_file_says(path: Path) -> None:
    example = examples.read(path, FOLDER, CONTRACTS)
    action = path.parents[2].relative_to(FOLDER / "v1").as_posix()
    direction: runtime.Direction = (
        "request" if path.stem.startswith("request") else "response"
    )

    found = runtime.find_violations(action, direction, example.document)

    assert {(v.pointer, v.rule) for v in found} == example.findings


@pytest.mark.parametrize("name", CONTRACTS.schemas)
@pytest.mark.parametrize("verdict", ["valid", "invalid"])
def test_every_schema_has_example_files(name: str, verdict: str) -> None:
    described = {
        examples.schema_of(path, FOLDER, CONTRACTS)
        for path in FILES
        if path.parent.name == verdict
    }

    assert name in described


@pytest.mark.parametrize("name", CONTRACTS.schemas)
def test_examples_within_a_schema_are_valid(name: str) -> None:
    found = [
        complaint
        for document in CONTRACTS.schemas[name]["examples"]
        for complaint in examples.complaints(
            examples.Example(name, document, frozenset()), CONTRACTS
        )
    ]

    assert found == []


def test_example_is_refused_when_it_is_valid_but_said_to_be_invalid() -> None:
    document = CONTRACTS.schemas[STATE]["examples"][0]
    wrong = examples.Example(STATE, document, frozenset({("", "required")}))

    assert len(examples.complaints(wrong, CONTRACTS)) == 2


def test_example_is_refused_when_it_is_invalid_for_another_reason() -> None:
    document = CONTRACTS.schemas[STATE]["examples"][0] | {"status": "RUNNING"}
    wrong = examples.Example(STATE, document, frozenset({("", "required")}))

    assert len(examples.complaints(wrong, CONTRACTS)) == 2


def test_example_is_refused_when_it_is_invalid_but_said_to_be_valid() -> None:
    wrong = examples.Example(STATE, {}, frozenset())

    assert len(examples.complaints(wrong, CONTRACTS)) == 2


def test_example_is_refused_when_its_name_says_no_schema(
    tmp_path: Path,
) -> None:
    path = tmp_path / "v1" / "common" / "examples" / "valid" / "stray.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({}))

    with pytest.raises(examples.UnknownSchemaError, match="stray"):
        examples.read(path, tmp_path, Contracts(CONTRACTS.schemas))
