"""What the strategies draw is valid and coherent, and edits break it."""

from pathlib import Path

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from harness.contracts import load
from harness.contracts.engines import fast_findings
from tests.builders import Document
from tests.contract import mutations, states

CONTRACTS = load(Path(__file__).parents[2] / "contracts")
FEW = settings(max_examples=25, deadline=None, derandomize=True)
VALIDATORS = {
    name: CONTRACTS.fast_validator(name) for name in CONTRACTS.schemas
}


def drawn(name: str) -> st.SearchStrategy[object]:
    return states.documents(name, CONTRACTS.schemas[name])


@pytest.mark.parametrize("name", CONTRACTS.schemas)
@FEW
@given(data=st.data())
def test_drawn_document_is_valid(name: str, data: st.DataObject) -> None:
    document = data.draw(drawn(name))

    assert fast_findings(VALIDATORS[name], document) == set()


@FEW
@given(state=states.answers())
def test_drawn_state_is_coherent(state: Document) -> None:
    results = state["wave_results"]
    done = [each for each in results if each["status"] == "COMPLETED"]
    servers = [each["sourceServerId"] for each in _last(state)]

    assert [each["waveNumber"] for each in results] == list(
        range(len(results))
    )
    assert state["completed_waves"] == len(done) <= len(state["waves"])
    assert state["server_ids"] in ([], servers)
    assert len(state["waves"]) == state["total_waves"]


@pytest.mark.parametrize("status", states.STATUSES)
@pytest.mark.parametrize("count", [2, states.MOST_WAVES])
def test_every_status_is_drawn_with_few_and_many_waves(
    status: str, count: int
) -> None:
    found = find(
        states.answers((status,)),
        lambda state: len(state["waves"]) == count,
        settings=settings(FEW, max_examples=500, phases=[Phase.generate]),
    )

    assert found["status"] == status


@pytest.mark.parametrize(
    "kind, place, expected",
    [
        ("put", (), None),
        ("put", ("a", 0), {"a": [None]}),
        ("drop", ("a", 0), {"a": []}),
        ("drop", ("a",), {}),
        ("add", (), {"a": [1], "added-later": None}),
    ],
)
def test_edit_changes_one_place_of_a_copy(
    kind: str, place: mutations.Place, expected: object
) -> None:
    document = {"a": [1]}

    edited = mutations.Edit(kind, place).apply(document)

    assert edited == expected
    assert document == {"a": [1]}


@pytest.mark.parametrize("name", CONTRACTS.schemas)
def test_edit_that_breaks_the_contract_is_found(name: str) -> None:
    document = CONTRACTS.schemas[name]["examples"][0]

    edit = find(
        mutations.edits(document),
        lambda drawn: bool(
            fast_findings(VALIDATORS[name], drawn.apply(document))
        ),
        settings=FEW,
    )

    assert edit.kind in ("put", "drop")


def _last(state: Document) -> list[Document]:
    results = state["wave_results"]
    found: list[Document] = results[-1]["serverStatuses"] if results else []
    return found
