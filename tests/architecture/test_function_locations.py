"""docs/refactoring-summary.md says truly which function is where."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "refactoring-summary.md").read_text("utf-8")
ROW = re.compile(
    r"^\| `(\w+)`(?:, was `(\w+)`)? \| [\w-]+, `([^`]+)` \| (.+) \|$",
    re.MULTILINE,
)
ROWS = ROW.findall(GUIDE)
ORIGINAL = "lambda/orchestration-stepfunctions/index.py"
# Which of the functions that requirements name must stand where.
HANDLERS = {
    ("start_wave_recovery", "lambda/execution-handler/index.py"),
    (
        "apply_launch_config_before_recovery",
        "lambda/execution-handler/index.py",
    ),
    ("poll_wave_status", "lambda/query-handler/index.py"),
    ("query_drs_servers_by_tags", "lambda/query-handler/index.py"),
}


def functions(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {n.name for n in tree.body if isinstance(n, ast.FunctionDef)}


def actions(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    (found,) = (
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        and "ACTIONS" in ast.unparse(node).split("=")[0]
    )
    assert isinstance(found, ast.Dict)
    return {ast.literal_eval(key) for key in found.keys if key is not None}


@pytest.mark.parametrize(
    ("function", "was", "path", "invoked"),
    ROWS,
    ids=[f"{row[2]}:{row[0]}" for row in ROWS],
)
def test_a_function_is_where_the_table_says(
    function: str, was: str, path: str, invoked: str
) -> None:
    assert function in functions(path)
    assert (was or function) in functions(ORIGINAL)
    if not invoked.startswith("by "):
        assert set(re.findall(r"`(\w+)`", invoked)) <= actions(path)


def test_the_table_names_every_function_that_was_moved() -> None:
    assert {(row[0], row[2]) for row in ROWS} >= HANDLERS


def test_the_table_names_every_action_of_the_new_functions() -> None:
    named = {
        (row[2], a) for row in ROWS for a in re.findall(r"`(\w+)`", row[3])
    }

    for path in {row[2] for row in ROWS}:
        assert {(path, action) for action in actions(path)} <= named
