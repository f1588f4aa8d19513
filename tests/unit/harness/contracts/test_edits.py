"""Single edits make documents of another one."""

import json
from pathlib import Path
from typing import Any

import pytest

from harness.contracts import edits

WAVE = {"waveName": "Database", "serverIds": ["a", "b"], "a/b~c": 1}


@pytest.mark.parametrize(
    "operation, expected",
    [
        (
            {"op": "replace", "path": "/waveName", "value": None},
            WAVE | {"waveName": None},
        ),
        ({"op": "add", "path": "/more", "value": 1}, WAVE | {"more": 1}),
        (
            {"op": "add", "path": "/serverIds/-", "value": "c"},
            WAVE | {"serverIds": ["a", "b", "c"]},
        ),
        (
            {"op": "add", "path": "/serverIds/0", "value": "c"},
            WAVE | {"serverIds": ["c", "a", "b"]},
        ),
        (
            {"op": "remove", "path": "/serverIds/0"},
            WAVE | {"serverIds": ["b"]},
        ),
        (
            {"op": "replace", "path": "/a~1b~0c", "value": 2},
            WAVE | {"a/b~c": 2},
        ),
        ({"op": "replace", "path": "", "value": [1]}, [1]),
        (
            {"op": "replace", "path": "/a~1b~0c", "value": True},
            WAVE | {"a/b~c": True},
        ),
    ],
)
def test_patch_changes_what_its_path_names(
    operation: dict[str, Any], expected: Any
) -> None:
    assert edits.apply(WAVE, [operation]) == expected


def test_base_stays_as_it_was_when_a_patch_is_applied() -> None:
    before = json.dumps(WAVE)

    edits.apply(WAVE, [{"op": "add", "path": "/serverIds/-", "value": "c"}])

    assert json.dumps(WAVE) == before


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "remove", "path": "/missing"},
        {"op": "replace", "path": "/missing", "value": 1},
        {"op": "replace", "path": "/serverIds/2", "value": "c"},
        {"op": "replace", "path": "/serverIds/x", "value": "c"},
        {"op": "replace", "path": "/waveName/deeper", "value": "c"},
        {"op": "replace", "path": "/waveName", "value": "Database"},
        {"op": "move", "path": "/waveName", "from": "/serverIds"},
        {"op": "add", "path": "/waveName"},
        {"path": "/waveName"},
    ],
)
def test_patch_is_refused_when_it_does_not_fit_or_changes_nothing(
    operation: dict[str, Any],
) -> None:
    with pytest.raises(edits.PatchError, match="cannot be applied"):
        edits.apply(WAVE, [operation])


def test_edits_are_read_with_a_base_in_a_file_or_in_place(
    tmp_path: Path,
) -> None:
    for folder in ("valid", "invalid"):
        (tmp_path / folder).mkdir()
    (tmp_path / "valid" / "wave.json").write_text(json.dumps(WAVE))
    patch = [{"op": "replace", "path": "/waveName", "value": 1}]
    edit = {"name": "number", "patch": patch}
    broken = {"pointer": "/waveName", "rule": "type"}
    path = tmp_path / "invalid" / "wave-edits.json"
    path.write_text(
        json.dumps(
            [
                {"base": "wave.json", "edits": [edit | {"violation": broken}]},
                {"base": {"waveName": "x"}, "edits": [edit]},
            ]
        )
    )

    found = edits.read(path)

    assert found == [
        edits.Edit("number", WAVE | {"waveName": 1}, [broken]),
        edits.Edit("number", {"waveName": 1}, []),
    ]
