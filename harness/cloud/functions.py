"""What the local cloud knows of a Lambda function."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

HUB_ACCOUNT = "123456789012"
DEFAULT_REGION = "us-east-1"


@dataclass(frozen=True)
class Role:
    """The role of a function or a state machine.

    Attributes:
        statements: Of all its identity policies, resolved.
    """

    name: str
    statements: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class FunctionSpec:
    """One function, as its CloudFormation resource describes it.

    Attributes:
        name: Physical name.
        folder: Folder of its code below the Lambda root.
        environment: Environment variables, resolved.
        timeout: Seconds.
        memory: MiB.
        role: Asked only where IAM is enforced.
    """

    name: str
    folder: str
    environment: Mapping[str, str] = field(default_factory=dict)
    timeout: int = 3
    memory: int = 128
    role: Role | None = None
    account: str = HUB_ACCOUNT
    region: str = DEFAULT_REGION

    @property
    def arn(self) -> str:
        """ARN of the unqualified function."""
        return (
            f"arn:aws:lambda:{self.region}:{self.account}:function:{self.name}"
        )


class FunctionNotFoundError(Exception):
    """An invocation names a function that is not deployed."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        self.name = name
        self.known = known
        super().__init__(
            f"Function not found: {name} (deployed: {', '.join(known)})"
        )


class FunctionCatalogue:
    """The deployed functions, found by name, partial ARN or ARN."""

    def __init__(self, functions: tuple[FunctionSpec, ...]) -> None:
        self._by_name = {function.name: function for function in functions}

    def find(self, reference: str) -> FunctionSpec:
        """Find a function by whatever the Invoke API takes as its name.

        Raises:
            FunctionNotFoundError: There is none.
        """
        _, colon, qualified = reference.rpartition("function:")
        name = (qualified if colon else reference).split(":")[0]
        if name not in self._by_name:
            raise FunctionNotFoundError(reference, tuple(self._by_name))
        return self._by_name[name]
