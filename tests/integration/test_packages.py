"""The zips of the real Lambdas: the same each time, and whole."""

import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from harness.packages import sources
from harness.packages.building import Package, build
from harness.packages.command import ROOT
from harness.packages.installed import link_installed

NAMES = [source.name for source in sources.find(ROOT)]
LARGEST = 8_000_000
IMPORT_ALONE = """
import sys
sys.path[:0] = sys.argv[1:]
import index
from shared import contracts
try:
    index.lambda_handler({"action": "sing"}, None)
except contracts.UnknownActionError:
    pass
assert contracts.find_violations("orchestration/begin", "request", {})
import jsonschema_rs
print(jsonschema_rs.__file__)
"""


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runtime") / "packages"
    return link_installed(folder, ["boto3"])


@pytest.mark.parametrize("name", NAMES)
def test_a_zip_imports_alone_in_a_fresh_interpreter(
    packages: Mapping[str, Package], runtime: Path, tmp_path: Path, name: str
) -> None:
    task, empty = tmp_path / "task", tmp_path / "empty"
    empty.mkdir()
    zipfile.ZipFile(packages[name].path).extractall(task)
    command = [sys.executable, "-I", "-S", "-c", IMPORT_ALONE]

    done = subprocess.run(
        [*command, str(task), str(runtime)],
        cwd=empty,
        # Nor of this one's environment.
        env={},
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert Path(done.stdout).is_relative_to(task)


def test_two_builds_are_equal_when_their_folders_differ(
    packages: Mapping[str, Package], tmp_path: Path
) -> None:
    copy = tmp_path / "elsewhere" / "project"
    for folder in ("lambda", "contracts"):
        shutil.copytree(
            ROOT / folder, copy / folder, copy_function=shutil.copy
        )
    shutil.copy(ROOT / "requirements-dev.txt", copy)

    (again,) = build(
        sources.find(copy, ["query-handler"]), None, tmp_path / "zips"
    )

    assert again.sha256 == packages["query-handler"].sha256


def test_each_zip_is_small_and_holds_nothing_of_development(
    packages: Mapping[str, Package],
) -> None:
    for package in packages.values():
        names = zipfile.ZipFile(package.path).namelist()

        assert package.size < LARGEST
        assert not [
            name
            for name in names
            if "__pycache__" in name
            or "examples" in name
            or name.endswith(("mutants-known.json", ".md"))
            or name.startswith(("contracts/released", "boto", "jsonschema/"))
        ]
