"""Change the candidate's code in one place, and see which test notices.

`python -m tests.mutation --help` says how; tests/mutation/README.md why.
"""
