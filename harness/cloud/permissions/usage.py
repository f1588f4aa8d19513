"""Which of its permissions a role uses, and what fails without one.

A permission is one action on one resource, as the statements of a role
write them: with their wildcards. Nothing here needs a cloud but the calls
that one has recorded.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from harness.cloud.calls import AwsCall
from harness.cloud.permissions import evaluation, operations, recoveries
from harness.cloud.permissions.evaluation import Request, Statement
from harness.cloud.permissions.identities import Principal


@dataclass(frozen=True, order=True)
class Permission:
    """One action on one resource that a role is allowed.

    Attributes:
        action: With its wildcards, such as `ec2:Describe*`.
        resource: The same.
    """

    action: str
    resource: str


@dataclass(frozen=True)
class Asked:
    """What a function asked IAM for.

    Attributes:
        function: Physical name, or `states` for the state machine.
    """

    function: str
    request: Request


@dataclass(frozen=True)
class Refusal:
    """Something that a function needs and may not do."""

    function: str
    role: str
    action: str
    resource: str

    def __str__(self) -> str:
        return (
            f"{self.function} as {self.role} may not {self.action} "
            f"on {self.resource}"
        )


@dataclass(frozen=True)
class RoleUse:
    """A role with all that was asked of it.

    Attributes:
        statements: Of all its identity policies.
    """

    role: str
    statements: tuple[Statement, ...]
    asked: tuple[Asked, ...]

    def used(self) -> list[Permission]:
        """List the permissions without which something is not allowed.

        Those are also used that only make up for each other.
        """
        return [
            each
            for each in permissions(self.statements)
            if self._is_used(each)
        ]

    def unused(self) -> list[Permission]:
        """List the permissions that nothing asked for."""
        used = set(self.used())
        return [
            each for each in permissions(self.statements) if each not in used
        ]

    def refusals(self, missing: Permission | None = None) -> list[Refusal]:
        """List what is not allowed, or would not be without a permission."""
        statements = self.statements
        if missing is not None:
            statements = without(statements, missing)
        return [
            self._refusal(asked)
            for asked in self.asked
            if evaluation.denial(statements, asked.request)
        ]

    def _is_used(self, permission: Permission) -> bool:
        only = only_with(self.statements, permission)
        return any(
            evaluation.applying(only, asked.request) for asked in self.asked
        )

    def _refusal(self, asked: Asked) -> Refusal:
        request = asked.request
        return Refusal(
            asked.function, self.role, request.action, request.resource
        )


def needs(call: AwsCall, caller: Principal) -> Iterator[Request]:
    """List all that a call asks IAM for, sooner or later.

    That includes what DRS does in the name of who starts a recovery.

    Raises:
        UnmappedOperationError: Nobody wrote down what the call needs.
        UnnamedResourceError: The call does not name its resource.
    """
    yield from operations.requests(call, caller.context(call))
    if (call.service, call.operation) == ("drs", "StartRecovery"):
        yield from recoveries.requests(call, caller)


def permissions(statements: Iterable[Statement]) -> list[Permission]:
    """List what statements allow, each permission once, in order."""
    pairs = {
        Permission(action, resource): None
        for statement in statements
        if statement["Effect"] == "Allow"
        for action in _listed(statement["Action"])
        for resource in _listed(statement["Resource"])
    }
    return list(pairs)


def only_with(
    statements: Iterable[Statement], permission: Permission
) -> tuple[Statement, ...]:
    """Narrow the statements that give a permission down to it."""
    return tuple(
        _narrowed(each, [permission.action], [permission.resource])
        for each in statements
        if _gives(each, permission)
    )


def without(
    statements: Iterable[Statement], permission: Permission
) -> tuple[Statement, ...]:
    """Take one permission away from the statements, and nothing else."""
    return tuple(
        part
        for each in statements
        for part in (
            _parts_without(each, permission)
            if _gives(each, permission)
            else [each]
        )
    )


def _gives(statement: Statement, permission: Permission) -> bool:
    return (
        statement["Effect"] == "Allow"
        and permission.action in _listed(statement["Action"])
        and permission.resource in _listed(statement["Resource"])
    )


def _parts_without(
    statement: Statement, permission: Permission
) -> Iterator[Statement]:
    actions = _listed(statement["Action"])
    resources = _listed(statement["Resource"])
    others = [each for each in actions if each != permission.action]
    elsewhere = [each for each in resources if each != permission.resource]
    yield _narrowed(statement, others, resources)
    yield _narrowed(statement, [permission.action], elsewhere)


def _narrowed(
    statement: Statement, actions: list[str], resources: list[str]
) -> Mapping[str, Any]:
    return {**statement, "Action": actions, "Resource": resources}


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]
