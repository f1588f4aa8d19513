"""The most memory that a function's process ever held."""

import json
import resource
import sys
from pathlib import Path
from typing import Any

from benchmarks.performance.inside.player import Player

Document = dict[str, Any]
_STATUS = Path("/proc/self/status")


def measure(tape: Document) -> Document:
    """Carry one invocation out in this fresh process, in MiB.

    The tape itself is held as well, before and after.
    """
    player = Player()
    player.insert(tape["answers"])
    before = peak()
    import index

    imported = peak()
    json.dumps(index.lambda_handler(json.loads(tape["request"]), None))
    return {"boto3": before, "imported": imported, "peak": peak()}


def peak() -> float:
    """Tell the most memory that was resident so far, in MiB.

    Linux hands `ru_maxrss` down from the process that started this one, so
    that a child of a large process looks large: its own mark is in /proc.
    """
    if _STATUS.exists():
        found = _STATUS.read_text("utf-8").partition("VmHWM:")[2]
        return int(found.split()[0]) / 1024
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / (1024 * 1024 if sys.platform == "darwin" else 1024)
