"""Durations as a person writes them: `90s`, `10m`, `1h30m`, `2d`."""

import re

_SECONDS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
_PART = r"(?:(\d+(?:\.\d+)?)\s*{unit})?\s*"
_FORM = re.compile("".join(_PART.format(unit=unit) for unit in _SECONDS))
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
# Time ends at the year 9999; nobody advances a century by intent.
_LONGEST = 36_525 * 86_400


class DurationError(ValueError):
    """A text is no duration."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(
            f"{text!r} is no duration: write 90s, 10m, 1h30m or 2d "
            "(at most a century)"
        )


def seconds(text: str) -> float:
    """Read a duration; a number without a unit counts seconds.

    Raises:
        DurationError: The text is none.
    """
    text = text.strip()
    if _NUMBER.fullmatch(text):
        return _within_bounds(text, float(text))
    found = _FORM.fullmatch(text)
    if not text or found is None:
        raise DurationError(text)
    parts = zip(found.groups(), _SECONDS.values(), strict=True)
    total = sum(float(amount or 0) * unit for amount, unit in parts)
    return _within_bounds(text, total)


def _within_bounds(text: str, total: float) -> float:
    if total > _LONGEST:
        raise DurationError(text)
    return total
