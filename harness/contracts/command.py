"""Declare the commands of `drs-orch contracts` to typer.

Light on purpose: it is loaded for --help of every other command.
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from harness.console.options import AnswerAsJson
from harness.contracts import generating

Folder = Annotated[
    Path | None,
    typer.Argument(
        metavar="[FOLDER]",
        help="Holds the folders of the versions; this project's otherwise.",
        show_default=False,
    ),
]
ContractsFolder = Annotated[
    Path | None,
    typer.Option(
        "--contracts",
        metavar="FOLDER",
        help="Contracts to use instead of this project's.",
    ),
]


class Modes(StrEnum):
    """Who must not break."""

    BACKWARD = "backward"
    FORWARD = "forward"
    FULL = "full"


class Kinds(StrEnum):
    """What a single schema is judged as."""

    REQUEST = "request"
    RESPONSE = "response"
    BOTH = "both"


app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Judge the action contracts, their changes, and documents.",
)


@app.command()
def diff(
    versions: Annotated[tuple[Path, Path], typer.Argument(metavar="OLD NEW")],
    mode: Annotated[
        Modes,
        typer.Option(
            help="backward: old peers must not break; forward: new peers of "
            "an old Lambda must not; full: both."
        ),
    ] = Modes.BACKWARD,
    direction: Annotated[
        Kinds, typer.Option(help="What single schemas are judged as.")
    ] = Kinds.BOTH,
    waivers: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Accepted breaks; NEW/waivers.json otherwise.",
        ),
    ] = None,
    as_json: AnswerAsJson = False,
) -> None:
    """Say what a new version breaks, and for whom.

    OLD and NEW are folders of contracts, bundles of a release, or files of
    one schema each.

    \b
    Examples:
      drs-orch contracts diff contracts/released/1.0.0.json contracts
      drs-orch contracts diff old.json new.json --direction request

    \b
    Exit codes:
      0  nobody breaks
      1  somebody breaks, or nobody can tell
      2  wrong usage, or something that cannot be read
    """
    from harness.contracts import commands

    asked = commands.Diff(versions, mode.value, direction.value, waivers)
    raise typer.Exit(commands.diff(asked, as_json))


@app.command()
def check(folder: Folder = None, as_json: AnswerAsJson = False) -> None:
    """Lead a folder of contracts through all gates.

    Schemas, references, texts, units, keywords, examples, what is unused,
    and whether anybody breaks who relies on the last release.

    \b
    Exit codes:
      0  all gates passed
      1  one did not
      2  wrong usage, or something that cannot be read
    """
    from harness.contracts import commands

    raise typer.Exit(commands.check(folder, as_json))


@app.command()
def validate(
    contract: Annotated[
        tuple[str, str],
        typer.Argument(
            metavar="ACTION request|response",
            help="Such as: poll_wave_status response.",
        ),
    ],
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...",
            help="JSON documents; - is standard input; of a .jsonl file "
            "each line is one.",
        ),
    ],
    contract_version: Annotated[
        str | None,
        typer.Option(
            metavar="VERSION",
            help="Version of the contract; otherwise what a request says, "
            "or the oldest.",
        ),
    ] = None,
    contracts: ContractsFolder = None,
    as_json: AnswerAsJson = False,
) -> None:
    """Judge documents by the contract of an action.

    \b
    Examples:
      drs-orch contracts validate query_servers_by_tags request query.json
      drs-orch contracts validate poll_wave_status response answers.jsonl

    \b
    Exit codes:
      0  all documents keep the contract
      1  one does not
      2  wrong usage, or something that cannot be read
    """
    from harness.contracts import commands

    asked = commands.Validate(contract, files, contract_version, contracts)
    raise typer.Exit(commands.validate(asked, as_json))


@app.command()
def mutants(folder: Folder = None, as_json: AnswerAsJson = False) -> None:
    """Take each rule of the schemas away and see whether an example notices.

    And each tolerance: what is optional, of several types, at a limit.
    Survivors that must be stand in mutants-known.json, with their reasons.

    \b
    Exit codes:
      0  every mutant is killed, or its survival has a reason
      1  one survived, or a reason is not needed any more
      2  wrong usage, or something that cannot be read
    """
    from harness.contracts import commands

    raise typer.Exit(commands.mutants(folder, as_json))


@app.command()
def release(
    version: Annotated[str, typer.Argument(help="Such as 1.2.0.")],
    contracts: ContractsFolder = None,
    as_json: AnswerAsJson = False,
) -> None:
    """Write the contracts as a release, which is never edited.

    Refused where a gate fails, and where somebody breaks without a new
    major version.

    \b
    Exit codes:
      0  released
      1  refused
      2  wrong usage, or something that cannot be read
    """
    from harness.contracts import commands

    raise typer.Exit(commands.release(version, contracts, as_json))


generating.add_to(app)
