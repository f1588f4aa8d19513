"""The commands that write generated files: `contracts docs`, `types`."""

import typer

from harness.contracts import generated, load
from harness.contracts.generated import GeneratedFile


def add_to(app: typer.Typer) -> None:
    """Add the commands to `drs-orch contracts`."""
    app.command()(docs)
    app.command()(types)


def docs() -> None:
    """Write docs/contracts.md, what the contracts say for people.

    \b
    Example:
      drs-orch contracts docs
    """
    _renew(generated.DOCUMENTATION)


def types() -> None:
    """Write lambda/shared/contract_types.py, the types of the Lambdas.

    \b
    Example:
      drs-orch contracts types
    """
    _renew(generated.TYPES)


def _renew(file: GeneratedFile) -> None:
    file.renew(load(generated.ROOT / "contracts"))
    typer.echo(f"Wrote {file.path}")
