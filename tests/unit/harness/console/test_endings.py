"""How a command ends that does not come to its own end."""

import pytest

from harness.console import endings


def test_defect_is_told_apart_from_what_was_tried(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def broken() -> int:
        raise LookupError("a table without legs")

    assert endings.exit_code(broken) == 2

    told = capsys.readouterr().err
    assert "LookupError: a table without legs" in told
    assert told.endswith("This is a defect of drs-orch itself.\n")


def test_exit_code_is_that_of_the_command_when_it_ends() -> None:
    assert endings.exit_code(lambda: 1) == 1
