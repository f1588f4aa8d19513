"""Plain lines, and a console that tells when nobody reads them."""

from typing import NoReturn

from rich.console import Console


class Output(Console):
    """A console that says so when nobody reads it any more."""

    def on_broken_pipe(self) -> NoReturn:
        """Let whoever runs the command end it.

        rich would exit, which in the thread that carries an execution
        ends the thread and not the command.
        """
        self.quiet = True
        raise BrokenPipeError


def say(console: Console, line: str) -> None:
    """Print a line as it is: no markup, no colour, no folding."""
    console.print(line, markup=False, highlight=False, soft_wrap=True)
