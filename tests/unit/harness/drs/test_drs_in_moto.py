"""Where the emulator meets moto, and what it corrects there."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from moto import backend_index
from moto.moto_api._internal import mock_random

from harness import drs
from harness.drs.moto_adapter.patches import (
    launch_template_versions,
    subnet_addresses,
)
from harness.drs.moto_adapter.plugin import DrsInMotoError
from harness.drs.moto_adapter.seeded_random import seeded

if TYPE_CHECKING:
    from tests.unit.harness.drs.conftest import Emulator


@pytest.fixture
def plain_moto(emulator: Emulator) -> Iterator[None]:
    """Take the corrections away for the length of a test."""
    launch_template_versions.remove()
    subnet_addresses.remove()
    yield
    launch_template_versions.apply()
    subnet_addresses.apply()


def inherited_image(emulator: Emulator) -> str | None:
    template = emulator.ec2.create_launch_template(
        LaunchTemplateName="web", LaunchTemplateData={"ImageId": "ami-77"}
    )["LaunchTemplate"]["LaunchTemplateName"]
    version = emulator.ec2.create_launch_template_version(
        LaunchTemplateName=template,
        SourceVersion="$Latest",
        LaunchTemplateData={"InstanceType": "t3.micro"},
    )["LaunchTemplateVersion"]["LaunchTemplateData"]
    assert version["InstanceType"] == "t3.micro"
    return version.get("ImageId")


def launch_outside_subnet(emulator: Emulator) -> None:
    subnet = emulator.ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    emulator.ec2.run_instances(
        MinCount=1,
        MaxCount=1,
        ImageId="ami-77",
        SubnetId=subnet,
        PrivateIpAddress="10.9.9.9",
    )


def launch_again_at_an_address(emulator: Emulator) -> None:
    subnet = emulator.ec2.describe_subnets()["Subnets"][0]
    address = subnet["CidrBlock"].replace(".0/", ".77/").split("/")[0]
    for _ in range(2):
        (instance,) = emulator.ec2.run_instances(
            MinCount=1,
            MaxCount=1,
            ImageId="ami-77",
            SubnetId=subnet["SubnetId"],
            PrivateIpAddress=address,
        )["Instances"]
        emulator.ec2.terminate_instances(InstanceIds=[instance["InstanceId"]])


def test_the_address_of_a_terminated_instance_is_free_again(
    emulator: Emulator,
) -> None:
    launch_again_at_an_address(emulator)


@pytest.mark.usefixtures("plain_moto")
@pytest.mark.in_process("takes corrections of moto away")
def test_moto_still_needs_help_to_free_addresses(emulator: Emulator) -> None:
    with pytest.raises(Exception, match="IP already in use"):
        launch_again_at_an_address(emulator)


def test_a_template_version_inherits_from_its_source(
    emulator: Emulator,
) -> None:
    assert inherited_image(emulator) == "ami-77"


@pytest.mark.usefixtures("plain_moto")
@pytest.mark.in_process("takes corrections of moto away")
def test_moto_still_needs_help_to_inherit_template_versions(
    emulator: Emulator,
) -> None:
    assert inherited_image(emulator) is None


@pytest.mark.usefixtures("plain_moto")
@pytest.mark.in_process("takes corrections of moto away")
def test_moto_still_needs_help_to_refuse_addresses(
    emulator: Emulator,
) -> None:
    with pytest.raises(Exception, match="subnet CIDR") as error:
        launch_outside_subnet(emulator)

    assert type(error.value) is Exception


def test_the_ids_of_moto_follow_from_a_key_and_leave_its_own_sequence() -> (
    None
):
    drs.register()
    mock_random.seed(1)
    expected = mock_random.get_random_hex(17)

    mock_random.seed(1)
    with seeded("server a"):
        first = mock_random.get_random_hex(17)
    with seeded("server a"):
        second = mock_random.get_random_hex(17)
    with seeded("server b"):
        third = mock_random.get_random_hex(17)

    assert mock_random.get_random_hex(17) == expected
    assert first == second != third


def test_the_ids_follow_from_a_key_when_other_threads_draw_too() -> None:
    drs.register()
    other = Thread(target=mock_random.get_random_hex, args=(17,))
    with seeded("server a"):
        expected = [mock_random.get_random_hex(17) for _ in range(2)]

    with seeded("server a"):
        first = mock_random.get_random_hex(17)
        other.start()
        other.join()
        second = mock_random.get_random_hex(17)

    assert [first, second] == expected


def test_registering_twice_changes_nothing() -> None:
    drs.register()
    before = list(backend_index.backend_url_patterns)

    drs.register()

    assert backend_index.backend_url_patterns == before


def test_registering_is_refused_when_moto_has_its_own_drs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    patterns = [("drs", re.compile("https?://drs"))]
    monkeypatch.setattr(backend_index, "backend_url_patterns", patterns)
    monkeypatch.delitem(sys.modules, "moto.drs", raising=False)

    with pytest.raises(DrsInMotoError, match="ships its own"):
        drs.register()


def test_the_engine_stands_without_moto() -> None:
    program = (
        "import sys, harness.drs, harness.drs.engine.world\n"
        "found = [m for m in sys.modules if m.split('.')[0] == 'moto']\n"
        "sys.exit(str(found) if found else 0)"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True
    )

    assert (done.returncode, done.stderr) == (0, "")
