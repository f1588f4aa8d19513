"""Dependencies as wheels for the target, which pip finds."""

import subprocess
import sys
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

from harness.packages import pins
from harness.packages.errors import NoPipError, NoWheelError
from harness.packages.platforms import PYTHON, Platform


def contents(
    root: Path, distribution: str, platform: Platform
) -> dict[str, bytes]:
    """Download a pinned distribution and what it needs, and unpack them.

    Args:
        root: The project's folder, where versions are pinned.

    Returns:
        What the wheels hold, by name.

    Raises:
        NoWheelError: pip finds none for the platform.
        NoPipError: There is no pip.
        UnpinnedError: No version is pinned.
    """
    wanted = f"{distribution}=={pins.version(root, distribution)}"
    with TemporaryDirectory() as folder:
        _download(root, wanted, platform, folder)
        found: dict[str, bytes] = {}
        for wheel in sorted(Path(folder).glob("*.whl")):
            found |= _unpacked(wheel)
    return found


def _download(
    root: Path, wanted: str, platform: Platform, folder: str
) -> None:
    command = [sys.executable, "-m", "pip", "download", wanted]
    command += ["--dest", folder, "--constraint", str(pins.file(root))]
    command += ["--disable-pip-version-check", "--no-input"]
    command += ["--only-binary=:all:", "--implementation=cp"]
    command += [f"--python-version={PYTHON}"]
    command += [f"--abi={abi}" for abi in platform.abis]
    command += [f"--platform={tag}" for tag in platform.tags]
    done = subprocess.run(command, capture_output=True, text=True)
    if "No module named pip" in done.stderr:
        raise NoPipError(sys.executable)
    if done.returncode:
        raise NoWheelError(wanted, str(platform), done.stdout + done.stderr)


def _unpacked(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {
            info.filename: archive.read(info)
            for info in archive.infolist()
            if not info.is_dir()
        }
