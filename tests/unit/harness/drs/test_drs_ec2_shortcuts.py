"""What moto's EC2 need not do for each request of the emulator.

A test called `..._still_needs_help_...` fails as soon as moto does without
it by itself: then its correction can go.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from moto import settings
from moto.ec2.models import ec2_backends
from moto.ec2.models.instance_types import INSTANCE_TYPE_OFFERINGS

from harness.drs.moto_adapter.patches import (
    instance_lookup,
    instance_types,
    method_names,
)

if TYPE_CHECKING:
    from tests.unit.harness.drs.conftest import Emulator

pytestmark = pytest.mark.in_process("watches moto work")
CORRECTIONS = (instance_lookup, instance_types, method_names)
OFFERINGS = INSTANCE_TYPE_OFFERINGS["region"]


class FirstOnly(list[dict[str, str]]):
    """Instance types that nobody may read through."""

    def __iter__(self) -> Iterator[dict[str, str]]:
        yield self[0]
        raise AssertionError("all instance types were read")


class Uncopied(dict[str, Any]):
    """Reservations that nobody may copy."""

    def copy(self) -> dict[str, Any]:
        raise AssertionError("all reservations were copied")


@pytest.fixture
def plain_moto(emulator: Emulator) -> Iterator[None]:
    """Take the corrections away for the length of a test."""
    for correction in CORRECTIONS:
        correction.remove()
    yield
    for correction in CORRECTIONS:
        correction.apply()


@pytest.fixture
def classes_read(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Note the classes whose attributes are all read."""
    read: list[Any] = []
    getmembers = inspect.getmembers

    def note(owner: Any, *rest: Any, **options: Any) -> Any:
        read.append(owner)
        return getmembers(owner, *rest, **options)

    monkeypatch.setattr(inspect, "getmembers", note)
    return read


def launch(emulator: Emulator, instance_type: str = "t3.medium") -> str:
    launched = emulator.ec2.run_instances(
        MinCount=1,
        MaxCount=1,
        ImageId="ami-77",
        InstanceType=instance_type,  # type: ignore[arg-type]
    )
    return launched["Instances"][0]["InstanceId"]


def forbid_copies(emulator: Emulator) -> None:
    backend = ec2_backends[emulator.account_id][emulator.region_name]
    backend.reservations = Uncopied(backend.reservations)


def forbid_reading_types(monkeypatch: pytest.MonkeyPatch) -> None:
    few = FirstOnly(OFFERINGS["us-east-1"])
    monkeypatch.setitem(OFFERINGS, "us-east-1", few)


def user_data(emulator: Emulator, instance_id: str) -> Any:
    return emulator.ec2.describe_instance_attribute(
        InstanceId=instance_id, Attribute="userData"
    )["UserData"]


def test_a_class_is_read_once_when_it_is_asked_twice(
    emulator: Emulator, classes_read: list[Any]
) -> None:
    emulator.ec2.describe_vpcs()
    classes_read.clear()

    emulator.ec2.describe_vpcs()

    assert classes_read == []


@pytest.mark.usefixtures("plain_moto")
def test_moto_still_needs_help_to_remember_operations(
    emulator: Emulator, classes_read: list[Any]
) -> None:
    emulator.ec2.describe_vpcs()
    classes_read.clear()

    emulator.ec2.describe_vpcs()

    assert len(classes_read) == 1


def test_an_instance_is_launched_without_reading_all_types(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    forbid_reading_types(monkeypatch)

    assert launch(emulator) in emulator.instances()


@pytest.mark.usefixtures("plain_moto")
def test_moto_still_needs_help_to_leave_types_alone(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    forbid_reading_types(monkeypatch)

    with pytest.raises(AssertionError, match="all instance types"):
        launch(emulator)


def test_an_unknown_type_is_refused_when_types_are_validated(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "EC2_ENABLE_INSTANCE_TYPE_VALIDATION", True)

    assert launch(emulator, "t3.medium")
    with pytest.raises(ClientError, match="InvalidInstanceType"):
        launch(emulator, "t3.gigantic")


def test_an_instance_is_found_without_a_copy_of_all(
    emulator: Emulator,
) -> None:
    instance = launch(emulator)
    forbid_copies(emulator)

    assert user_data(emulator, instance) == {}


def test_an_instance_is_not_found_when_it_does_not_exist(
    emulator: Emulator,
) -> None:
    launch(emulator)

    with pytest.raises(ClientError, match="InvalidInstanceID.NotFound"):
        user_data(emulator, "i-0123456789abcdef0")


@pytest.mark.usefixtures("plain_moto")
def test_moto_still_needs_help_to_find_an_instance(
    emulator: Emulator,
) -> None:
    instance = launch(emulator)
    forbid_copies(emulator)

    with pytest.raises(AssertionError, match="all reservations"):
        user_data(emulator, instance)
