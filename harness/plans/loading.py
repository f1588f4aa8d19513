"""Load a plan file, or say everything that is wrong with it."""

from pathlib import Path

from harness.plans import meaning, relations, shape
from harness.plans.plan import Plan
from harness.plans.problems import PlanFileError, Problem
from harness.plans.resolution import resolve
from harness.plans.source import read


def load(path: Path) -> Plan:
    """Load a plan file.

    Ids that the file leaves out are made from names, so that the same file
    always gives the same plan.

    Raises:
        PlanFileError: The file cannot be read or says something that a plan
            cannot mean; it lists every problem with its line.
    """
    source = read(path)
    _refuse(
        path,
        [*source.problems, *shape.check(source), *relations.check(source)],
    )
    plan = resolve(path, source.document)
    _refuse(path, meaning.check(source, plan))
    return plan


def _refuse(path: Path, problems: list[Problem]) -> None:
    if problems:
        raise PlanFileError(path, problems)
