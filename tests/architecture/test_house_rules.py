"""Size and shape of the code: the limits of the house."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "lambda" / "orchestration-stepfunctions" / "index.py"
# Read by name, never from the top to the bottom.
GENERATED = ROOT / "lambda" / "shared" / "contract_types.py"
MODULES = sorted(
    path
    for room in ("lambda", "harness")
    for path in (ROOT / room).rglob("*.py")
)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
BLOCKS = (ast.If, ast.For, ast.While, ast.Try, ast.With, ast.Match)
MODULE_LINES = 300
INDEX_LINES = 150
FUNCTION_LINES = 40
PARAMETERS = 5
NESTING = 3
VAGUE = {"utils", "helpers", "common", "manager", "misc", "tools"}


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, FUNCTIONS):
            yield node


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def code_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines of a function without its docstring."""
    first = function.body[0]
    is_docstring = (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    )
    length = (function.end_lineno or 0) - function.lineno + 1
    if not is_docstring:
        return length
    return length - ((first.end_lineno or 0) - first.lineno + 1)


def nesting(node: ast.AST) -> int:
    """Count how deep blocks stand in blocks; ``elif`` is not deeper."""
    deepest = 0
    for name, value in ast.iter_fields(node):
        children = value if isinstance(value, list) else [value]
        for child in children:
            if not isinstance(child, ast.AST):
                continue
            is_elif = (
                isinstance(node, ast.If)
                and name == "orelse"
                and isinstance(child, ast.If)
            )
            own = isinstance(child, BLOCKS) and not is_elif
            deepest = max(deepest, int(own) + nesting(child))
    return deepest


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_module_keeps_within_the_limits(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    limit = INDEX_LINES if path.name == "index.py" else MODULE_LINES
    long = [f.name for f in functions(path) if code_lines(f) > FUNCTION_LINES]
    deep = [f.name for f in functions(path) if nesting(f) > NESTING]
    wide = [
        f.name
        for f in functions(path)
        if len([*f.args.posonlyargs, *f.args.args, *f.args.kwonlyargs])
        - ([a.arg for a in f.args.args][:1] in (["self"], ["cls"]))
        > PARAMETERS
    ]

    assert path in (REFERENCE, GENERATED) or lines <= limit
    assert (long, deep, wide) == ([], [], [])
    assert path.stem not in VAGUE


def test_limits_can_be_broken() -> None:
    body = "\n".join(["    if x:", "        for y in x:", "            try:"])
    source = f"def f(x):\n{body}\n                with x:\n" + (
        "                    pass\n            finally:\n" * 1
    )
    tree = ast.parse(source + "                pass\n").body[0]

    assert isinstance(tree, ast.FunctionDef)
    assert nesting(tree) == 4
    assert code_lines(tree) == 8


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_public_code_has_a_docstring(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    definitions = [
        node
        for node in ast.walk(tree)
        if isinstance(node, (*FUNCTIONS, ast.ClassDef))
    ]
    public = [node for node in tree.body if node in definitions]

    silent = [
        node.name
        for node in public
        if isinstance(node, (*FUNCTIONS, ast.ClassDef))
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]

    assert ast.get_docstring(tree)
    assert silent == []
