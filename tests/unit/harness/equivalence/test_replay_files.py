"""A file that cannot be carried out again is told with its place."""

import json
from pathlib import Path
from typing import Any

import pytest

from harness.equivalence.replay_command import ReplayFileError, read

ROOT = Path(__file__).parents[4]
STEPS = [{"do": "go on", "value": 30}]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[" * 200_000, "nested beyond reason"),
        ("9" * 5_000, "no JSON: "),
        ("{", "no JSON: "),
        (json.dumps({"setup": {}, "steps": []}), "/steps: none to carry out"),
        (
            json.dumps({"setup": {}, "steps": STEPS, "mismatch": "x"}),
            "/mismatch: not an object",
        ),
        (
            json.dumps(
                {
                    "setup": {},
                    "steps": STEPS,
                    "mismatch": {"differences": [{"left": 1}]},
                }
            ),
            "/mismatch/differences: not a list of objects with a path",
        ),
    ],
)
def test_file_is_refused_when_it_cannot_be_carried_out(
    tmp_path: Path, text: str, message: str
) -> None:
    path = tmp_path / "file.json"
    path.write_text(text)

    with pytest.raises(ReplayFileError) as told:
        read(path)

    assert message in str(told.value)
    assert str(path) in str(told.value)


def without_jobs(document: Any) -> Any:
    """Copy a history without the job ids in its waves' results."""
    if isinstance(document, dict):
        return {
            key: without_jobs(value)
            for key, value in document.items()
            if key != "jobId"
        }
    if isinstance(document, list):
        return [without_jobs(each) for each in document]
    if isinstance(document, str) and document.startswith("{"):
        return json.dumps(without_jobs(json.loads(document)))
    return document


def test_history_is_refused_when_its_states_are_none_of_ours(
    tmp_path: Path,
) -> None:
    example = ROOT / "examples" / "recorded-execution.json"
    path = tmp_path / "history.json"
    path.write_text(json.dumps(without_jobs(json.loads(example.read_text()))))

    with pytest.raises(ReplayFileError, match="/events: .*'jobId'"):
        read(path)
