"""Prove that two orchestrations do the same, as an outsider sees it."""

from harness.equivalence.comparison import Comparison, Difference, compare
from harness.equivalence.observations import Observation

__all__ = ["Comparison", "Difference", "Observation", "compare"]
