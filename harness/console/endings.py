"""How the command ends when somebody else ends it."""

import os
import signal
import sys
import traceback
from collections.abc import Callable

# What a shell answers for a program that a signal has ended.
INTERRUPTED = 128 + signal.SIGINT
OUTPUT_CLOSED = 128 + signal.SIGPIPE
DEFECT = 2


def exit_code(work: Callable[[], int]) -> int:
    """Carry out a command that people may interrupt or stop reading.

    Args:
        work: Gives the exit code when it comes to its own end.

    Returns:
        That, or the exit code for an interrupt or a closed output, or 2 for
        a defect of the command: 1 would say that what it tries failed.
    """
    try:
        code = work()
        # Here, and not when Python exits: it would complain by itself.
        sys.stdout.flush()
    except KeyboardInterrupt:
        print("Interrupted; nothing was left behind.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        _write_to_nobody()
        return OUTPUT_CLOSED
    except Exception:
        traceback.print_exc()
        print("This is a defect of drs-orch itself.", file=sys.stderr)
        return DEFECT
    return code


def _write_to_nobody() -> None:
    """Let what is still buffered go nowhere when Python exits."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
