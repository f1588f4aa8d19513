"""What a Lambda imports, directly and through its own modules."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from harness.packages.errors import UnknownImportError
from harness.packages.sources import LambdaSource

# Part of Lambda's Python runtime, which AWS keeps up to date. To bundle
# them would double a package's size and freeze the service models.
PROVIDED = frozenset({"boto3", "botocore"})
BUNDLED = {"jsonschema_rs": "jsonschema-rs"}
# Imported only where CONTRACT_ENGINE asks for it.
NOT_FOLLOWED = frozenset({"shared.contract_engine_fallback"})


def distributions(source: LambdaSource) -> frozenset[str]:
    """Name the distributions that a Lambda's zip must bring along.

    Raises:
        UnknownImportError: It imports something that nothing provides.
    """
    return frozenset(_walk(source, source.index, set()))


def _walk(source: LambdaSource, path: Path, seen: set[Path]) -> Iterator[str]:
    seen.add(path)
    for module in _modules(path):
        own = _own_file(source, module)
        if own is None:
            yield from _foreign(module, path.relative_to(source.root))
        elif own not in seen and module not in NOT_FOLLOWED:
            yield from _walk(source, own, seen)


def _foreign(module: str, importer: Path) -> Iterator[str]:
    top = module.partition(".")[0]
    if top in BUNDLED:
        yield BUNDLED[top]
    elif top not in PROVIDED and top not in sys.stdlib_module_names:
        raise UnknownImportError(module, importer.as_posix())


def _own_file(source: LambdaSource, module: str) -> Path | None:
    """Find the project's file of a module; a name in one is that one's."""
    while module:
        for path in _places(source, module):
            if path.is_file():
                return path
        module = module.rpartition(".")[0]
    return None


def _places(source: LambdaSource, module: str) -> Iterator[Path]:
    for root in source.import_roots:
        place = root.joinpath(*module.split("."))
        yield place.with_suffix(".py")
        yield place / "__init__.py"


def _modules(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    for node in _running(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _running(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what runs: not what only a type checker sees."""
    yield node
    for child in ast.iter_child_nodes(node):
        is_for_types = (
            isinstance(child, ast.If)
            and isinstance(child.test, ast.Name)
            and child.test.id == "TYPE_CHECKING"
        )
        if not is_for_types:
            yield from _running(child)
