"""Which tests run a function, so that others need not be run for it."""

import ast
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import CodeType, FrameType

import pytest

from tests.mutation.mutations import Mutation

Reach = Mapping[str, list[str]]


class Tracer:
    """A plugin that notes which functions each test calls."""

    def __init__(self, root: Path) -> None:
        """Prepare to note calls.

        Args:
            root: The folder `lambda`.
        """
        self._prefix = f"{root.resolve()}/"
        self._called: dict[str, set[str]] = defaultdict(set)
        self._names: dict[CodeType, str] = {}
        self._test = ""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._test = item.nodeid
        sys.setprofile(self._note)
        try:
            return (yield)
        finally:
            sys.setprofile(None)

    def reach(self) -> Reach:
        """Give the tests of each function, by `module:qualified name`."""
        return {name: sorted(tests) for name, tests in self._called.items()}

    def _note(self, frame: FrameType, event: str, _: object) -> None:
        if event != "call":
            return
        code = frame.f_code
        if code not in self._names:
            self._names[code] = self._name(code)
        if name := self._names[code]:
            self._called[name].add(self._test)

    def _name(self, code: CodeType) -> str:
        if not code.co_filename.startswith(self._prefix):
            return ""
        module = code.co_filename.removeprefix(self._prefix)
        return f"{module}:{code.co_qualname}"


def save(reach: Reach, path: Path) -> None:
    """Write what was noted."""
    path.write_text(json.dumps(reach), encoding="utf-8")


def load(path: Path) -> Reach:
    """Read what was noted."""
    reach: Reach = json.loads(path.read_text(encoding="utf-8"))
    return reach


def tests_of(mutation: Mutation, source: str, reach: Reach) -> list[str]:
    """Name the tests that run the function which a change is in.

    A function that others run only once, such as one whose answer is kept,
    may matter to more tests: whoever survives meets all of them later.

    Args:
        source: The module's text.

    Returns:
        Their names; empty where the change is in no function's body.
    """
    function = _function(ast.parse(source), mutation.line)
    if not function:
        return []
    return reach.get(f"{mutation.module}:{function}", [])


def _function(tree: ast.AST, line: int) -> str:
    """Name the innermost function whose body holds a line."""
    found = ""
    for name, node in _functions(tree, ""):
        last = node.end_lineno or node.lineno
        if node.body[0].lineno <= line <= last:
            found = name
    return found


def _functions(
    tree: ast.AST, prefix: str
) -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in ast.iter_child_nodes(tree):
        inner = prefix
        if isinstance(node, ast.FunctionDef):
            yield f"{prefix}{node.name}", node
            inner = f"{prefix}{node.name}.<locals>."
        elif isinstance(node, ast.ClassDef):
            inner = f"{prefix}{node.name}."
        yield from _functions(node, inner)
