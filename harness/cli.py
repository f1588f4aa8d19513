"""The command `drs-orch`."""

from typing import Any

import typer
from typer.core import TyperGroup

from harness.cloud import environment
from harness.console import endings
from harness.console.parameters import taking
from harness.contracts import command as contracts_command
from harness.drill.options import Options
from harness.equivalence.options import EquivalenceOptions, ReplayOptions
from harness.local_aws import command_line
from harness.reliability.options import ReliabilityOptions


class _Commands(TyperGroup):
    """Says what is wrong with an argument as its own command would."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that the arguments name."""
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            # typer passes on what pydantic puts before each message.
            error.message = error.message.removeprefix("Value error, ")
            raise


app = typer.Typer(
    cls=_Commands,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def main() -> None:
    """Run the command; the console script of the package."""
    app()


@app.callback()
def drs_orch(context: typer.Context) -> None:
    """Recover plans wave by wave on a local AWS, in virtual time.

    \b
    Examples:
      drs-orch drill examples/three-tier.yaml --orchestration both
      drs-orch up -d --plan examples/three-tier.yaml
    """
    # First of all: boto3 reads variables as soon as moto is imported.
    sandbox = environment.applied(environment.sandbox())
    context.with_resource(sandbox)


@app.command()
@taking(Options)
def drill(**given: Any) -> None:
    """Recover a plan on the local cloud, show it live and sum it up.

    The state machine, the Lambdas and the templates are the real ones; AWS
    is simulated. Nothing needs an account or a network.

    \b
    Examples:
      drs-orch drill examples/three-tier.yaml
      drs-orch drill examples/three-tier.yaml --orchestration both
      drs-orch drill examples/three-tier.yaml --lambda all
      drs-orch drill examples/three-tier.yaml --fail app-02:conversion
      drs-orch drill examples/three-tier.yaml --cancel-at 1
      drs-orch drill examples/three-tier.yaml --approve ask --speed 60
      drs-orch drill examples/cross-account.yaml --json

    \b
    Exit codes:
      0  every wave was recovered, or the plan was cancelled as asked
      1  the recovery failed or timed out, two compared runs differ, or the
         functions' zips or AWS's emulator cannot be had
      2  wrong usage, or a plan file that cannot be used
      130, 141  interrupted (Ctrl-C), or nobody reads the output any more
    """
    raise typer.Exit(endings.exit_code(lambda: _drill(Options(**given))))


def _drill(options: Options) -> int:
    # Loaded only now: moto takes a second that --help need not take.
    from harness.drill import command

    return command.run(options)


@app.command()
@taking(EquivalenceOptions)
def equivalence(**given: Any) -> None:
    """Search scenarios in which two orchestration Lambdas part.

    Each scenario is carried out in two equal worlds, step by step, with
    people, late events and failing AWS calls; after each step everything
    an outsider sees must be equal. docs/equivalence.md tells more.

    \b
    Examples:
      drs-orch equivalence
      drs-orch equivalence --profile ci --report runs/equivalence
      drs-orch equivalence --control ../original/orchestration --scenarios 50

    \b
    Exit codes:
      0  no mismatch was found
      1  a mismatch was found, and written as a scenario file
      2  wrong usage, such as a folder without index.py
      130, 141  interrupted (Ctrl-C) before a mismatch was found, or nobody
                reads the output any more
    """
    options = EquivalenceOptions(**given)
    raise typer.Exit(endings.exit_code(lambda: _equivalence(options)))


def _equivalence(options: EquivalenceOptions) -> int:
    from harness.equivalence import command

    return command.run(options)


@app.command()
@taking(ReplayOptions)
def replay(**given: Any) -> None:
    """Carry a scenario or a recorded execution out on both sides.

    FILE is a scenario that `drs-orch equivalence` wrote, or the history of
    an execution of the state machine, recorded anywhere.

    \b
    Examples:
      drs-orch replay runs/mismatch-1f0e9c2a.json
      drs-orch replay examples/recorded-execution.json
      aws stepfunctions get-execution-history --execution-arn ARN > run.json
      drs-orch replay run.json --control ../original/orchestration

    \b
    Exit codes:
      0  both sides did the same
      1  they part; what differs is shown
      2  wrong usage, or a file that is neither
    """
    options = ReplayOptions(**given)
    raise typer.Exit(endings.exit_code(lambda: _replay(options)))


def _replay(options: ReplayOptions) -> int:
    from harness.equivalence import replay_command

    return replay_command.run(options)


@app.command()
@taking(ReliabilityOptions)
def reliability(**given: Any) -> None:
    """Try whole recoveries in bad conditions: crashes, rivals, weather.

    Functions die at each of their AWS calls, people and executions get in
    each other's way, AWS fails for minutes, input is hostile. Nothing may
    start twice, be lost or stay open. docs/reliability.md tells more.

    \b
    Examples:
      drs-orch reliability
      drs-orch reliability --profile ci --report runs/reliability
      drs-orch reliability --part crashes --orchestration reference

    \b
    Exit codes:
      0  nothing is wrong
      1  something is; each case is shown with the command that repeats it
      2  wrong usage, such as a case or a folder that does not exist
      130, 141  interrupted (Ctrl-C) before anything was wrong, or nobody
                reads the output any more
    """
    options = ReliabilityOptions(**given)
    raise typer.Exit(endings.exit_code(lambda: _reliability(options)))


def _reliability(options: ReliabilityOptions) -> int:
    from harness.reliability import command

    return command.run(options)


command_line.add_to(app)
app.add_typer(contracts_command.app, name="contracts")
