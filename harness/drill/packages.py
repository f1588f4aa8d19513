"""The functions' zips for a drill that runs them, built from the sources."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from harness.cloud.packaged import emulator_binary
from harness.drill.options import Lambdas
from harness.drill.orders import Order
from harness.drill.views import View
from harness.packages import sources
from harness.packages.building import build
from harness.packages.command import ROOT

# In which ways functions run, one after the other.
_WAYS = {
    Lambdas.BOTH: (Lambdas.IN_PROCESS, Lambdas.PACKAGED),
    Lambdas.ALL: (Lambdas.IN_PROCESS, Lambdas.PACKAGED, Lambdas.RIE),
}


@contextmanager
def ordered(
    order: Order, lambdas: Lambdas, view: View
) -> Iterator[list[Order]]:
    """Give an order for each way in which functions are to run.

    Raises:
        PackagingError: A zip cannot be built.
        NoEmulatorError: AWS's emulator cannot be had.
    """
    ways = _WAYS.get(lambdas, (lambdas,))
    orders = {Lambdas.IN_PROCESS: order}
    # First, as zips take longer to build than it takes to find none.
    emulator = emulator_binary.obtain() if Lambdas.RIE in ways else None
    with ExitStack() as stack:
        if ways != (Lambdas.IN_PROCESS,):
            packaged = replace(
                order, packages=stack.enter_context(built(view))
            )
            orders[Lambdas.PACKAGED] = packaged
            orders[Lambdas.RIE] = replace(packaged, emulator=emulator)
        yield [orders[way] for way in ways]


@contextmanager
def built(view: View) -> Iterator[Path]:
    """Build all zips for this machine, and take them away afterwards.

    Raises:
        PackagingError: A zip cannot be built.
    """
    with TemporaryDirectory() as name:
        folder = Path(name)
        with view.preparing("Building the packages"):
            for _ in build(sources.find(ROOT), None, folder):
                pass
        yield folder
