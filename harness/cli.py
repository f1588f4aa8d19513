"""The command `drs-orch`."""

from typing import Any

import typer
from typer.core import TyperGroup

from harness.cloud import environment
from harness.contracts import command as contracts_command
from harness.drill import endings
from harness.drill.options import Options
from harness.drill.parameters import taking
from harness.local_aws import command_line


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
      drs-orch drill examples/three-tier.yaml --fail app-02:conversion
      drs-orch drill examples/three-tier.yaml --cancel-at 1
      drs-orch drill examples/three-tier.yaml --approve ask --speed 60
      drs-orch drill examples/cross-account.yaml --json

    \b
    Exit codes:
      0  every wave was recovered, or the plan was cancelled as asked
      1  the recovery failed or timed out, or the two orchestrations differ
      2  wrong usage, or a plan file that cannot be used
      130, 141  interrupted (Ctrl-C), or nobody reads the output any more
    """
    raise typer.Exit(endings.exit_code(lambda: _drill(Options(**given))))


def _drill(options: Options) -> int:
    # Loaded only now: moto takes a second that --help need not take.
    from harness.drill import command

    return command.run(options)


command_line.add_to(app)
app.add_typer(contracts_command.app, name="contracts")
