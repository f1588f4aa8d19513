"""How hard the laws are tried; choose with ``HYPOTHESIS_PROFILE``."""

import os

from hypothesis import HealthCheck, Phase, settings

_COMMON = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
_QUICK = [phase for phase in Phase if phase is not Phase.explain]

settings.register_profile(
    "dev", _COMMON, max_examples=25, derandomize=True, phases=_QUICK
)
settings.register_profile(
    "ci", _COMMON, max_examples=200, derandomize=True, phases=_QUICK
)
settings.register_profile("nightly", _COMMON, max_examples=5000)
settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE")
    or ("ci" if os.environ.get("CI") else "dev")
)
