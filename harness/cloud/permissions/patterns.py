"""The wildcards of policies: `*` is any text, `?` any one character."""

import re
from functools import lru_cache

_WILDCARDS = {"*": ".*", "?": "."}
_ARN_PARTS = 6


def matches(pattern: str, text: str) -> bool:
    """Tell whether a pattern fits all of a text; case counts."""
    return _compiled(pattern).fullmatch(text) is not None


def arn_matches(pattern: str, arn: str) -> bool:
    """Tell whether a pattern fits an ARN in each of its six parts.

    So compares `ArnLike`: a wildcard reaches over no colon, but in the
    last part.
    """
    patterns = pattern.split(":", _ARN_PARTS - 1)
    parts = arn.split(":", _ARN_PARTS - 1)
    return len(patterns) == len(parts) and all(
        matches(each, part) for each, part in zip(patterns, parts, strict=True)
    )


@lru_cache(maxsize=None)
def _compiled(pattern: str) -> re.Pattern[str]:
    translated = [_WILDCARDS.get(each, re.escape(each)) for each in pattern]
    return re.compile("".join(translated), re.DOTALL)
