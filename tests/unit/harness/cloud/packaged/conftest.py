"""Toy functions from zips, each in a process of its own."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from harness.cloud.local_cloud import LocalCloud
from harness.packages import archives

EnterCloud = Callable[..., LocalCloud]


@pytest.fixture
def enter_packaged(enter_cloud: EnterCloud, tmp_path: Path) -> EnterCloud:
    """Enter a cloud with Lambdas given by their source, zipped."""

    def enter(lambdas: dict[str, str]) -> LocalCloud:
        folder = tmp_path / "packages"
        for name, source in lambdas.items():
            content = {"index.py": dedent(source).encode()}
            archives.write(folder / f"{name}.zip", content)
        return enter_cloud(lambdas, packages=folder)

    return enter
