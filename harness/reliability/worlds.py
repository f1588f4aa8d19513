"""Worlds for runs: one local cloud, made anew for each of them."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from harness import drs
from harness.cloud import code_copies, project
from harness.cloud.local_cloud import LocalCloud, LocalCloudSettings
from harness.cloud.project import Orchestration
from harness.reliability.scenes import Scene

LAMBDA_ROOT = project.ROOT / "lambda"
# A run takes some tenths of a second: one that takes this long hangs.
_LIMIT = 30.0


class NoLambdasError(ValueError):
    """A folder holds no Lambdas."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(
            f"{folder}: no folders with index.py, or no shared; name a folder "
            "like lambda/"
        )


@dataclass(frozen=True)
class World:
    """A local cloud that runs one orchestration.

    Attributes:
        seed: What every run begins with.
    """

    cloud: LocalCloud
    orchestration: Orchestration
    seed: int = 0

    def begin(self, scene: Scene, *others: Scene) -> None:
        """Forget the last run; make the servers and groups of scenes.

        Args:
            scene: Its profile counts.
            others: Of the same account and Region.
        """
        self.cloud.reset(self.seed, profile=scene.profile)
        region = drs.region(scene.account, scene.region)
        region.initialize()
        for each in (scene, *others):
            for seed in each.seeds().values():
                region.add_source_server(seed)
            for group in each.groups().values():
                self.cloud.put_protection_group(group)


@contextmanager
def entered(
    orchestration: Orchestration, seed: int = 0, root: Path = LAMBDA_ROOT
) -> Iterator[World]:
    """Enter a world.

    Args:
        root: Folder with one folder per Lambda, and `shared`.
    """
    deployment = replace(project.deployment(orchestration), lambda_root=root)
    settings = LocalCloudSettings(
        orchestration=orchestration, seed=seed, limit=_LIMIT
    )
    with LocalCloud(settings, deployment) as cloud:
        yield World(cloud, orchestration, seed)


@contextmanager
def copied(root: Path) -> Iterator[Path]:
    """Make a copy of the code for a while.

    Every run imports the code anew: a file that somebody saves meanwhile
    must not make two runs differ.

    Args:
        root: Folder with one folder per Lambda, and `shared`. Contracts
            are those beside it, or else this project's.

    Raises:
        NoLambdasError: There are no Lambdas.
    """
    check(root)
    with tempfile.TemporaryDirectory(prefix="drs-orch-") as folder:
        copy = code_copies.copy(root, Path(folder))
        code_copies.compile_all(copy)
        yield copy


def check(root: Path) -> None:
    """Refuse a folder without Lambdas.

    Raises:
        NoLambdasError: There are none.
    """
    folders = {path.parent.name for path in root.glob("*/index.py")}
    needed = {
        each.folder for each in project.deployment("reference").functions
    }
    if not needed <= folders or not (root / "shared").is_dir():
        raise NoLambdasError(root)
