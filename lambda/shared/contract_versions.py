"""Which version of an action's contract a request asks for."""

from shared import contract_files, contract_values
from shared.contract_violations import Violation, violation

KEY = "contract_version"


def oldest(action: str) -> str:
    """Return the version that counts when a request asks for none.

    Raises:
        NoContractError: The action has no contract.
    """
    return contract_files.versions(action)[0]


def asked(action: str, request: object) -> str | None:
    """Return the version to answer a request by.

    Returns:
        The one it asks for, the oldest if it asks for none, and None if it
        asks for one that is not served.

    Raises:
        NoContractError: The action has no contract.
    """
    served = contract_files.versions(action)
    if not isinstance(request, dict) or KEY not in request:
        return served[0]
    # A list or an object is no key of a set, so look through them.
    return next((each for each in served if each == request[KEY]), None)


def unserved(action: str, request: object) -> Violation:
    """Say which versions are served instead of the one asked for."""
    served = contract_files.versions(action)
    expected = " or ".join(f'"{version}"' for version in served)
    actual = contract_values.describe(request, (KEY,))
    return violation((KEY,), "version", expected, actual)
