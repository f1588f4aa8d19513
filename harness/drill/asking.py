"""Ask whoever sits at the terminal whether a wave may start."""

import sys

from rich.console import Console

from harness.drill.orders import WrongUsageError
from harness.drill.views import View


class PersonAtTerminal:
    """Decides by what a person types."""

    def __init__(self, console: Console, view: View) -> None:
        """Ask on a console.

        Raises:
            WrongUsageError: There is nobody to ask.
        """
        if not (sys.stdin.isatty() and console.is_terminal):
            raise WrongUsageError(
                "--approve ask: there is no terminal to ask on; "
                "use --approve auto, or --cancel-at WAVE to cancel"
            )
        self._console = console
        self._view = view

    def approves(self, wave_number: int, wave_name: str) -> bool:
        """Ask until the answer is one."""
        question = (
            f'Wave {wave_number} "{wave_name}" waits. '
            "Type approve or cancel: "
        )
        with self._view.suspended():
            while True:
                word = self._answer(question)
                if word and "approve".startswith(word):
                    return True
                if word and "cancel".startswith(word):
                    return False

    def _answer(self, question: str) -> str:
        try:
            answer = self._console.input(question, markup=False)
        except EOFError:
            # Whoever closes the terminal has approved nothing.
            return "cancel"
        return answer.strip().casefold()
