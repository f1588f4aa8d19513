"""Write a drill's history as Step Functions tells it, without its secrets."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from harness.drill.orders import WrongUsageError
from harness.drill.results import Run
from harness.equivalence.masking import masked
from harness.equivalence.observations import plain


def check(path: Path) -> None:
    """Refuse a file that could not be written after the drill.

    Raises:
        WrongUsageError: There is no such folder, or it is one itself.
    """
    if path.is_dir() or not path.parent.is_dir():
        raise WrongUsageError(f"--history {path}: no file can be made there")


def write(path: Path, run: Run) -> None:
    """Write what `aws stepfunctions get-execution-history` would print.

    Task tokens and external ids are masked, in the JSON texts, too.
    """
    document = {"events": [_without_secrets(e) for e in run.machine_events]}
    text = json.dumps(document, indent=1)
    path.write_text(f"{text}\n", encoding="utf-8")


def _without_secrets(event: Mapping[str, Any]) -> Any:
    return _read_through(plain(event))


def _read_through(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _read_through(inner) for key, inner in value.items()}
    if isinstance(value, str) and value.startswith(("{", "[")):
        return json.dumps(masked(json.loads(value)), separators=(",", ":"))
    return value
