"""What a local cloud consists of, before it exists."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.cloud.functions import FunctionSpec, Role


@dataclass(frozen=True)
class Stack:
    """A CloudFormation stack for moto to create.

    Attributes:
        body: The template's text.
    """

    name: str
    body: str
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Deployment:
    """Everything that is deployed.

    Attributes:
        lambda_root: Folder with one folder per Lambda, and `shared`.
        definition: Of the state machine, with no substitution left.
        tables: Physical names of tables by logical id.
        bucket: Where the stacks look for packages, if they do.
        state_machine_role: Asked only where IAM is enforced.
    """

    lambda_root: Path
    functions: tuple[FunctionSpec, ...]
    state_machine: str
    definition: Mapping[str, Any]
    stacks: tuple[Stack, ...] = ()
    tables: Mapping[str, str] = field(default_factory=dict)
    bucket: str | None = None
    state_machine_role: Role | None = None
