"""The command `drs-orch`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import typer

Carrier = Literal["refactored", "reference"]

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


class Orchestration(StrEnum):
    """Which Lambda carries the plan through its waves."""

    REFACTORED = "refactored"
    REFERENCE = "reference"
    BOTH = "both"


ORCHESTRATIONS: dict[Orchestration, tuple[Carrier, ...]] = {
    Orchestration.REFACTORED: ("refactored",),
    Orchestration.REFERENCE: ("reference",),
    Orchestration.BOTH: ("refactored", "reference"),
}


class Approve(StrEnum):
    """Who decides at a pause."""

    AUTO = "auto"
    ASK = "ask"


class Profile(StrEnum):
    """How long DRS takes."""

    LINUX = "linux"
    WINDOWS = "windows"
    INSTANT = "instant"


def main() -> None:
    """Run the command; the console script of the package."""
    app()


@app.callback()
def drs_orch() -> None:
    """Recover plans wave by wave on a local AWS, in virtual time.

    \b
    Example:
      drs-orch drill examples/three-tier.yaml --orchestration both
    """


@app.command()
def drill(
    plan_file: Annotated[
        Path,
        typer.Argument(
            metavar="PLAN.yaml",
            help="What to recover; docs/plan-files.md tells every key.",
        ),
    ],
    orchestration: Annotated[
        Orchestration,
        typer.Option(
            help="Who carries the plan; both: one after the other in equal "
            "worlds, then compared."
        ),
    ] = Orchestration.REFACTORED,
    recovery: Annotated[
        bool,
        typer.Option("--recovery", help="Recover for real, not as a drill."),
    ] = False,
    fail: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SERVER[:PHASE]",
            help="Let a server (hostname or id) fail at snapshot, "
            "conversion or launch (the default). May be repeated.",
        ),
    ] = None,
    cancel_at: Annotated[
        int | None,
        typer.Option(
            metavar="WAVE",
            help="Cancel when this wave runs, or at the pause before it; "
            "waves are numbered from 0.",
        ),
    ] = None,
    approve: Annotated[
        Approve,
        typer.Option(help="Who decides at a pause: auto always approves."),
    ] = Approve.AUTO,
    seed: Annotated[
        int, typer.Option(help="Every id and every duration follows from it.")
    ] = 0,
    profile: Annotated[
        Profile, typer.Option(help="How long DRS takes, in virtual time.")
    ] = Profile.LINUX,
    speed: Annotated[
        float | None,
        typer.Option(
            min=1,
            help="Virtual seconds in a real second, to watch a drill. "
            "Without it virtual time takes no time.",
        ),
    ] = None,
    as_json: Annotated[
        bool,
        typer.Option(
            "--json",
            help="Write one JSON document to standard output, and progress "
            "to standard error.",
        ),
    ] = False,
) -> None:
    """Recover a plan on the local cloud, show it live and sum it up.

    The state machine, the Lambdas and the templates are the real ones; AWS
    is simulated. Nothing needs an account or a network.

    \b
    Examples:
      drs-orch drill examples/three-tier.yaml
      drs-orch drill examples/three-tier.yaml --orchestration both
      drs-orch drill examples/three-tier.yaml --fail app-02:conversion
      drs-orch drill examples/three-tier.yaml --cancel-at 1
      drs-orch drill examples/three-tier.yaml --approve ask --speed 60
      drs-orch drill examples/cross-account.yaml --json | jq .outcome

    \b
    Exit codes:
      0  every wave was recovered, or the plan was cancelled as asked
      1  the recovery failed or timed out, or the two orchestrations differ
      2  wrong usage, or a plan file that cannot be used
    """
    # Loaded only now, because moto takes a second that --help need not.
    from harness.drill import command

    options = command.Options(
        plan_file=plan_file,
        orchestrations=ORCHESTRATIONS[orchestration],
        is_drill=not recovery,
        failures=tuple(fail or ()),
        cancel_at=cancel_at,
        asks=approve is Approve.ASK,
        seed=seed,
        profile=profile.value,
        speed=speed,
        as_json=as_json,
    )
    raise typer.Exit(command.run(options))
