"""Durations as people write them."""

import pytest

from harness.local_aws import durations


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90", 90),
        ("90s", 90),
        ("10m", 600),
        ("1.5h", 5400),
        ("1h30m", 5400),
        (" 2d 1s ", 172_801),
        ("0", 0),
    ],
)
def test_a_duration_is_read_when_it_is_one(text: str, seconds: float) -> None:
    assert durations.seconds(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "soon", "-1", "10x", "m", "30m1h", "1e9", "99999999d"]
)
def test_a_text_is_refused_when_it_is_no_duration(text: str) -> None:
    with pytest.raises(durations.DurationError, match="no duration"):
        durations.seconds(text)
