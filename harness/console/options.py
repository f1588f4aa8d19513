"""Options that several commands have, each declared once with its help.

Light on purpose: it is loaded for --help, which needs no local cloud.
"""

from enum import StrEnum
from typing import Annotated

import typer


class Effort(StrEnum):
    """How much to try."""

    QUICK = "quick"
    CI = "ci"
    NIGHTLY = "nightly"


class Orchestrations(StrEnum):
    """Which Lambdas carry plans through their waves."""

    REFACTORED = "refactored"
    REFERENCE = "reference"
    BOTH = "both"


class ProfileName(StrEnum):
    """How long DRS takes."""

    LINUX = "linux"
    WINDOWS = "windows"
    INSTANT = "instant"


Profile = Annotated[
    ProfileName, typer.Option(help="How long DRS takes, in virtual time.")
]
Seed = Annotated[
    int, typer.Option(help="Every id and every duration follows from it.")
]
# For commands that take their time.
AsJson = Annotated[
    bool,
    typer.Option(
        "--json",
        help="Write one JSON document to standard output, and progress to "
        "standard error.",
    ),
]
# For commands that answer at once.
AnswerAsJson = Annotated[
    bool, typer.Option("--json", help="Write one JSON document.")
]
