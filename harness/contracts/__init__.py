"""The action contracts as development sees them: load, check, try out."""

from harness.contracts.loading import Contracts, load

__all__ = ["Contracts", "load"]
