"""A local AWS in a process of its own, as a person starts one."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Any

import boto3
import botocore
from botocore.config import Config

from harness.cloud.environment import sandbox
from harness.local_aws.control_client import ControlClient
from harness.local_aws.runtime_directory import VARIABLE

ROOT = Path(__file__).parents[1]
LIMIT = 150
_PROGRAM = "from harness.cli import main; main()"
PLAN = """
planName: Smoke
sourceServers:
  - hostname: web-1
    tags: {tier: web}
  - hostname: web-2
    tags: {tier: web}
    failAt: launch
protectionGroups:
  - groupName: first
    sourceServerIds: [web-1]
  - groupName: second
    sourceServerIds: [web-2]
waves:
  - waveName: First
    protectionGroupId: first
"""


def client(service: str, **where: Any) -> Any:
    """Make a client that asks once, of whoever `where` names."""
    return boto3.client(
        service,
        region_name="us-east-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
        config=Config(retries={"total_max_attempts": 1}, read_timeout=30),
        **where,
    )


def pipe() -> tuple[FileIO, FileIO]:
    """Make a pipe: its end to write to, and its end to read from."""
    read, write = os.pipe()
    return FileIO(write, "w"), FileIO(read)


@dataclass(frozen=True)
class DrsOrch:
    """The command `drs-orch` with a runtime directory of its own."""

    directory: Path

    def run(
        self, *arguments: str, stdin: int = subprocess.DEVNULL
    ) -> "subprocess.CompletedProcess[str]":
        command = (sys.executable, "-c", _PROGRAM, *arguments)
        return self.execute(*command, stdin=stdin)

    def execute(
        self, *command: str, stdin: int = subprocess.DEVNULL
    ) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            command,
            cwd=ROOT,
            env=self._environment(),
            stdin=stdin,
            capture_output=True,
            text=True,
            timeout=LIMIT,
        )

    def json(self, *arguments: str, stdin: int = subprocess.DEVNULL) -> Any:
        done = self.run(*arguments, "--json", stdin=stdin)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    @contextmanager
    def up(self, *arguments: str) -> Iterator["Server"]:
        """Start a server, and stop it whatever happens.

        Even to this process: its end closes the pipe.
        """
        command = ("up", "-d", "--port", "0", "--until-stdin-ends")
        mine, servers = pipe()
        try:
            with mine:
                with servers:
                    up = self.json(
                        *command, *arguments, stdin=servers.fileno()
                    )
                yield Server(self, up["url"])
        finally:
            self.run("down")

    def _environment(self) -> dict[str, str]:
        wanted = {**os.environ, **sandbox(), VARIABLE: str(self.directory)}
        wanted["AWS_DEFAULT_REGION"] = "us-east-1"
        # The AWS CLI brings service models of its own, which are older.
        wanted["AWS_DATA_PATH"] = str(Path(botocore.__file__).parent / "data")
        return {k: v for k, v in wanted.items() if v is not None}


@dataclass(frozen=True)
class Server:
    """A server that is up."""

    command: DrsOrch
    url: str

    @property
    def controls(self) -> ControlClient:
        return ControlClient(self.url)

    def client(self, service: str) -> Any:
        return client(service, endpoint_url=self.url)

    def aws(self, *arguments: str) -> Any:
        """Run the AWS CLI, which must succeed."""
        done = self.aws_cli(*arguments)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def aws_cli(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        program = str(Path(sys.executable).parent / "aws")
        return self.command.execute(
            program, *arguments, "--endpoint-url", self.url
        )
