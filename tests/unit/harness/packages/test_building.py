"""A zip holds what its Lambda runs with on the target, and nothing else."""

import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.packages import sources
from harness.packages.building import build
from harness.packages.errors import (
    NotInstalledError,
    NoWheelError,
    UnknownImportError,
    UnpinnedError,
)
from harness.packages.platforms import PLATFORMS

ARM = "cp310-abi3-manylinux_2_28_aarch64"
INTEL = "cp313-cp313-manylinux_2_17_x86_64.manylinux2014_x86_64"
NEWER = "cp310-abi3-manylinux_2_39_aarch64"


def build_one(project: Path, name: str, platform: str, output: Path) -> Path:
    (package,) = build(
        sources.find(project, [name]), PLATFORMS[platform], output
    )
    return package.path


def test_a_zip_holds_sources_schemas_and_what_the_imports_reach(
    project: Path, tmp_path: Path, offer_wheel: Callable[[str], None]
) -> None:
    offer_wheel(ARM)

    path = build_one(project, "greeter", "arm64", tmp_path)

    assert zipfile.ZipFile(path).namelist() == [
        "contracts/v1/greet/request.schema.json",
        "greetings/__init__.py",
        "greetings/words.py",
        "index.py",
        "jsonschema_rs-0.60.3.dist-info/METADATA",
        "jsonschema_rs/__init__.py",
        "shared/__init__.py",
        "shared/checks.py",
    ]


def test_a_zip_brings_nothing_when_the_runtime_provides_all_imports(
    project: Path, tmp_path: Path
) -> None:
    path = build_one(project, "quiet", "arm64", tmp_path)

    names = zipfile.ZipFile(path).namelist()
    assert "shared/checks.py" in names
    assert not any(name.startswith("jsonschema_rs") for name in names)


@pytest.mark.parametrize(
    ("platform", "tags"), [("arm64", ARM), ("x86_64", INTEL)]
)
def test_the_wheel_is_the_targets_when_there_are_several(
    project: Path,
    tmp_path: Path,
    offer_wheel: Callable[[str], None],
    platform: str,
    tags: str,
) -> None:
    for each in (ARM, INTEL, NEWER):
        offer_wheel(each)

    path = build_one(project, "greeter", platform, tmp_path)

    found = zipfile.ZipFile(path).read("jsonschema_rs/__init__.py")
    assert found.decode() == f"TAGS = {tags!r}\n"


def test_it_says_what_to_do_when_there_is_no_wheel_for_the_target(
    project: Path, tmp_path: Path, offer_wheel: Callable[[str], None]
) -> None:
    offer_wheel(NEWER)

    with pytest.raises(NoWheelError) as caught:
        build_one(project, "greeter", "arm64", tmp_path / "zips")

    assert "no wheel of jsonschema-rs==0.60.3 for arm64" in str(caught.value)
    assert "pin an older version" in str(caught.value)
    assert not list((tmp_path / "zips").rglob("*"))


def test_a_zip_depends_on_its_contents_only(
    project: Path, tmp_path: Path
) -> None:
    first = build_one(project, "quiet", "arm64", tmp_path / "first")
    index = project / "lambda" / "quiet" / "index.py"
    os.utime(index, (0, 0))
    index.chmod(0o700)
    (index.parent / "__pycache__").mkdir()
    (index.parent / "__pycache__" / "index.pyc").write_bytes(b"compiled")

    second = build_one(project, "quiet", "arm64", tmp_path / "second")

    assert second.read_bytes() == first.read_bytes()
    index.write_text("import json\n", encoding="utf-8")
    third = build_one(project, "quiet", "arm64", tmp_path / "third")
    assert third.read_bytes() != first.read_bytes()


def test_it_names_the_import_when_nothing_provides_it(
    project: Path, tmp_path: Path
) -> None:
    checks = project / "lambda" / "shared" / "checks.py"
    checks.write_text("import left_pad\n", encoding="utf-8")

    with pytest.raises(UnknownImportError) as caught:
        build_one(project, "greeter", "arm64", tmp_path)

    assert caught.value.module == "left_pad"
    assert caught.value.importer == "lambda/shared/checks.py"


def test_an_import_needs_no_provider_when_only_a_type_checker_sees_it(
    project: Path, tmp_path: Path
) -> None:
    index = project / "lambda" / "quiet" / "index.py"
    index.write_text(
        "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    import left_pad\n",
        encoding="utf-8",
    )

    assert build_one(project, "quiet", "arm64", tmp_path).is_file()


def test_it_refuses_what_has_no_pinned_version(
    project: Path, tmp_path: Path
) -> None:
    (project / "requirements-dev.txt").write_text("", encoding="utf-8")

    with pytest.raises(UnpinnedError):
        build_one(project, "greeter", "arm64", tmp_path)


def test_it_refuses_an_installed_version_that_is_not_the_pinned_one(
    project: Path, tmp_path: Path
) -> None:
    pins = project / "requirements-dev.txt"
    pins.write_text("jsonschema-rs==0.1.0\n", encoding="utf-8")
    wanted = sources.find(project, ["greeter"])

    with pytest.raises(NotInstalledError) as caught:
        list(build(wanted, None, tmp_path))

    assert "pip install jsonschema-rs==0.1.0" in str(caught.value)
