"""The commands that write generated files: `contracts docs`, `types`.

Light on purpose: it is loaded for --help of every other command.
"""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from harness.contracts.generated import GeneratedFile

OnlyCheck = Annotated[
    bool,
    typer.Option(
        "--check",
        help="Write nothing; say whether the file is up to date.",
    ),
]


def add_to(app: typer.Typer) -> None:
    """Add the commands to `drs-orch contracts`."""
    app.command()(docs)
    app.command()(types)


def docs(check: OnlyCheck = False) -> None:
    """Write docs/contracts.md: what the contracts say, for people.

    \b
    Exit codes:
      0  written, or up to date
      1  not up to date
    """
    from harness.contracts.generated import DOCUMENTATION

    raise typer.Exit(_run(DOCUMENTATION, check))


def types(check: OnlyCheck = False) -> None:
    """Write lambda/shared/contract_types.py: the types of the Lambdas.

    \b
    Exit codes:
      0  written, or up to date
      1  not up to date
    """
    from harness.contracts.generated import TYPES

    raise typer.Exit(_run(TYPES, check))


def _run(file: "GeneratedFile", check: bool) -> int:
    from harness.contracts import generated, load

    contracts = load(generated.ROOT / "contracts")
    if not check:
        file.renew(contracts)
        typer.echo(f"Wrote {file.path}")
        return 0
    complaints = file.complaints(contracts)
    for complaint in complaints:
        typer.echo(complaint, err=True)
    return int(bool(complaints))
