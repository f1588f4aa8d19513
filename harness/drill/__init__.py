"""Drills: recover a plan on the local cloud, show it, and sum it up."""
