"""What can go wrong with one expression, or one statement."""

import ast
import copy
from collections.abc import Callable, Iterator
from typing import Any

Replacement = tuple[str, str]
_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.BitXor: ast.BitOr,
}


def replacements(node: ast.AST) -> Iterator[Replacement]:
    """List what may stand in a node's place.

    Returns:
        Names of operators, each with the text that replaces the node's.
    """
    for kind, operator in _OPERATORS:
        if isinstance(node, kind):
            yield from operator(node)


def condition(node: ast.expr) -> Iterator[Replacement]:
    """Force a condition, of whatever kind."""
    if not isinstance(node, ast.Constant):
        yield "condition always true", "True"
        yield "condition never true", "False"


def iteration(node: ast.expr) -> Iterator[Replacement]:
    """Let a loop have nothing to go through."""
    yield "loop over nothing", "()"


def exception(node: ast.expr) -> Iterator[Replacement]:
    """Widen what is caught, and narrow it."""
    if ast.unparse(node) != "Exception":
        yield "except widened", "Exception"
    yield "except catches nothing", "()"
    for index in range(len(node.elts) if isinstance(node, ast.Tuple) else 0):
        yield "except narrowed", _without(node, "elts", index)


def _compare(node: ast.Compare) -> Iterator[Replacement]:
    for index, operator in enumerate(node.ops):
        changed = copy.deepcopy(node)
        changed.ops[index] = _COMPARISONS[type(operator)]()
        yield "comparison", _text(changed)


def _boolean(node: ast.BoolOp) -> Iterator[Replacement]:
    changed = copy.deepcopy(node)
    changed.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    yield "boolean", _text(changed)
    for index in range(len(node.values)):
        yield "operand dropped", _without(node, "values", index)


def _not(node: ast.UnaryOp) -> Iterator[Replacement]:
    if isinstance(node.op, ast.Not):
        yield "not removed", _text(node.operand)
    elif isinstance(node.op, ast.USub):
        yield "arithmetic", _text(node.operand)


def _arithmetic(node: ast.BinOp) -> Iterator[Replacement]:
    if type(node.op) in _ARITHMETIC:
        changed = copy.deepcopy(node)
        changed.op = _ARITHMETIC[type(node.op)]()
        yield "arithmetic", _text(changed)


def _constant(node: ast.Constant) -> Iterator[Replacement]:
    value: Any = node.value
    if isinstance(value, bool):
        yield "constant", repr(not value)
    elif isinstance(value, (int, float)):
        yield "constant", repr(value + 1)
    elif isinstance(value, str):
        yield "constant", repr(f"XX{value}")
    elif value is None:
        yield "constant", "''"


def _call(node: ast.Call) -> Iterator[Replacement]:
    for index, keyword in enumerate(node.keywords):
        if keyword.arg is not None:
            yield "keyword removed", _without(node, "keywords", index)


def _dict(node: ast.Dict) -> Iterator[Replacement]:
    for index in range(len(node.keys)):
        changed = copy.deepcopy(node)
        del changed.keys[index], changed.values[index]
        yield "entry removed", _text(changed)


def _elements(node: ast.List | ast.Tuple | ast.Set) -> Iterator[Replacement]:
    if isinstance(node.ctx if hasattr(node, "ctx") else None, ast.Store):
        return
    for index, element in enumerate(node.elts):
        if isinstance(element, ast.Starred):
            yield "element removed", _without(node, "elts", index)


def _expression_statement(node: ast.Expr) -> Iterator[Replacement]:
    if isinstance(node.value, ast.Call):
        yield "call removed", "pass"


def _assignment(node: ast.Assign) -> Iterator[Replacement]:
    if isinstance(node.targets[0], (ast.Subscript, ast.Attribute)):
        yield "assignment removed", "pass"


def _augmented(node: ast.AugAssign) -> Iterator[Replacement]:
    yield "assignment removed", "pass"
    target = ast.unparse(node.target)
    yield "adds nothing", f"{target} = {ast.unparse(node.value)}"
    if type(node.op) in _ARITHMETIC:
        changed = copy.deepcopy(node)
        changed.op = _ARITHMETIC[type(node.op)]()
        yield "arithmetic", ast.unparse(changed)


def _raise(node: ast.Raise) -> Iterator[Replacement]:
    yield "raise removed", "pass"


def _return(node: ast.Return) -> Iterator[Replacement]:
    if node.value is not None and ast.unparse(node.value) != "None":
        yield "return swapped", "return None"


def _if_expression(node: ast.IfExp) -> Iterator[Replacement]:
    yield "choice dropped", _text(node.body)
    yield "choice dropped", _text(node.orelse)


_OPERATORS: tuple[tuple[Any, Callable[[Any], Iterator[Replacement]]], ...] = (
    (ast.Compare, _compare),
    (ast.BoolOp, _boolean),
    (ast.UnaryOp, _not),
    (ast.BinOp, _arithmetic),
    (ast.Constant, _constant),
    (ast.Call, _call),
    (ast.Dict, _dict),
    ((ast.List, ast.Tuple, ast.Set), _elements),
    (ast.Expr, _expression_statement),
    (ast.Assign, _assignment),
    (ast.AugAssign, _augmented),
    (ast.Raise, _raise),
    (ast.Return, _return),
    (ast.IfExp, _if_expression),
)


def _without(node: ast.expr, field: str, index: int) -> str:
    changed = copy.deepcopy(node)
    left = getattr(changed, field)
    del left[index]
    if field == "values" and len(left) == 1:
        return _text(left[0])
    return _text(changed)


def _text(node: ast.expr) -> str:
    # In parentheses, so that it means the same wherever it stands.
    return f"({ast.unparse(node)})"
