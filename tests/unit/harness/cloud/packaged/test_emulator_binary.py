"""AWS's emulator is the one that was tried, or it is not run."""

import hashlib
import platform
from pathlib import Path

import pytest

from harness.cloud.packaged import emulator_binary
from harness.cloud.packaged.emulator_binary import NoEmulatorError

CONTENT = b"a binary"


@pytest.fixture(autouse=True)
def pinned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this machine be one whose binary is known."""
    digest = hashlib.sha256(CONTENT).hexdigest()
    known = {"riscv64": ("riscv64", digest)}
    monkeypatch.setattr(emulator_binary, "_BINARIES", known)
    monkeypatch.setattr(platform, "system", lambda: "Linux")
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")


@pytest.fixture
def binary(tmp_path: Path) -> Path:
    """Keep a binary, as an earlier run left it."""
    path = tmp_path / "aws-lambda-rie-riscv64"
    path.write_bytes(CONTENT)
    return path


def test_a_binary_that_is_there_is_used_when_it_is_the_one_that_was_tried(
    binary: Path,
) -> None:
    assert emulator_binary.obtain(binary.parent) == binary


def test_a_binary_is_refused_when_a_byte_of_it_is_another(
    binary: Path,
) -> None:
    binary.write_bytes(CONTENT[:-1])

    with pytest.raises(NoEmulatorError, match="remove it") as caught:
        emulator_binary.obtain(binary.parent)

    assert str(binary) in str(caught.value)


def test_it_says_where_to_put_the_binary_when_pip_reaches_no_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))

    with pytest.raises(NoEmulatorError) as caught:
        emulator_binary.obtain(tmp_path / "kept")

    assert "samcli/local/rapid/aws-lambda-rie-riscv64" in str(caught.value)
    assert str(tmp_path / "kept" / "aws-lambda-rie-riscv64") in str(
        caught.value
    )
    assert "--lambda packaged" in str(caught.value)


@pytest.mark.parametrize(
    ("system", "machine"), [("Darwin", "riscv64"), ("Linux", "s390x")]
)
def test_it_says_so_when_there_is_none_for_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str, machine: str
) -> None:
    monkeypatch.setattr(platform, "system", lambda: system)
    monkeypatch.setattr(platform, "machine", lambda: machine)

    with pytest.raises(
        NoEmulatorError, match=f"this is {system} on {machine}"
    ):
        emulator_binary.obtain(tmp_path)
