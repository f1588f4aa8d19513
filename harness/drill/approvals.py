"""Who decides at a pause, and what was decided."""

from typing import Protocol


class Approver(Protocol):
    """Whoever decides whether a wave that waits may start."""

    def approves(self, wave_number: int, wave_name: str) -> bool:
        """Decide on a wave: True starts it, False cancels the plan."""


class EverythingApproved:
    """A person who always says yes."""

    def approves(self, wave_number: int, wave_name: str) -> bool:
        """Let the wave start."""
        return True


class SameAgain:
    """Asks somebody once for each wave, and repeats the answers later.

    Two orchestrations can be compared only if people treat them alike.
    """

    def __init__(self, approver: Approver) -> None:
        """Ask this approver the first time."""
        self._approver = approver
        self._decisions: dict[int, bool] = {}

    def approves(self, wave_number: int, wave_name: str) -> bool:
        """Decide as the first time."""
        if wave_number not in self._decisions:
            decision = self._approver.approves(wave_number, wave_name)
            self._decisions[wave_number] = decision
        return self._decisions[wave_number]
