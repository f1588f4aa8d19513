"""The errors for which the state machine runs a step again."""

from shared.execution_history import ExecutionHistoryError
from shared.recovery_starts import RecoveryStartUncertainError

# Lambdas pass them on by their own names, which the state machine knows.
REPEATED = (ExecutionHistoryError, RecoveryStartUncertainError)
