"""What is told about each role: what it may do, does, and why the rest."""

from collections.abc import Iterator
from typing import Any

from harness.cloud.permissions.usage import Permission, RoleUse
from tests.permissions import excuses

NOBODY = "nobody says why"


def document(use: RoleUse) -> dict[str, Any]:
    """Tell what a role may do, what it did, and why it may do the rest."""
    known = excuses.load()
    return {
        "role": use.role,
        "functions": sorted({asked.function for asked in use.asked}),
        "asked": sorted({asked.request.action for asked in use.asked}),
        "used": [_pair(each) for each in use.used()],
        "unused": [
            {
                **_pair(each),
                "reason": excuses.reason(known, use.role, each),
            }
            for each in use.unused()
        ],
        "refused": [str(each) for each in use.refusals()],
    }


def _pair(permission: Permission) -> dict[str, str]:
    return {"action": permission.action, "resource": permission.resource}


def is_wrong(report: dict[str, Any]) -> bool:
    """Tell whether something is refused, or allowed for no reason."""
    unexplained = [e for e in report["unused"] if e["reason"] is None]
    return bool(report["refused"] or unexplained)


def lines(report: dict[str, Any]) -> Iterator[str]:
    """Write a report for people."""
    used, unused = len(report["used"]), len(report["unused"])
    yield (
        f"{report['role']} ({', '.join(report['functions'])}): "
        f"{len(report['asked'])} actions asked, {used + unused} allowed, "
        f"{used} used, {unused} unused, {len(report['refused'])} refused"
    )
    for each in report["used"]:
        yield f"  used    {each['action']} on {each['resource']}"
    for each in report["unused"]:
        yield f"  unused  {each['action']} on {each['resource']}"
        yield f"          {each['reason'] or NOBODY}"
    for sentence in report["refused"]:
        yield f"  REFUSED {sentence}"
    yield ""
