"""The benchmark of the emulator: what it measures and what it reports."""

import json

import pytest

from benchmarks import drs_emulator, measurements
from benchmarks.drs_emulator import Load
from benchmarks.measurements import Seconds, Stopwatch
from harness import drs

RUNS = [
    Stopwatch({"launch": Seconds(wall, cpu), "wait": Seconds(1.0, 0.5)})
    for wall, cpu in ((3.0, 2.0), (9.0, 2.5), (4.0, 1.5))
]


def test_all_parts_are_measured_when_a_load_is_carried_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")

    watch = drs_emulator.run(Load(servers=2, wave=1, virtual_seconds=9000))

    drs.reset()
    assert list(watch.rows()) == [
        "first use of moto",
        "add 2 servers",
        "recover 1 to 1",
        "recover 2 to 2",
        "pass the remaining time",
        "together",
    ]


def test_the_sum_is_that_of_all_parts() -> None:
    assert RUNS[0].rows()["together"] == Seconds(4.0, 2.5)


def test_the_table_shows_medians_and_spreads_of_several_runs() -> None:
    lines = measurements.table(RUNS).splitlines()

    assert lines[1].split() == (
        "launch 4.00 (3.00 to 9.00) 2.00 (1.50 to 2.50)".split()
    )
    assert lines[-1] == "medians of 3 runs, and their spread"


def test_the_report_is_json_with_the_same_numbers() -> None:
    report = json.loads(json.dumps(drs_emulator.report(Load(), RUNS)))

    assert report["load"]["virtual_seconds"] == 1_000_000
    assert report["seconds"]["together"] == {
        "wall": {"median": 5.0, "least": 4.0, "most": 10.0},
        "cpu": {"median": 2.5, "least": 2.0, "most": 3.0},
    }
