"""InitializeService."""

from collections.abc import Mapping
from typing import Any

from harness.drs.engine.region import Region


def initialize(
    region: Region, parameters: Mapping[str, Any]
) -> dict[str, Any]:
    """Let the account use DRS in this Region; repeating is no error."""
    region.initialize()
    return {}
