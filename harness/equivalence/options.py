"""The arguments of `drs-orch equivalence` and `drs-orch replay`.

Light on purpose: it is loaded for --help, which needs no local cloud.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from harness.console.options import AsJson, Effort

Control = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER",
        help="Folder of the orchestration Lambda that is the measure; "
        "lambda/orchestration-stepfunctions if none is named.",
    ),
]
Candidate = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER",
        help="Folder of the one that is compared with it; "
        "lambda/dr-orchestration-stepfunction if none is named.",
    ),
]


@dataclass(frozen=True)
class EquivalenceOptions:
    """What a person asks of a search."""

    control: Control = None
    candidate: Candidate = None
    profile: Annotated[
        Effort,
        typer.Option(
            help="How many scenarios to try: 100, 1,000 or 20,000 longer ones."
        ),
    ] = Effort.QUICK
    scenarios: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", help="So many, instead of the profile's."
        ),
    ] = None
    seed: Annotated[
        int, typer.Option(help="What is drawn follows from it.")
    ] = 0
    report: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Write report.html there, and the scenario of a mismatch.",
        ),
    ] = None
    as_json: AsJson = False


@dataclass(frozen=True)
class ReplayOptions:
    """What a person asks to be carried out again."""

    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="A scenario that `drs-orch equivalence` wrote, or what "
            "`aws stepfunctions get-execution-history` printed.",
        ),
    ]
    control: Control = None
    candidate: Candidate = None
    as_json: AsJson = False
