"""What the local cloud knows of a Lambda function."""

from collections.abc import Callable, Mapping
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
class Package:
    """The zip of a function that was deployed with code of its own.

    Attributes:
        digest: SHA-256 of the zip.
    """

    digest: str
    content: bytes = field(repr=False, compare=False)


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
        package: What it runs from; None runs its folder.
    """

    name: str
    folder: str
    environment: Mapping[str, str] = field(default_factory=dict)
    timeout: int = 3
    memory: int = 128
    role: Role | None = None
    account: str = HUB_ACCOUNT
    region: str = DEFAULT_REGION
    handler: str = "index.lambda_handler"
    package: Package | None = None

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
    """The functions, found by name, partial ARN or ARN."""

    def __init__(
        self,
        functions: tuple[FunctionSpec, ...],
        find_other: Callable[[str], FunctionSpec | None],
    ) -> None:
        """Know functions.

        Args:
            find_other: Finds by name those that were deployed since.
        """
        self._by_name = {function.name: function for function in functions}
        self._find_other = find_other

    def find(self, reference: str) -> FunctionSpec:
        """Find a function by whatever the Invoke API takes as its name.

        Raises:
            FunctionNotFoundError: There is none.
        """
        _, colon, qualified = reference.rpartition("function:")
        name = (qualified if colon else reference).split(":")[0]
        found = self._by_name.get(name) or self._find_other(name)
        if found is None:
            raise FunctionNotFoundError(reference, tuple(self._by_name))
        return found
