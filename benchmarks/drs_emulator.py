"""How long the emulator takes for a million seconds of virtual time.

300 servers are recovered in waves of 100, one after the other, as an
orchestrator does it: each wave is started and polled until it is complete,
and its instances are read. Then time passes, hour by hour, to the end.

    python -m benchmarks.drs_emulator [--repetitions 5] [--json] [--profile]

Each repetition is a process of its own, as what moto loads on its first use
is loaded only once in a process. Imports are not counted.
"""

import argparse
import cProfile
import json
import multiprocessing
import os
import pstats
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from platform import python_version
from typing import TYPE_CHECKING, Any

import boto3
import time_machine
from moto import mock_aws

from benchmarks.measurements import Stopwatch, document, table
from harness import drs

if TYPE_CHECKING:
    from mypy_boto3_drs import DrsClient

ACCOUNT = "123456789012"
REGION = "us-east-1"
START = datetime(2026, 1, 5, tzinfo=UTC)
POLL_SECONDS = 30


@dataclass(frozen=True)
class Load:
    """How much is recovered, and how much virtual time passes in all."""

    servers: int = 300
    wave: int = 100
    virtual_seconds: int = 1_000_000


def run(load: Load) -> Stopwatch:
    """Carry a load out in this process.

    Args:
        load: What to recover; its waves are equal.

    Returns:
        What each part took.
    """
    watch = Stopwatch()
    drs.register()
    drs.reset(seed=1)
    with time_machine.travel(START, tick=False) as clock, mock_aws():
        with watch.measuring("first use of moto"):
            boto3.client("ec2", REGION).describe_vpcs()
            client = boto3.client("drs", REGION)
        with watch.measuring(f"add {load.servers} servers"):
            servers = _add_servers(load.servers)
        for first in range(0, load.servers, load.wave):
            last = first + load.wave
            with watch.measuring(f"recover {first + 1} to {last}"):
                _recover(client, clock, servers[first:last])
        with watch.measuring("pass the remaining time"):
            _pass_remaining_time(client, clock, load.virtual_seconds)
    return watch


def _add_servers(number: int) -> list[str]:
    region = drs.region(ACCOUNT, REGION)
    return [
        region.add_source_server(drs.SourceServerSeed(f"server-{each}"))
        for each in range(number)
    ]


def _recover(
    client: "DrsClient", clock: time_machine.Traveller, servers: list[str]
) -> None:
    job = client.start_recovery(
        sourceServers=[{"sourceServerID": each} for each in servers]
    )["job"]
    while job["status"] != "COMPLETED":
        _pass(clock, POLL_SECONDS)
        wanted = [job["jobID"]]
        job = client.describe_jobs(filters={"jobIDs": wanted})["items"][0]
    found = client.describe_recovery_instances(
        filters={"sourceServerIDs": servers}
    )
    assert len(found["items"]) == len(servers), "not all were launched"


def _pass_remaining_time(
    client: "DrsClient", clock: time_machine.Traveller, virtual_seconds: int
) -> None:
    end = START + timedelta(seconds=virtual_seconds)
    while datetime.now(UTC) < end:
        _pass(clock, min(3600, (end - datetime.now(UTC)).total_seconds()))
        client.describe_jobs(maxResults=1)


def _pass(clock: time_machine.Traveller, seconds: float) -> None:
    """Let time pass event by event, as the local cloud's clock does."""
    end = datetime.now(UTC) + timedelta(seconds=seconds)
    while (moment := drs.next_event_at()) and moment <= end:
        clock.move_to(moment)
        drs.advance_to(moment)
    clock.move_to(end)


def repeat(load: Load, repetitions: int) -> list[Stopwatch]:
    """Carry a load out several times, each in a fresh process."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1, maxtasksperchild=1) as pool:
        return pool.map(run, [load] * repetitions, chunksize=1)


def report(load: Load, runs: Sequence[Stopwatch]) -> dict[str, Any]:
    """Describe a load and what its runs took, in seconds."""
    return {
        "load": asdict(load),
        "repetitions": len(runs),
        "python": python_version(),
        "moto": version("moto"),
        "seconds": document(runs),
    }


def _profile(load: Load) -> None:
    profile = cProfile.Profile()
    print(table([profile.runcall(run, load)]))
    pstats.Stats(profile).sort_stats("cumulative").print_stats(40)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Measure a million virtual seconds of the DRS emulator."
    )
    parser.add_argument("--repetitions", type=int, default=3, help="runs")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--profile",
        action="store_true",
        help="run once and show the functions that took longest",
    )
    return parser.parse_args()


def main() -> None:
    """Run and report, if wanted with the functions that took longest."""
    options, load = _options(), Load()
    # No real credentials, and no images that nobody launches from.
    os.environ |= {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",
    }
    if options.profile:
        _profile(load)
        return
    runs = repeat(load, max(options.repetitions, 1))
    if options.json:
        print(json.dumps(report(load, runs), indent=2))
    else:
        print(table(runs))


if __name__ == "__main__":
    main()
