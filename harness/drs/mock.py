"""`mock_drs`, in the manner of moto's `mock_aws`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, overload

from harness.drs.engine.options import EmulatorOptions
from harness.drs.engine.profiles import LINUX, Profile

if TYPE_CHECKING:
    from harness.drs.moto_adapter.mock import MockDrs

P = ParamSpec("P")
T = TypeVar("T")


@overload
def mock_drs(decorated: Callable[P, T], /) -> Callable[P, T]:
    """Decorate without arguments."""


@overload
def mock_drs(
    decorated: None = None,
    /,
    *,
    seed: int = 0,
    profile: Profile = LINUX,
    options: EmulatorOptions | None = None,
    config: Mapping[str, Any] | None = None,
) -> MockDrs:
    """Make a mock, to enter or to decorate with."""


def mock_drs(
    decorated: Callable[..., Any] | None = None,
    /,
    *,
    seed: int = 0,
    profile: Profile = LINUX,
    options: EmulatorOptions | None = None,
    config: Mapping[str, Any] | None = None,
) -> Any:
    """Mock AWS with DRS in it: `mock_aws`, and an empty emulator.

    Use it as a decorator of functions and test classes, with or without
    arguments, or in a `with` statement, which gives a `MockDrs`.

    Args:
        decorated: What to decorate, if used without arguments.
        seed: Ids and jitter follow from it.
        profile: How long the phases of a job take.
        options: Choices; None for the defaults.
        config: moto's own configuration, as `mock_aws` takes it.

    Raises:
        DrsInMotoError: This moto has a ``drs`` of its own.
    """
    # The engine stands without moto: moto is loaded on the first use.
    from harness.drs.moto_adapter import mock

    chosen = options or EmulatorOptions()
    settings = mock.MockSettings(seed, profile, chosen)
    config_of_moto: Any = config
    return mock.mock(decorated, settings, config_of_moto)
