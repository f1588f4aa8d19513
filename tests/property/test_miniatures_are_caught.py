"""Candidates that are wrong on purpose are told from the control."""

from collections.abc import Iterator

import pytest

from tests.property.miniatures.catalogue import MINIATURES
from tests.property.miniatures.hunting import Hunt, hunt
from tests.property.miniatures.miniature import (
    EditDoesNotApplyError,
    Miniature,
)

# The rest takes minutes: `make miniatures`.
SOON_CAUGHT = (
    "wave-start-time-dropped",
    "started-job-not-recorded",
    "recovery-started-twice",
    "cancel-lost-by-the-poll",
)


@pytest.fixture(scope="module")
def hunting() -> Iterator[Hunt]:
    with hunt() as worlds:
        yield worlds


@pytest.mark.parametrize("miniature", MINIATURES.values(), ids=MINIATURES)
def test_edit_still_fits_the_candidate(miniature: Miniature) -> None:
    compile(miniature.edited(), miniature.file, "exec")


def test_edit_is_refused_when_the_code_has_become_another() -> None:
    gone = Miniature("gone", "Nothing.", "shared/clock.py", "no such text", "")

    with pytest.raises(EditDoesNotApplyError, match="stands 0 times"):
        gone.edited()


def test_names_and_sentences_are_unique() -> None:
    sentences = {miniature.breaks for miniature in MINIATURES.values()}

    assert len(sentences) == len(MINIATURES) >= 28


@pytest.mark.parametrize("name", SOON_CAUGHT)
def test_wrong_candidate_is_caught(hunting: Hunt, name: str) -> None:
    catch = hunting.catch(MINIATURES[name], most=60)

    assert catch is not None
    assert catch.difference.path


def test_real_candidate_is_not_caught(hunting: Hunt) -> None:
    same = Miniature(
        name="unchanged",
        breaks="Nothing.",
        file="shared/clock.py",
        old="import time\n",
        new="import time\n\n",
    )

    assert hunting.catch(same, most=3) is None
