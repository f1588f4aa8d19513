"""An execution starts although others of its state machine still run.

moto before 5.2 copies a state machine with all of its executions at each
start, and fails when one of them waits for a callback: its lock cannot be
copied. The copy only keeps the definition, so it needs no executions.
"""

from contextlib import AbstractContextManager
from copy import deepcopy
from types import SimpleNamespace
from typing import Any

from moto.stepfunctions.parser import models

from harness.cloud.moto_patches.replacement import replaced


def patch() -> AbstractContextManager[None]:
    """Let moto leave the executions out, as it does since 5.2."""
    return replaced(models, "copy", SimpleNamespace(deepcopy=_without_runs))


def _without_runs(machine: Any, _: object = None) -> Any:
    # The backend holds all other state machines with their executions.
    known = {
        id(machine.executions): [],
        id(machine.backend): machine.backend,
    }
    return deepcopy(machine, known)
