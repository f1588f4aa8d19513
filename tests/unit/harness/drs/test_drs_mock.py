"""`mock_drs` and the pytest fixture, as another project would use them."""

from __future__ import annotations

import subprocess
import sys
import unittest
from datetime import UTC, datetime, timedelta
from pathlib import Path
from textwrap import dedent
from typing import Any

import boto3
import pytest
from moto import mock_aws

from harness import drs
from harness.drs import mock_drs


@pytest.fixture(autouse=True)
def few_images(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")


def client() -> Any:
    return boto3.client("drs", "us-east-1")


def listed() -> list[str]:
    items = client().describe_source_servers(filters={})["items"]
    return [item["sourceServerID"] for item in items]


def recover(server_id: str) -> str:
    answer = client().start_recovery(
        isDrill=True, sourceServers=[{"sourceServerID": server_id}]
    )
    return str(answer["job"]["jobID"])


def status(job_id: str) -> str:
    (job,) = client().describe_jobs(filters={"jobIDs": [job_id]})["items"]
    return str(job["status"])


@mock_drs
def test_a_function_is_mocked_when_decorated_without_arguments() -> None:
    server_id = drs.region("123456789012", "us-east-1").add_source_server(
        drs.SourceServerSeed("web-1")
    )

    assert listed() == [server_id]


@mock_drs(seed=3, profile=drs.INSTANT)
def test_a_function_is_mocked_as_said_when_decorated_with_arguments() -> None:
    world = drs.region("123456789012", "us-east-1")
    server_id = world.add_source_server(drs.SourceServerSeed("web-1"))

    job_id = recover(server_id)

    assert status(job_id) == "COMPLETED"


@mock_drs()
class WorldOfAClassTest(unittest.TestCase):
    """A test class as moto's users write them."""

    def setUp(self) -> None:
        region = drs.region("123456789012", "us-east-1")
        self.server_id = region.add_source_server(
            drs.SourceServerSeed("web-1")
        )

    def test_what_set_up_made_is_there_when_a_test_begins(self) -> None:
        self.assertEqual(listed(), [self.server_id])

    def test_nothing_else_is_there_when_a_test_begins(self) -> None:
        self.assertEqual(len(listed()), 1)


def test_jobs_move_when_the_test_lets_time_pass() -> None:
    with mock_drs(seed=1) as world:
        job_id = recover(world.add_source_server("web-1"))

        world.advance(60)
        before = status(job_id)
        world.advance(900)

        assert (before, status(job_id)) == ("STARTED", "COMPLETED")


def test_time_is_the_process_s_again_when_a_mock_has_ended() -> None:
    with mock_drs() as first:
        first.advance(86_400)

    with mock_drs() as second:
        ahead = second.now() - datetime.now(UTC)

        assert abs(ahead) < timedelta(minutes=1)


def test_equal_seeds_give_equal_ids_and_others_do_not() -> None:
    drawn = []
    for seed in (1, 1, 2):
        with mock_drs(seed=seed) as world:
            drawn.append(world.add_source_server("web-1"))

    assert drawn[0] == drawn[1] != drawn[2]


def test_nothing_is_left_when_a_mock_is_entered_again() -> None:
    with mock_drs() as world:
        world.add_source_server("web-1")

    with mock_drs() as world:
        world.region().initialize()

        assert listed() == []


def test_options_hold_when_given() -> None:
    options = drs.EmulatorOptions(page_size=1)

    with mock_drs(options=options) as world:
        for name in ("web-1", "web-2"):
            world.add_source_server(name)

        answer = client().describe_source_servers(filters={})

        assert len(answer["items"]) == 1
        assert "nextToken" in answer


def test_accounts_and_regions_are_apart_when_asked_for_by_name() -> None:
    with mock_drs() as world:
        far = world.region("eu-west-1", "222222222222")
        far.add_source_server(drs.SourceServerSeed("web-1"))
        world.region().initialize()

        assert listed() == []
        assert far.account_id == "222222222222"


def test_it_stands_in_for_mock_aws_when_other_services_are_used() -> None:
    with mock_aws(), mock_drs() as world:
        server_id = world.add_source_server("web-1")
        names = boto3.client("ec2", "us-east-1").describe_launch_templates()

        assert server_id in str(names["LaunchTemplates"])


def test_the_fixture_gives_a_world_as_its_marker_says(tmp_path: Path) -> None:
    (tmp_path / "test_use.py").write_text(dedent("""
            import boto3
            import pytest

            from harness import drs


            def recover(world):
                client = boto3.client("drs", "us-east-1")
                server = world.add_source_server("web-1")
                job = client.start_recovery(
                    sourceServers=[{"sourceServerID": server}]
                )["job"]
                world.advance(30)
                return client.describe_jobs()["items"][0]["status"]


            @pytest.mark.drs(seed=1, profile=drs.INSTANT)
            def test_marked(drs_world):
                assert recover(drs_world) == "COMPLETED"


            def test_plain(drs_world):
                assert recover(drs_world) == "STARTED"
            """))

    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "--strict-markers",
            "--rootdir=.",
            "-p",
            "harness.drs.pytest_plugin",
            "-p",
            "no:cacheprovider",
            "test_use.py",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=150,
    )

    assert "2 passed" in done.stdout, done.stdout + done.stderr
