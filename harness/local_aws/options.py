"""The arguments of `drs-orch up`, each declared once with its help.

Light on purpose: it is loaded for --help, which needs no local cloud.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from harness.console.options import AnswerAsJson, Profile, ProfileName, Seed

DEFAULT_PORT = 5577


class Orchestration(StrEnum):
    """Which Lambda the state machine calls."""

    REFACTORED = "refactored"
    REFERENCE = "reference"


@dataclass(frozen=True)
class UpOptions:
    """What a person asks for on the command line."""

    detached: Annotated[
        bool,
        typer.Option("-d", "--detach", help="Return once the server is up."),
    ] = False
    port: Annotated[
        int,
        typer.Option(
            min=0, max=65_535, help="Port of 127.0.0.1; 0 for any free one."
        ),
    ] = DEFAULT_PORT
    plan: Annotated[
        Path | None,
        typer.Option(
            metavar="PLAN.yaml",
            help="Put this plan's servers and groups into it.",
        ),
    ] = None
    speed: Annotated[
        float,
        typer.Option(
            min=0,
            max=86_400,
            help="Virtual seconds that pass in a real one; 0 lets time pass "
            "by 'drs-orch advance' only.",
        ),
    ] = 1.0
    start: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%dT%H:%M:%SZ"],
            metavar="YYYY-MM-DDTHH:MM:SSZ",
            help="First moment of virtual time; the present if not given.",
        ),
    ] = None
    orchestration: Annotated[
        Orchestration, typer.Option(help="Whom the state machine calls.")
    ] = Orchestration.REFACTORED
    profile: Profile = ProfileName.LINUX
    seed: Seed = 0
    check_roles: Annotated[
        bool,
        typer.Option(
            "--check-roles",
            help="Let AssumeRole ask for the role, its trust policy and "
            "external id; a plan brings the roles of its accounts.",
        ),
    ] = False
    enforce_iam: Annotated[
        bool,
        typer.Option(
            "--enforce-iam",
            help="Let each AWS call of a function or of the state machine "
            "need a permission in its role's policies; checks roles, too.",
        ),
    ] = False
    until_stdin_ends: Annotated[
        bool,
        typer.Option(
            "--until-stdin-ends",
            help="Stop once the standard input is closed, as it is when the "
            "process that holds its other end is gone, however it ended.",
        ),
    ] = False
    as_json: AnswerAsJson = False

    def arguments(self) -> list[str]:
        """Write the options for a process that stays in the foreground."""
        given = {
            "--port": self.port,
            "--speed": self.speed,
            "--orchestration": self.orchestration.value,
            "--profile": self.profile.value,
            "--seed": self.seed,
        }
        if self.plan is not None:
            given["--plan"] = str(self.plan)
        if self.start is not None:
            given["--start"] = f"{self.start:%Y-%m-%dT%H:%M:%SZ}"
        flags = {
            "--check-roles": self.check_roles,
            "--enforce-iam": self.enforce_iam,
            "--until-stdin-ends": self.until_stdin_ends,
        }
        return [f"{name}={value}" for name, value in given.items()] + [
            name for name, is_set in flags.items() if is_set
        ]
