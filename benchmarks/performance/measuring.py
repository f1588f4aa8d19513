"""All questions in one run, answered by one JSON document."""

import os
import platform
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from benchmarks.performance import (
    aws_calls,
    cold_starts,
    costs,
    execution_times,
    launch_configurations,
    peak_memory,
    polls,
    tag_queries,
)
from benchmarks.performance.plans import Size
from benchmarks.performance.processes import Functions

Document = dict[str, Any]


@dataclass(frozen=True)
class Extent:
    """How much is measured.

    Attributes:
        repetitions: Of what is cheap; of memory a third.
        folders: Functions whose cold starts are measured.
        executions: Warm executions of each plan.
        executed: Plans whose execution times are compared; of the middle
            one the cost.
        counted: Plan whose AWS calls are counted.
        polled: Plans whose polls are measured.
        remembered: Plans of whose functions the memory is measured.
        queried: Numbers of source servers.
        started: Plan whose servers are configured.
        configured: Numbers of servers.
        largest_reference: Up to how many the reference is measured.
        delay: Real seconds of an AWS call in launch configurations.
        latency: Seconds of an AWS call wherever that is assumed.
    """

    repetitions: int = 9
    folders: tuple[str, ...] = cold_starts.FOLDERS
    executions: int = 2
    executed: tuple[Size, ...] = execution_times.PLANS
    counted: Size = aws_calls.SIZE
    polled: tuple[Size, ...] = polls.SIZES
    remembered: tuple[Size, ...] = peak_memory.SIZES
    queried: tuple[int, ...] = tag_queries.SIZES
    started: Size = launch_configurations.PLAN
    configured: tuple[int, ...] = launch_configurations.SIZES
    largest_reference: int = launch_configurations.LARGEST_MEASURED_REFERENCE
    delay: float = launch_configurations.DELAY
    latency: float = 0.02


def measure(
    functions: Functions, extent: Extent, tell: Callable[[str], None]
) -> Document:
    """Answer all questions.

    Args:
        functions: Packages of the functions, built from the sources.
        tell: Is told what is measured next.

    Returns:
        What each question's module makes of it, seconds for the most part.
    """
    found: Document = {
        "machine": _machine(),
        "latency": extent.latency,
        "repetitions": extent.repetitions,
    }
    for question, answer in _questions(functions, extent).items():
        tell(question)
        found[question] = answer()
    tell("executions, from the packages")
    carried_out = execution_times.carry_out(
        functions.packages, extent.executions, extent.executed
    )
    latency = extent.latency
    middle = extent.executed[len(extent.executed) // 2].waves
    return found | {
        "executions": execution_times.measure(carried_out, latency),
        "invocations": execution_times.invocations(carried_out),
        "cost": costs.measure(carried_out, latency, waves=middle),
        "load at the end": _load(),
    }


def _questions(
    functions: Functions, extent: Extent
) -> dict[str, Callable[[], Any]]:
    turns = extent.repetitions
    return {
        "cold starts": lambda: cold_starts.measure(
            functions, turns, extent.folders
        ),
        "AWS calls": lambda: aws_calls.measure(extent.counted),
        "polls": lambda: polls.measure(functions, turns, extent.polled),
        "tag queries": lambda: tag_queries.measure(
            functions, turns, extent.queried, extent.counted
        ),
        "launch configurations": lambda: launch_configurations.measure(
            functions,
            extent.started,
            extent.configured,
            extent.delay,
            extent.largest_reference,
        ),
        "memory": lambda: peak_memory.measure(
            functions, -(-turns // 3), extent.remembered
        ),
    }


def _machine() -> Document:
    return {
        "system": f"{platform.system()} on {platform.machine()}",
        "processors": os.cpu_count(),
        "python": platform.python_version(),
        "boto3": version("boto3"),
        "load": _load(),
    }


def _load() -> float | None:
    """Tell how many processes wanted the processor in the last minute."""
    has_load = hasattr(os, "getloadavg")
    return round(os.getloadavg()[0], 1) if has_load else None
