"""Declare the commands of the local AWS to typer.

Light on purpose: it is loaded for --help, which needs no local cloud.
"""

from pathlib import Path
from typing import Annotated, Any

import typer

from harness.console.options import AnswerAsJson
from harness.console.parameters import taking
from harness.local_aws.options import UpOptions

Duration = Annotated[
    str, typer.Argument(help="Such as 90s, 10m, 1h30m or 2d.")
]
PlanFile = Annotated[Path, typer.Argument(metavar="PLAN.yaml")]
Stack = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Into the tables of this stack of cfn/master-stack.yaml, not "
        "of the server's own deployment.",
    ),
]
Again = Annotated[
    bool,
    typer.Option(
        "--again",
        help="The plan was seeded before: prepare another execution only.",
    ),
]
Seed = Annotated[
    int | None, typer.Option(help="Ids and durations follow from it.")
]


def add_to(app: typer.Typer) -> None:
    """Add the commands to an application."""
    for command in (_up, _down, _status, _advance, _seed, _reset):
        app.command(command.__name__.removeprefix("_"))(command)


@taking(UpOptions)
def _up(**given: Any) -> None:
    """Run the local AWS as a server on 127.0.0.1.

    boto3 and the AWS CLI reach it with --endpoint-url or AWS_ENDPOINT_URL.
    The project is deployed there; virtual time passes by itself.

    \b
    Examples:
      drs-orch up -d --plan examples/three-tier.yaml
      aws drs describe-source-servers --endpoint-url http://127.0.0.1:5577
      drs-orch advance 10m
      drs-orch down

    \b
    Exit codes:
      0  it is up (-d), or was stopped
      1  one is up already, or the port is taken
      2  wrong usage, or a plan file that cannot be used
    """
    from harness.local_aws import commands

    raise typer.Exit(commands.up(UpOptions(**given)))


def _down(as_json: AnswerAsJson = False) -> None:
    """Stop the local AWS; exit code 1 if it is not up."""
    from harness.local_aws import commands

    raise typer.Exit(commands.down(as_json))


def _status(as_json: AnswerAsJson = False) -> None:
    """Show the local AWS and its DRS jobs; exit code 1 if it is not up."""
    from harness.local_aws import commands

    raise typer.Exit(commands.status(as_json))


def _advance(duration: Duration, as_json: AnswerAsJson = False) -> None:
    """Let virtual time pass at once, in DRS and in state machines."""
    from harness.local_aws import commands

    raise typer.Exit(commands.advance(duration, as_json))


def _seed(
    plan: PlanFile,
    stack: Stack = None,
    again: Again = False,
    as_json: AnswerAsJson = False,
) -> None:
    """Put a plan's servers and groups into the local AWS."""
    from harness.local_aws import commands

    raise typer.Exit(commands.seed(plan, stack, again, as_json))


def _reset(seed: Seed = None, as_json: AnswerAsJson = False) -> None:
    """Forget all data of the local AWS; the project stays deployed."""
    from harness.local_aws import commands

    raise typer.Exit(commands.reset(seed, as_json))
