"""The smallest scenario in which two sides part, as a file that people read."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from harness.equivalence.comparison import Difference
from harness.equivalence.machine import MismatchFoundError
from harness.equivalence.scenarios import to_document

Document = dict[str, Any]
# Beside drills and local clouds: git ignores it.
DEFAULT_FOLDER = Path("runs")


def save(finding: MismatchFoundError, folder: Path) -> Path:
    """Write the scenario of a mismatch, and where the two sides part.

    The same scenario has the same file name.

    Returns:
        The file, which `drs-orch replay` takes.
    """
    text = json.dumps(document(finding), indent=2, ensure_ascii=False)
    scenario = json.dumps(to_document(finding.scenario), sort_keys=True)
    digest = hashlib.sha256(scenario.encode()).hexdigest()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"mismatch-{digest[:8]}.json"
    path.write_text(f"{text}\n", encoding="utf-8")
    return path


def document(finding: MismatchFoundError) -> Document:
    """Write a finding as JSON: the scenario, then the mismatch."""
    return {
        **to_document(finding.scenario),
        "mismatch": {
            "step": len(finding.scenario.steps),
            "differences": differences(finding.mismatch.differences),
        },
    }


def differences(found: Iterable[Difference]) -> list[Document]:
    """Write differences as JSON."""
    return [
        {
            "path": each.path,
            "control": each.left,
            "candidate": each.right,
        }
        for each in found
    ]
