"""What a call is about, where a function works on many such at once.

The threads of a function make their calls in any order. Calls about one
subject keep theirs, so whoever counts calls must count those of a subject.
"""

from collections.abc import Mapping
from typing import Any

# Parameters that name one source server or launch template.
_PARAMS = ("sourceServerID", "LaunchTemplateId")


def subject(params: Mapping[str, Any]) -> str:
    """Name the server or launch template that a call is about.

    Args:
        params: The call's, in the API's own shape.

    Returns:
        Its id; empty for a call about none, or about several.
    """
    for name in _PARAMS:
        if isinstance(found := params.get(name), str):
            return found
    return ""
