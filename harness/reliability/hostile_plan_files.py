"""Hostile plan files: edits of good ones, as YAML and as JSON."""

import json
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

from harness import plans
from harness.cloud import project
from harness.reliability import hostile_edits, hostile_json
from harness.reliability.hostile_answers import peak_megabytes
from harness.reliability.hostile_judge import SLOW_SECONDS, Wrong
from harness.reliability.hostile_stages import EXTERNAL_ID
from harness.reliability.hostile_yaml import BEGINNINGS, FRAGMENTS

# A person reads it; a terminal scrolls.
LONGEST_COMPLAINT = 100_000
_MAX_EDITS = 3


@dataclass(frozen=True)
class HostileFile:
    """A plan file.

    Attributes:
        content: Bytes, since not all are text.
    """

    content: bytes

    def __repr__(self) -> str:
        return f"HostileFile({self.content[:2_000]!r})"


@dataclass
class PlanFiles:
    """Tries plan files.

    Attributes:
        passed: How many are plans.
        seconds: CPU time of the slowest.
        megabytes: The most by which the process grew at one.
    """

    passed: int = 0
    seconds: float = 0
    megabytes: float = 0

    def attempt(self, file: HostileFile) -> list[Wrong]:
        """Load a plan file; tell what is wrong with the loader."""
        peak, began = peak_megabytes(), time.process_time()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "plan.yaml"
            path.write_bytes(file.content)
            found = self._load(path)
        seconds = time.process_time() - began
        self.seconds = max(self.seconds, seconds)
        self.megabytes = max(self.megabytes, peak_megabytes() - peak)
        if seconds > SLOW_SECONDS:
            found.append(Wrong("Too slow", f"{seconds:.0f} s of CPU time"))
        return found

    def _load(self, path: Path) -> list[Wrong]:
        try:
            plans.load(path)
        except plans.PlanFileError as error:
            return complaint(error)
        except BaseException as error:
            kind = type(error).__name__
            return [Wrong(f"plans.load raised {kind}", str(error)[:300])]
        self.passed += 1
        return []


def complaint(error: plans.PlanFileError) -> list[Wrong]:
    """Judge what a person is told of a plan file."""
    text = str(error)
    found = []
    if not error.problems or not text:
        found.append(Wrong("Nothing is told of a refused file"))
    if not all(line.isprintable() for line in text.split("\n")):
        found.append(Wrong("A complaint commands the terminal"))
    if EXTERNAL_ID in text:
        found.append(Wrong("A complaint tells the external id"))
    if len(text) > LONGEST_COMPLAINT:
        length = f"{len(text)} characters"
        found.append(Wrong("A complaint is too long", length))
    if not all(_has_place(problem) for problem in error.problems):
        found.append(Wrong("A complaint names no place", text[:300]))
    return found


def drawn() -> st.SearchStrategy[HostileFile]:
    """Draw hostile plan files."""
    texts = [_text(path) for path in _examples()]
    documents = [yaml.safe_load(text) for text in texts]
    made = st.one_of(
        st.binary(max_size=40),
        st.text(max_size=40).map(lambda text: text.encode("utf-8")),
        st.sampled_from(FRAGMENTS).map(str.encode),
    )
    by_edits = st.builds(
        _edited,
        st.sampled_from(documents),
        hostile_edits.edits(_values(documents)),
        st.booleans(),
    )
    return st.one_of(
        by_edits, by_edits, _by_lines(texts), made.map(HostileFile)
    )


def _by_lines(texts: list[str]) -> st.SearchStrategy[HostileFile]:
    edits = st.lists(
        st.tuples(
            st.sampled_from(("value", "line", "drop", "twice", "indent")),
            st.integers(0, 200),
            st.sampled_from(FRAGMENTS),
        ),
        min_size=1,
        max_size=_MAX_EDITS,
    )
    return st.builds(
        _relined,
        st.sampled_from(texts),
        edits,
        st.sampled_from(BEGINNINGS),
        st.sampled_from(("utf-8", "utf-8", "utf-8", "utf-16", "latin-1")),
    )


def _values(documents: list[Any]) -> st.SearchStrategy[Any]:
    found = {each for document in documents for each in _scalars(document)}
    return st.sampled_from(sorted(found, key=repr))


def _examples() -> list[Path]:
    return sorted((project.ROOT / "examples").glob("*.yaml"))


def _text(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    return text.replace(
        "accountName: production",
        f"accountName: production\n    externalId: {EXTERNAL_ID}",
    )


def _edited(
    document: Any, edits: list[hostile_edits.Edit], as_json: bool
) -> HostileFile:
    changed = hostile_edits.apply(document, edits)
    text = hostile_json.written(changed)
    if not as_json:
        try:
            # Back from JSON: raw pieces and doubled keys have no YAML.
            text = yaml.safe_dump(json.loads(text), allow_unicode=True)
        except (ValueError, RecursionError, yaml.YAMLError):
            pass
    return HostileFile(text.encode("utf-8", "surrogatepass"))


def _relined(
    text: str,
    edits: list[tuple[str, int, str]],
    beginning: str,
    encoding: str,
) -> HostileFile:
    lines = text.splitlines()
    for kind, number, fragment in edits:
        index = number % len(lines) if lines else 0
        lines[index : index + 1] = _changed(
            lines[index] if lines else "", kind, fragment
        )
    whole = beginning + "\n".join(lines)
    return HostileFile(whole.encode(encoding, "backslashreplace"))


def _changed(line: str, kind: str, fragment: str) -> list[str]:
    indent = line[: len(line) - len(line.lstrip(" -"))]
    key, colon, _ = line.partition(": ")
    by_kind: Mapping[str, list[str]] = {
        "value": [f"{key}{colon or ': '}{fragment}"],
        "line": [line, f"{indent}{fragment}"],
        "drop": [],
        "twice": [line, line],
        "indent": [f" {line}"],
    }
    return by_kind[kind]


def _scalars(document: Any) -> list[Any]:
    found = []
    for way in hostile_edits.places(document):
        value = document
        for step in way:
            value = value[step]
        if isinstance(value, (str, int, float)) and value != EXTERNAL_ID:
            found.append(value)
    return found


def _has_place(problem: plans.Problem) -> bool:
    """Tell whether a line or a pointer leads to a problem.

    What is no YAML has no pointers, and may have no lines.
    """
    is_readable = not problem.message.startswith(("not YAML", "the file is"))
    return bool(problem.line or problem.pointer) or not is_readable
