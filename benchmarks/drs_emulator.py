"""How long the emulator takes for a million seconds of virtual time.

300 servers are recovered in waves of 100, one after the other, as an
orchestrator does it: each wave is started and polled until it is complete,
and its instances are read. Then time passes, hour by hour, to the end.

    python -m benchmarks.drs_emulator [--profile]
"""

import argparse
import cProfile
import os
import pstats
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import boto3
import time_machine
from moto import mock_aws

from harness import drs

if TYPE_CHECKING:
    from mypy_boto3_drs import DrsClient

ACCOUNT = "123456789012"
REGION = "us-east-1"
START = datetime(2026, 1, 5, tzinfo=UTC)
SERVERS = 300
WAVE = 100
POLL_SECONDS = 30
VIRTUAL_SECONDS = 1_000_000


@dataclass
class Stopwatch:
    """Wall and processor seconds of each part, in the order they ran."""

    parts: dict[str, tuple[float, float]] = field(default_factory=dict)

    @contextmanager
    def measuring(self, part: str) -> Iterator[None]:
        """Measure a part of the run."""
        # time_machine leaves these two clocks alone.
        wall, processor = time.perf_counter(), time.process_time()
        yield
        self.parts[part] = (
            time.perf_counter() - wall,
            time.process_time() - processor,
        )

    def report(self) -> str:
        """Make a table of the parts and their sum."""
        sums = [sum(column) for column in zip(*self.parts.values())]
        rows = [*self.parts.items(), ("together", tuple(sums))]
        head = f"{'':24}{'wall s':>9}{'cpu s':>9}"
        lines = [f"{n:24}{row[0]:9.2f}{row[1]:9.2f}" for n, row in rows]
        return "\n".join([head, *lines])


def run() -> Stopwatch:
    """Carry the whole run out in this process."""
    watch = Stopwatch()
    drs.register()
    drs.reset(seed=1)
    with time_machine.travel(START, tick=False) as clock, mock_aws():
        with watch.measuring("first use of moto"):
            boto3.client("ec2", REGION).describe_vpcs()
            client = boto3.client("drs", REGION)
        with watch.measuring(f"add {SERVERS} servers"):
            servers = _add_servers()
        for number in range(0, SERVERS, WAVE):
            with watch.measuring(f"recover {number + 1} to {number + WAVE}"):
                _recover(client, clock, servers[number : number + WAVE])
        with watch.measuring("pass the remaining time"):
            _pass_remaining_time(client, clock)
    return watch


def _add_servers() -> list[str]:
    region = drs.region(ACCOUNT, REGION)
    return [
        region.add_source_server(drs.SourceServerSeed(f"server-{number}"))
        for number in range(SERVERS)
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
    client: "DrsClient", clock: time_machine.Traveller
) -> None:
    end = START + timedelta(seconds=VIRTUAL_SECONDS)
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


def main() -> None:
    """Run and report, if wanted with the functions that took longest."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profile", action="store_true")
    # No real credentials, and no images that nobody launches from.
    os.environ |= {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",
    }
    if parser.parse_args().profile:
        profile = cProfile.Profile()
        print(profile.runcall(run).report())
        pstats.Stats(profile).sort_stats("cumulative").print_stats(40)
    else:
        print(run().report())


if __name__ == "__main__":
    main()
