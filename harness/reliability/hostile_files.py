"""Inputs that led to something wrong, as files to be tried again.

python -m harness.reliability.hostile_files runs/hostile-1f0e9c2a.json
"""

import json
import sys
import zlib
from pathlib import Path
from typing import Any

from harness.reliability import worlds
from harness.reliability.hostile_answers import ask_aside
from harness.reliability.hostile_judge import Wrong, wrongs
from harness.reliability.hostile_plan_files import HostileFile, PlanFiles
from harness.reliability.hostile_requests import HostileRequest
from harness.reliability.hostile_stages import Stage, StagedWorld

FOLDER = Path("runs")


def of_request(request: HostileRequest, stage: Stage) -> Path:
    """Write a request down; gives the file."""
    return _write(
        {
            "function": request.function,
            "scene": stage.scene,
            "step": stage.step,
            "payload": request.payload,
        }
    )


def of_plan_file(file: HostileFile) -> Path:
    """Write a plan file down, each byte as one character."""
    return _write({"plan": file.content.decode("latin-1")})


def again(path: Path) -> list[Wrong]:
    """Try an input again; gives what is wrong."""
    document = json.loads(path.read_text(encoding="ascii"))
    if "plan" in document:
        content = document["plan"].encode("latin-1")
        return PlanFiles().attempt(HostileFile(content))
    with worlds.entered("refactored") as world:
        staged = StagedWorld(world)
        staged.put(Stage(document["scene"], document["step"]))
        payload = document["payload"].encode()
        answer = ask_aside(staged, document["function"], payload)
        return wrongs(answer, staged.folders)


def _write(document: dict[str, Any]) -> Path:
    text = json.dumps(document, indent=2)
    path = FOLDER / f"hostile-{zlib.crc32(text.encode()):08x}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="ascii")
    return path


if __name__ == "__main__":
    for each in again(Path(sys.argv[1])):
        print(each)
