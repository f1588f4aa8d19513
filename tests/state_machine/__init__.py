"""A second opinion on the state machine: another interpreter, a validator."""
