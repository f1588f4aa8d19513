"""A world tells of what it cannot say anything about."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.cloud.calls import AwsCall, Fault
from harness.equivalence import sides
from harness.equivalence.scenarios import Setup, Step
from harness.equivalence.world import CodeNotImportedError, World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Run the control's world."""
    with World(sides.stage(tmp_path / "control", sides.CONTROL)) as world:
        yield world


def test_failure_of_its_own_part_is_no_error_of_the_lambda(
    world: World,
) -> None:
    def fail(call: AwsCall) -> Fault | None:
        raise LookupError("no such trouble")

    world.open(Setup())
    world._cloud.on_call(before=fail)

    with pytest.raises(LookupError, match="no such trouble"):
        world.perform(Step("go on"))


def test_code_that_cannot_be_imported_is_told(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "index.py").write_text("import no_such_module\n")
    code = sides.stage(tmp_path / "staged", own, own, own)

    with World(code) as world:
        world.open(Setup())
        with pytest.raises(CodeNotImportedError, match="no_such_module"):
            world.perform(Step("go on"))
