"""What a person asks of a drill, beside the plan."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import get_args

from harness.plans.plan import Failure, Phase, Plan, SourceServer

DEFAULT_PHASE: Phase = "launch"


class WrongUsageError(Exception):
    """The command line asks for something that the plan cannot give."""


@dataclass(frozen=True)
class Order:
    """One drill, whichever orchestration carries it out.

    Attributes:
        plan: What to recover, failures included.
        is_drill: False for a real recovery.
        cancel_at: Number of the wave, from zero, that a person cancels.
        seed: Every id and every jitter follows from it.
        profile: How long DRS takes: linux, windows or instant.
        speed: Virtual seconds in a real second; None for no waiting.
        enforces_iam: Whether every call needs a permission in the roles.
        packages: Folder of the zips to run; None runs the sources.
        emulator: AWS's emulator, to run the zips under it.
        as_planned: Whether the drill should end as the plan expects, as
            nothing was asked for that changes its end.
    """

    plan: Plan
    is_drill: bool = True
    cancel_at: int | None = None
    seed: int = 0
    profile: str = "linux"
    speed: float | None = None
    enforces_iam: bool = False
    packages: Path | None = None
    emulator: Path | None = None
    as_planned: bool = True

    def __post_init__(self) -> None:
        waves = len(self.plan.waves)
        if self.cancel_at is not None and not 0 <= self.cancel_at < waves:
            numbers = f"0 to {waves - 1}" if waves else "none"
            raise WrongUsageError(
                f"--cancel-at {self.cancel_at}: the plan has no such wave; "
                f"waves are numbered from zero: {numbers}"
            )

    @property
    def lambdas(self) -> str:
        """How the functions run, as the command line calls it."""
        if self.packages is None:
            return "in-process"
        return "packaged" if self.emulator is None else "rie"

    def expects(self, outcome: str) -> bool | None:
        """Tell whether the plan's file foresees an outcome.

        Returns:
            None when the order changes what the file foresees.
        """
        if not self.as_planned or outcome == "cancelled":
            return None
        return outcome == self.plan.expect


def with_failures(plan: Plan, wishes: Iterable[str]) -> Plan:
    """Let servers of a plan fail.

    Args:
        plan: The plan as its file says.
        wishes: `SERVER` or `SERVER:PHASE`; a server by hostname or id.

    Raises:
        WrongUsageError: There is no such server or phase, or a server
            shall fail in two phases.
    """
    failures: dict[str, Failure] = {}
    for wish in wishes:
        server, failure = _failure(plan, wish)
        first = failures.setdefault(server.server_id, failure)
        if first != failure:
            raise WrongUsageError(
                f"--fail: {server.hostname} cannot fail both at "
                f"{first.phase} and at {failure.phase}; keep one of them"
            )
    servers = tuple(
        replace(server, failure=failures.get(server.server_id, server.failure))
        for server in plan.servers
    )
    return replace(plan, servers=servers)


def _failure(plan: Plan, wish: str) -> tuple[SourceServer, Failure]:
    name, colon, phase = wish.partition(":")
    if not name:
        raise WrongUsageError(
            f'--fail "{wish}" names no server; write SERVER or SERVER:PHASE'
        )
    server = plan.server(name) or _no_server(plan, name)
    return server, Failure(_phase(wish, phase if colon else DEFAULT_PHASE))


def _phase(wish: str, phase: str) -> Phase:
    for known in get_args(Phase):
        if known == phase:
            return known  # type: ignore[no-any-return]
    problem = (
        f'there is no phase "{phase}"'
        if phase
        else "no phase is named after the colon"
    )
    raise WrongUsageError(
        f'--fail {wish}: {problem}; one of: {", ".join(get_args(Phase))}'
    )


def _no_server(plan: Plan, name: str) -> SourceServer:
    known = [server.hostname for server in plan.servers]
    close = get_close_matches(name, known, n=1)
    hint = f' Did you mean "{close[0]}"?' if close else ""
    raise WrongUsageError(
        f'--fail: the plan has no server "{name}".{hint} '
        f"Its servers: {', '.join(known)}"
    )
