"""Put the contracts beside the code that reads them, when a wheel is built.

The rest is said in pyproject.toml. The contracts stand at the top of the
sources, where every language finds them; an installed package has no top.
"""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

CONTRACTS = Path(__file__).parent / "contracts"
PUBLISHED = Path("harness", "contracts", "published")


class BuildWithContracts(build_py):
    """Copies the contracts to where `harness.contracts` looks for them."""

    def run(self) -> None:
        """Build the modules, then add the contracts."""
        super().run()
        # An editable installation reads the sources themselves.
        if not self.editable_mode:
            target = Path(self.build_lib) / PUBLISHED
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(CONTRACTS, target)


setup(cmdclass={"build_py": BuildWithContracts})
