"""What import-linter cannot see: the ``index.py`` of each Lambda."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

LAMBDAS = Path(__file__).parents[2] / "lambda"
ORCHESTRATION = "dr-orchestration-stepfunction"
REFERENCE = "orchestration-stepfunctions"
FOLDERS = {
    ORCHESTRATION: None,
    REFERENCE: None,
    "execution-handler": "execution_handler",
    "query-handler": "query_handler",
}
DRS_MODULES = {
    "shared.account_access",
    "shared.source_servers",
    "mypy_boto3_drs",
    "mypy_boto3_ec2",
}
DRS_NAMES = {
    "drs",
    "ec2",
    "sts",
    "start_recovery",
    "describe_jobs",
    "describe_job_log_items",
    "describe_source_servers",
    "describe_recovery_instances",
    "get_launch_configuration",
    "update_launch_configuration",
    "describe_instances",
    "create_launch_template_version",
}


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    """Yield the full name of each module or member that is imported."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module and node.level == 0, "no relative imports"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def source_of(name: str, folder: str) -> Path | None:
    """Find our own module of that name, as a cold start would."""
    relative = Path(*name.split("."))
    for root in (LAMBDAS / folder, LAMBDAS):
        for path in (
            root / relative.with_suffix(".py"),
            root / relative / "__init__.py",
        ):
            if path.is_file():
                return path
    return None


def closure(folder: str) -> dict[str, ast.Module]:
    """Parse everything that importing a Lambda's index would execute."""
    found = {"index": parse(LAMBDAS / folder / "index.py")}
    waiting = list(imported(found["index"]))
    while waiting:
        name = waiting.pop()
        path = source_of(name, folder)
        if path is None or name in found:
            continue
        found[name] = parse(path)
        waiting += imported(found[name])
    return found


def drs_traces(folder: str) -> set[str]:
    """Name what in a Lambda's closure imports or calls DRS or EC2."""
    traces = set()
    for name, tree in closure(folder).items():
        traces |= DRS_MODULES & {name, *imported(tree)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in DRS_NAMES:
                traces.add(node.attr)
            if isinstance(node, ast.Constant) and node.value in DRS_NAMES:
                traces.add(node.value)
    return traces


def test_orchestration_knows_nothing_of_drs() -> None:
    assert drs_traces(ORCHESTRATION) == set()


@pytest.mark.parametrize(
    "folder", ["execution-handler", "query-handler", REFERENCE]
)
def test_search_for_drs_finds_it_where_it_is(folder: str) -> None:
    traces = drs_traces(folder)

    assert "drs" in traces
    assert "describe_jobs" in traces
    assert "mypy_boto3_drs" in traces


@pytest.mark.parametrize("folder", FOLDERS)
def test_lambda_reaches_only_its_own_package(folder: str) -> None:
    packages = set(filter(None, FOLDERS.values())) - {FOLDERS[folder]}

    names = {
        name.split(".")[0]
        for tree in closure(folder).values()
        for name in imported(tree)
    }

    assert names.isdisjoint(packages)
    assert "index" not in names


@pytest.mark.parametrize("folder", FOLDERS)
def test_lambda_imports_only_what_its_zip_holds(folder: str) -> None:
    import sys

    engines = {"jsonschema_rs", "jsonschema", "referencing"}
    installed = {"boto3", "botocore"} | engines
    own = {"shared", FOLDERS[folder]}

    names = {
        name.split(".")[0]
        for tree in closure(folder).values()
        for name in imported(tree)
    }

    typing_only = {name for name in names if name.startswith("mypy_boto3_")}
    allowed = installed | own | typing_only | sys.stdlib_module_names
    assert names <= allowed


def test_reference_is_self_contained() -> None:
    tree = parse(LAMBDAS / REFERENCE / "index.py")

    shared = {name for name in imported(tree) if name.startswith("shared.")}

    rooms = {".".join(name.split(".")[:2]) for name in shared}
    assert rooms == {
        "shared.contracts",
        "shared.account_access",
        "shared.account_context",
    }


def test_only_the_loader_touches_the_import_system() -> None:
    root = LAMBDAS.parent
    rooms = ("lambda", "harness", "tests")
    loader = root / "harness" / "cloud" / "lambda_loader.py"

    touching = [
        path
        for room in rooms
        for path in (root / room).rglob("*.py")
        if path != loader and touches_import_system(parse(path))
    ]

    assert touching == []
    assert touches_import_system(parse(loader))


def touches_import_system(tree: ast.Module) -> bool:
    changes_path = any(
        isinstance(node, ast.Attribute)
        and node.attr == "path"
        and isinstance(node.value, ast.Name)
        and node.value.id == "sys"
        for node in ast.walk(tree)
    )
    imports_by_name = any(
        name.split(".")[0] == "importlib"
        and not name.startswith(("importlib.resources", "importlib.metadata"))
        for name in imported(tree)
        if name != "importlib"
    )
    return changes_path or imports_by_name
