"""The arguments of `drs-orch drill`, each declared once with its help.

Light on purpose: it is loaded for --help, which needs no local cloud.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from harness.console.options import (
    AsJson,
    Orchestrations,
    Profile,
    ProfileName,
    Seed,
)


class Lambdas(StrEnum):
    """How the functions run."""

    IN_PROCESS = "in-process"
    PACKAGED = "packaged"
    RIE = "rie"
    BOTH = "both"
    ALL = "all"


class Approve(StrEnum):
    """Who decides at a pause."""

    AUTO = "auto"
    ASK = "ask"


@dataclass(frozen=True)
class Options:
    """What a person asks for on the command line."""

    plan_file: Annotated[
        Path,
        typer.Argument(
            metavar="PLAN.yaml",
            help="What to recover; docs/plan-files.md tells every key.",
        ),
    ]
    orchestration: Annotated[
        Orchestrations,
        typer.Option(
            help="Who carries the plan; both: one after the other in equal "
            "worlds, then compared."
        ),
    ] = Orchestrations.REFACTORED
    lambdas: Annotated[
        Lambdas,
        typer.Option(
            "--lambda",
            help="How functions run: their sources in this process; or "
            "their zips, built now, in processes of their own with AWS's "
            "runtime client (packaged), or under AWS's Runtime Interface "
            "Emulator, downloaded once (rie); both: in this process, then "
            "packaged; all: these, then rie; compared with the first.",
        ),
    ] = Lambdas.IN_PROCESS
    recovery: Annotated[
        bool,
        typer.Option("--recovery", help="Recover for real, not as a drill."),
    ] = False
    fail: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SERVER[:PHASE]",
            help="Let a server (hostname or id) fail at snapshot, "
            "conversion or launch (the default). May be repeated.",
        ),
    ] = None
    cancel_at: Annotated[
        int | None,
        typer.Option(
            metavar="WAVE",
            help="Cancel when this wave runs, or at the pause before it; "
            "waves are numbered from 0.",
        ),
    ] = None
    approve: Annotated[
        Approve,
        typer.Option(help="Who decides at a pause; auto always approves."),
    ] = Approve.AUTO
    seed: Seed = 0
    profile: Profile = ProfileName.LINUX
    speed: Annotated[
        float | None,
        typer.Option(
            min=1,
            metavar="SECONDS",
            help="Virtual seconds in a real second, to watch a drill. "
            "Without it virtual time takes no time.",
        ),
    ] = None
    enforce_iam: Annotated[
        bool,
        typer.Option(
            "--enforce-iam",
            help="Let each AWS call of a function or of the state machine "
            "need a permission in its role's policies.",
        ),
    ] = False
    history: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write the state machine's history as the AWS CLI prints "
            "it, secrets masked; drs-orch replay takes it. Of both "
            "orchestrations, the refactored one's.",
        ),
    ] = None
    as_json: AsJson = False
