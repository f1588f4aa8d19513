"""Every example file of the contracts is a test."""

import json
from pathlib import Path

import pytest

from harness.contracts import Contracts, examples, load
from shared import contracts as runtime

FOLDER = Path(__file__).parents[2] / "contracts"
CONTRACTS = load(FOLDER)
EXAMPLES = examples.collect(FOLDER, CONTRACTS)
STATE = "v1/common/execution-state"
BOUNDARY = ("request", "response")


def _label(example: examples.Example) -> str:
    return example.label


@pytest.mark.parametrize("example", EXAMPLES, ids=_label)
def test_both_engines_judge_an_example_as_its_file_says(
    example: examples.Example,
) -> None:
    assert examples.complaints(example, CONTRACTS) == []


@pytest.mark.parametrize(
    "example",
    [e for e in EXAMPLES if e.schema.endswith(BOUNDARY)],
    ids=_label,
)
def test_lambdas_judge_an_example_as_its_file_says(
    example: examples.Example,
) -> None:
    found = _found_by_lambdas(example)

    assert {(v.pointer, v.rule) for v in found} == example.findings


@pytest.mark.parametrize("name", CONTRACTS.schemas)
@pytest.mark.parametrize("is_valid", [True, False])
def test_every_schema_has_examples(name: str, is_valid: bool) -> None:
    verdicts = {not e.findings for e in EXAMPLES if e.schema == name}

    assert is_valid in verdicts


def test_no_two_examples_have_one_name() -> None:
    labels = [example.label for example in EXAMPLES]

    assert len(labels) == len(set(labels))


def test_no_two_examples_of_a_schema_are_the_same_document() -> None:
    documents = [
        (example.schema, json.dumps(example.document, sort_keys=True))
        for example in EXAMPLES
    ]

    assert len(documents) == len(set(documents))


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


def _found_by_lambdas(example: examples.Example) -> list[runtime.Violation]:
    folder, _, rest = example.schema.partition("/")
    version = folder.removeprefix("v")
    action, _, direction = rest.rpartition("/")
    way: runtime.Direction = (
        "request" if direction == "request" else "response"
    )
    return runtime.find_violations(action, way, example.document, version)
