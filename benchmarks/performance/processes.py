"""Run modules of `inside` in processes that see what a function sees."""

import compileall
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from py_compile import PycInvalidationMode
from tempfile import TemporaryDirectory
from typing import Any

from harness.cloud import environment
from harness.cloud.packaged import folders
from harness.packages import sources
from harness.packages.building import build
from harness.packages.command import ROOT

_INSIDE = "benchmarks.performance.inside"
# What a client needs that never sends anything.
_VARIABLES = {
    "AWS_DEFAULT_REGION": "us-east-1",
    "PROTECTION_GROUPS_TABLE": "protection-groups",
    "EXECUTION_HISTORY_TABLE": "execution-history",
    "EXECUTION_HANDLER_ARN": "execution-handler",
    "QUERY_HANDLER_ARN": "query-handler",
}


@dataclass(frozen=True)
class Functions:
    """The functions' packages, unpacked.

    Attributes:
        tasks: Folder with a folder for each function, as unpacked.
        runtime: Folder of what Lambda's runtime brings.
        packages: Folder of the zips; None runs the sources where a cloud
            runs functions.
    """

    tasks: Path
    runtime: Path
    packages: Path | None = None

    def ask(
        self,
        folder: str,
        job: Mapping[str, Any],
        variables: Mapping[str, str] | None = None,
        options: Iterable[str] = (),
    ) -> tuple[Any, str]:
        """Ask a fresh process of a function.

        Args:
            folder: Of the function's code.
            job: What `inside` reads.
            variables: The function's environment.
            options: Of Python's command line.

        Returns:
            Its answer, and what it wrote to its standard error.

        Raises:
            CalledProcessError: It failed; it has said why.
        """
        done = subprocess.run(
            [sys.executable, "-S", "-P", *options, "-m", _INSIDE],
            cwd=self.tasks / folder,
            env=self._environment(folder, variables or {}),
            input=json.dumps(job),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            sys.stderr.write(done.stderr)
            done.check_returncode()
        return json.loads(done.stdout), done.stderr

    def _environment(
        self, folder: str, variables: Mapping[str, str]
    ) -> dict[str, str]:
        ours = environment.sandbox()
        places = [self.tasks / folder, self.runtime, ROOT]
        return {
            **{name: value for name, value in ours.items() if value},
            **_VARIABLES,
            **variables,
            "PATH": os.defpath,
            "PYTHONPATH": os.pathsep.join(map(str, places)),
            # Lambda's own folder of the code cannot be written to.
            "PYTHONDONTWRITEBYTECODE": "1",
        }


@contextmanager
def compiled(functions: Functions) -> Iterator[Functions]:
    """Give the same functions with their modules compiled beforehand."""
    with TemporaryDirectory() as name:
        tasks = Path(name) / "tasks"
        shutil.copytree(functions.tasks, tasks)
        mode = PycInvalidationMode.UNCHECKED_HASH
        compileall.compile_dir(tasks, quiet=1, invalidation_mode=mode)
        yield replace(functions, tasks=tasks)


@contextmanager
def unpacked() -> Iterator[Functions]:
    """Build the functions' packages for this machine, and unpack them.

    Raises:
        PackagingError: One cannot be built.
        NoRuntimeClientError: AWS's runtime client is not installed.
    """
    with TemporaryDirectory() as name:
        place = Path(name)
        tasks = place / "tasks"
        tasks.mkdir()
        for package in build(sources.find(ROOT), None, place / "packages"):
            folders.unpack(package.path, tasks / package.name)
        runtime = folders.make_runtime(place / "runtime")
        yield Functions(tasks, runtime, place / "packages")
