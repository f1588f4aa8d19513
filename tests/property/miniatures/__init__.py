"""Candidates that are wrong on purpose: each must be told from the control.

A comparer is worth what it catches. Each miniature is the real candidate
with one thing changed; `python -m tests.property.miniatures` hunts them all.
"""
