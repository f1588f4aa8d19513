"""Times and costs of executions follow from what was measured."""

import pytest

from benchmarks.performance import costs, execution_times
from benchmarks.performance.costs import Prices
from benchmarks.performance.virtual_executions import Execution, Invoked

LATENCY = 0.02
GB_SECONDS = "Lambda GB-seconds, warm"
READ, WRITE = "dynamodb.GetItem", "dynamodb.UpdateItem"


def one_call(**changes: object) -> Invoked:
    """Build an invocation that asks AWS once, and takes 10 ms of its own."""
    invoked = Invoked("query-handler", memory=512, own=0.01, calls=[READ])
    for name, value in changes.items():
        setattr(invoked, name, value)
    return invoked


def execution(*steps: Invoked) -> Execution:
    """Build an execution of 600 s of waits and ten transitions."""
    return Execution(600, transitions=10, item_bytes=3000, steps=steps)


def pair() -> execution_times.Executions:
    """Build a cold and a warm execution of both sides."""
    reference = execution(one_call())
    outer = one_call(calls=["lambda.Invoke"], inner=[one_call()])
    candidate = execution(outer)
    return {
        (3, "reference"): [reference, reference],
        (3, "candidate"): [candidate, candidate],
    }


def test_an_invocation_lasts_as_long_as_its_calls_and_those_inside() -> None:
    outer = one_call(calls=["lambda.Invoke", WRITE], inner=[one_call()])

    seconds = outer.seconds(LATENCY)

    assert seconds == pytest.approx(0.01 + 2 * 0.02 + (0.01 + 0.02))


def test_an_execution_lasts_as_long_as_its_waits_and_its_steps() -> None:
    seconds = execution(one_call(), one_call()).seconds(LATENCY)

    assert seconds == pytest.approx(600 + 2 * (0.02 + 0.01 + 0.02))


def test_the_ratio_is_that_of_whole_executions() -> None:
    rows = execution_times.measure(pair(), LATENCY)

    ratio = execution_times.warm_ratio(rows, 3)

    assert ratio.median == pytest.approx((600.05 + 0.03) / 600.05)


def test_the_outer_function_is_billed_while_the_inner_one_runs() -> None:
    found = costs.measure(pair(), LATENCY, waves=3)["sides"]

    assert found["reference"][GB_SECONDS] == pytest.approx(0.015)
    assert found["candidate"][GB_SECONDS] == pytest.approx(0.045)


def test_reads_and_writes_are_billed_by_the_size_of_the_record() -> None:
    step = one_call(calls=[READ, WRITE, WRITE, "drs.DescribeJobs"])
    runs = {
        (3, side): [execution(step)] for side in ("reference", "candidate")
    }
    prices = Prices(million_writes=1.0, million_reads=100.0)

    found = costs.measure(runs, LATENCY, prices, waves=3)["sides"]

    # 3,000 bytes are three units of a write and one of a read.
    assert found["reference"]["$ DynamoDB"] == pytest.approx(106 / 1e6)
    assert found["reference"]["AWS calls of functions"] == 4
    assert found["reference"]["$ Step Functions"] == pytest.approx(0.00025)


def test_cold_starts_are_billed_beside_what_is_warm() -> None:
    cold, warm = execution(one_call(own=1.01), one_call()), execution(
        one_call()
    )
    runs = {(3, side): [cold, warm] for side in ("reference", "candidate")}

    found = costs.measure(runs, LATENCY, waves=3)["sides"]["reference"]

    assert found[GB_SECONDS] == pytest.approx(0.03)
    added = found["Lambda GB-seconds that cold starts add"]
    assert added == pytest.approx(0.5)
