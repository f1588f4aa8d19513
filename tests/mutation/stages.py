"""Which tests are run for a change, the quickest first."""

from dataclasses import dataclass

_UNIT = "tests/unit"
_LAMBDAS = (
    f"{_UNIT}/dr-orchestration-stepfunction",
    f"{_UNIT}/execution-handler",
    f"{_UNIT}/query-handler",
)
_SHARED = tuple(
    f"{_UNIT}/shared/test_{name}.py"
    for name in (
        "account_access",
        "actions",
        "aws",
        "aws_errors",
        "execution_history",
        "execution_state",
        "handler_calls",
        "history_of_waves",
        "json_values",
        "log_lines",
        "recorded_ends",
        "source_servers",
        "wave_results",
    )
)
_WHOLE = (
    "tests/integration/test_repeated_steps.py",
    "tests/integration/test_operator_wishes.py",
    "tests/integration/test_executions.py",
    "tests/integration/test_closed_writers.py",
    "tests/integration/test_bad_requests.py",
)
CAMPAIGN = "campaign"


@dataclass(frozen=True)
class Stage:
    """Tests that are run together.

    Attributes:
        tests: Paths for pytest; none for the search of scenarios, which is
            no test of pytest's.
        deselected: Part of the names of tests that cannot notice.
    """

    name: str
    tests: tuple[str, ...] = ()
    deselected: str = ""


# Those of the unit tests that run the changed function.
REACHED = Stage("reached", (*_LAMBDAS, *_SHARED), deselected="[reference")
UNIT = Stage("unit", (*_LAMBDAS, *_SHARED), deselected="[reference")
SEARCH = Stage(CAMPAIGN)
WHOLE = Stage("whole executions", _WHOLE, deselected="[reference")
# Minutes long, the last one; few changes come to it.
ALL = (REACHED, UNIT, SEARCH, WHOLE)
