"""Choose what runs packages: our own Runtime API, or AWS's emulator."""

from harness.cloud.clock import VirtualClock
from harness.cloud.packaged.emulated import AwsParts, EmulatedRunner
from harness.cloud.packaged.runner import PackagedRunner
from harness.cloud.settings import LocalCloudSettings


def make(
    settings: LocalCloudSettings, clock: VirtualClock, aws: AwsParts
) -> PackagedRunner:
    """Make what runs the packages of a cloud.

    Args:
        aws: What answers the AWS calls of the processes.
    """
    packages, emulator = settings.packages, settings.emulator
    if emulator is None:
        return PackagedRunner(packages, clock, *aws)
    return EmulatedRunner(emulator, packages, clock, aws)
