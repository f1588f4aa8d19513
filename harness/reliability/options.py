"""The arguments of `drs-orch reliability`.

Light on purpose: it is loaded for --help, which needs no local cloud.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from harness.console.options import AsJson, Effort, Orchestrations


class PartName(StrEnum):
    """The parts there are, in the order of the table."""

    CRASHES = "crashes"
    RIVALS = "rivals"
    WEATHER = "weather"
    HOSTILE = "hostile"


@dataclass(frozen=True)
class ReliabilityOptions:
    """What a person asks to be tried."""

    part: Annotated[
        list[PartName] | None,
        typer.Option(help="Only this part; may be given again."),
    ] = None
    orchestration: Annotated[
        Orchestrations, typer.Option(help="Which orchestration to try.")
    ] = Orchestrations.BOTH
    profile: Annotated[
        Effort,
        typer.Option(
            help="How much to try: a first look of a minute or two, "
            "everything once, or for hours."
        ),
    ] = Effort.QUICK
    seed: Annotated[
        int, typer.Option(help="Ids and what is drawn follow from it.")
    ] = 0
    only: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CASE",
            help="Only the case of this name, as a finding shows it, of all "
            "that the profile ci or nightly tries; may be given again.",
        ),
    ] = None
    lambda_root: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Folder of the Lambdas to try, instead of lambda/.",
        ),
    ] = None
    jobs: Annotated[
        int,
        typer.Option(
            min=1, max=16, metavar="N", help="Processes that work at once."
        ),
    ] = 2
    report: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help="Write report.json and report.txt there."
        ),
    ] = None
    as_json: AsJson = False
