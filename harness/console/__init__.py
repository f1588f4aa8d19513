"""What the commands of `drs-orch` have in common."""
