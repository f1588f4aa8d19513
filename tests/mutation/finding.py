"""Find every change that is worth trying in a module."""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator

from tests.mutation import operators
from tests.mutation.mutations import Mutation
from tests.mutation.operators import Replacement

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
# What a type checker alone reads, names for others, and texts for people.
_UNREAD = (ast.Import, ast.ImportFrom, ast.JoinedStr)


def mutations(module: str, source: str) -> list[Mutation]:
    """List the changes of a module, in the order of the file.

    Left out: imports, annotations, docstrings, decorators, f-strings and
    what stands under ``TYPE_CHECKING``.

    Args:
        module: The file, below `lambda/`.
        source: Its text.
    """
    found: list[Mutation] = []
    counts: Counter[tuple[str, ...]] = Counter()
    for place, node, replacement in _visit(ast.parse(source), ""):
        operator, after = replacement
        before, start = _segment(source, node)
        key = (place, operator, before, after)
        counts[key] += 1
        found.append(
            Mutation(
                module,
                place,
                operator,
                before,
                after,
                counts[key],
                start,
                node.lineno,
            )
        )
    return found


Site = tuple[str, ast.expr | ast.stmt, Replacement]


def _visit(node: ast.AST, place: str) -> Iterator[Site]:
    if isinstance(node, _UNREAD) or _is_for_types(node):
        return
    if isinstance(node, (ast.expr, ast.stmt)):
        for replacement in operators.replacements(node):
            yield place, node, replacement
    for part, replacement in _parts(node):
        yield place, part, replacement
    if isinstance(node, _SCOPES):
        place = f"{place}.{node.name}".lstrip(".")
    for child in _children(node):
        yield from _visit(child, place)


def _parts(node: ast.AST) -> Iterator[tuple[ast.expr, Replacement]]:
    """Give what is changed because of where it stands."""
    if isinstance(node, (ast.If, ast.While, ast.IfExp)):
        yield from _each(node.test, operators.condition(node.test))
    if isinstance(node, ast.comprehension):
        for test in node.ifs:
            yield from _each(test, operators.condition(test))
    if isinstance(node, (ast.For, ast.comprehension)):
        yield from _each(node.iter, operators.iteration(node.iter))
    if isinstance(node, ast.ExceptHandler) and node.type is not None:
        yield from _each(node.type, operators.exception(node.type))


def _each(
    node: ast.expr, replacements: Iterable[Replacement]
) -> Iterator[tuple[ast.expr, Replacement]]:
    for replacement in replacements:
        yield node, replacement


def _children(node: ast.AST) -> Iterator[ast.AST]:
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list"):
            continue
        children = value if isinstance(value, list) else [value]
        if name == "comparators" and _is_identity(node):
            continue
        if name == "body" and children and _is_docstring(children[0]):
            children = children[1:]
        yield from (c for c in children if isinstance(c, ast.AST))


def _is_identity(node: ast.AST) -> bool:
    # Python warns of an identity with anything but None.
    return isinstance(node, ast.Compare) and isinstance(
        node.ops[0], (ast.Is, ast.IsNot)
    )


def _is_docstring(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _is_for_types(node: ast.AST) -> bool:
    if isinstance(node, ast.If):
        return ast.unparse(node.test) == "TYPE_CHECKING"
    if isinstance(node, ast.AnnAssign):
        return ast.unparse(node.annotation) == "TypeAlias"
    if isinstance(node, ast.Assign):
        return ast.unparse(node.targets[0]) == "__all__"
    if isinstance(node, ast.Subscript):
        names = ("Literal", "Callable", "dict", "Mapping")
        return ast.unparse(node.value) in names
    return False


def _segment(source: str, node: ast.expr | ast.stmt) -> tuple[str, int]:
    lines = source.encode().splitlines(keepends=True)
    start = _offset(lines, node.lineno, node.col_offset)
    end = _offset(lines, node.end_lineno or 0, node.end_col_offset or 0)
    return b"".join(lines)[start:end].decode(), start


def _offset(lines: list[bytes], line: int, column: int) -> int:
    return sum(map(len, lines[: line - 1])) + column
