"""Plan files: what a drill recovers, written by a person in YAML."""

from harness.plans.loading import load
from harness.plans.plan import Plan
from harness.plans.problems import PlanFileError, Problem

__all__ = ["Plan", "PlanFileError", "Problem", "load"]
