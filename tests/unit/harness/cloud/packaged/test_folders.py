"""A zip is unpacked whole, or not at all."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.cloud.packaged.folders import BrokenPackageError, unpack

FILES = {"first.py": "first = 1\n" * 99, "second.py": "second = 2\n" * 99}


def write_package(path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in FILES.items():
            archive.writestr(name, text)
    return path


def flip_in(path: Path, name: str) -> None:
    """Change one byte of a file's compressed content."""
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo(name).header_offset + 30 + len(name)
    content = bytearray(path.read_bytes())
    content[start] ^= 0xFF
    path.write_bytes(content)


def flip_second(path: Path) -> None:
    flip_in(path, "second.py")


def flip_checked(path: Path) -> None:
    """Change one byte that only the checksum tells of."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("first.py", "first = 1\n")
    flip_in(path, "first.py")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [flip_second, flip_checked, cut, empty])
def test_a_damaged_zip_is_refused_by_name_each_time(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    package = write_package(tmp_path / "worker.zip")
    damage(package)

    for _ in range(2):
        with pytest.raises(BrokenPackageError) as caught:
            unpack(package, tmp_path / "task")
        assert str(package) in str(caught.value)
        assert "again" in str(caught.value)

    assert sorted(tmp_path.iterdir()) == [package]


def test_the_folder_has_all_files_when_the_zip_was_mended(
    tmp_path: Path,
) -> None:
    package = write_package(tmp_path / "worker.zip")
    flip_second(package)
    with pytest.raises(BrokenPackageError):
        unpack(package, tmp_path / "task")
    write_package(package)

    task = unpack(package, tmp_path / "task")

    found = {path.name: path.read_text() for path in task.iterdir()}
    assert found == FILES


def test_a_folder_is_used_again(tmp_path: Path) -> None:
    package = write_package(tmp_path / "worker.zip")
    task = unpack(package, tmp_path / "task")
    (task / "mark").touch()

    assert (unpack(package, tmp_path / "task") / "mark").is_file()
