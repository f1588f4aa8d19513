"""Environment variables that hold for a while."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

# What boto3 reads begins so; there are too many to name, and more to come.
_BOTO3S = ("AWS_", "BOTO")
# No real credentials, nothing from a home directory.
_OWN: Mapping[str, str | None] = {
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    # It would replace the account of every assumed role.
    "MOTO_ACCOUNT_ID": None,
    # Images cost a fifth of a second in each account and Region.
    "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",
}


def sandbox() -> dict[str, str | None]:
    """Give the variables that keep boto3 away from everything real.

    A variable of the user's shell can break boto3 (an unknown profile),
    change what it does (retries) or lead it away (endpoints), so none is
    kept. boto3 reads some of them when moto is imported.

    Returns:
        A value for each variable to set; None for one to unset.
    """
    theirs = (name for name in os.environ if name.startswith(_BOTO3S))
    return {**dict.fromkeys(theirs), **_OWN}


@contextmanager
def applied(values: Mapping[str, str | None]) -> Iterator[None]:
    """Set environment variables (None: unset), and put them back after."""
    before = {name: os.environ.get(name) for name in values}
    _set(values)
    try:
        yield
    finally:
        _set(before)


def _set(values: Mapping[str, str | None]) -> None:
    for name, value in values.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
