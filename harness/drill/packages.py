"""The functions' zips for a drill that runs them, built from the sources."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from harness.drill.views import View
from harness.packages import sources
from harness.packages.building import build
from harness.packages.command import ROOT


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
