"""Answer one question about the function in whose process this runs.

    python -S -P -m benchmarks.performance.inside < JOB

A job is a JSON document: the `question`, and what that one needs.
"""

import json
import sys
from importlib import import_module

# Imported one by one: what one needs would count in another.
QUESTIONS = ("imports", "launches", "memory", "polls", "starts", "tags")


def main() -> None:
    """Read the job, and print a JSON document."""
    job = json.load(sys.stdin)
    question = job.pop("question")
    assert question in QUESTIONS, question
    module = import_module(f"benchmarks.performance.inside.{question}")
    print(json.dumps(module.measure(**job)))


if __name__ == "__main__":
    main()
