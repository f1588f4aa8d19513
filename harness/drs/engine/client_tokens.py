"""Client tokens: a request sent twice makes one thing."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

from harness.drs.engine import recovery_plan_resources as resources
from harness.drs.engine.errors import DrsError
from harness.drs.engine.recovery_plan_records import UsedToken
from harness.drs.engine.region import Region


class Named(Protocol):
    """A record with an ARN."""

    arn: str


Record = TypeVar("Record", bound=Named)


def once(
    region: Region,
    operation: str,
    parameters: Mapping[str, Any],
    find: Callable[[str], Record | None],
    make: Callable[[], Record],
) -> Record:
    """Make what a request asks for, unless its token has made it before.

    Args:
        region: Where the request was made.
        operation: Its operation: tokens of one do not touch another.
        parameters: The request, with ``clientToken`` if it has one.
        find: Finds what was made by its ARN, None if it is gone.
        make: Makes it.

    Returns:
        What was made now or, in its present state, before.

    Raises:
        DrsError: The token came before with other parameters, or for
            something that is gone, if so chosen.
    """
    token = parameters.get("clientToken")
    if not token:
        return make()
    known = region.recovery_plans.tokens.get((operation, token))
    asked = {k: v for k, v in parameters.items() if k != "clientToken"}
    if known and _is_valid(region, known):
        earlier = find(known.arn)
        if earlier is not None:
            _refuse_other(region, known, asked)
            return earlier
        if region.options.recovery_plans.tokens_outlive_resources:
            raise _reused(region, known)
    record = make()
    used = UsedToken(asked, record.arn, region.now())
    region.recovery_plans.tokens[(operation, token)] = used
    return record


def _is_valid(region: Region, known: UsedToken) -> bool:
    age = region.now() - known.used_at
    return age < region.options.recovery_plans.client_token_lifetime


def _refuse_other(
    region: Region, known: UsedToken, asked: Mapping[str, Any]
) -> None:
    if known.parameters != asked:
        raise _reused(region, known)


def _reused(region: Region, known: UsedToken) -> DrsError:
    code = region.options.recovery_plans.reused_token_error
    text = resources.texts(region).token_reused
    return resources.refused(region, code, text, known.arn)
