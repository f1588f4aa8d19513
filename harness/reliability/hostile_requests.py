"""Hostile requests: edits of good ones, and documents out of nothing."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from hypothesis import strategies as st

from harness import contracts
from harness.cloud import project
from harness.contracts.parties import PARTIES
from harness.reliability import hostile_edits, hostile_json
from harness.reliability.hostile_stages import (
    ORCHESTRATIONS,
    SECRETS,
    GoodRequest,
)

# One drawn out of nothing for so many that were good.
_EDITED = 9


@dataclass(frozen=True)
class HostileRequest:
    """A request as a Lambda gets it.

    Attributes:
        function: Folder of the Lambda.
        payload: JSON, or what claims to be.
    """

    function: str
    payload: str

    @property
    def passes(self) -> bool:
        """Whether its contract lets it pass, so that it may change much."""
        try:
            document = json.loads(self.payload)
        except (ValueError, RecursionError):
            return False
        return _passes(self.function, document)


def drawn(good: list[GoodRequest]) -> st.SearchStrategy[HostileRequest]:
    """Draw hostile requests of one stage.

    Args:
        good: What the Lambdas are asked there.
    """
    values = st.sampled_from(sorted(set(_values(good)), key=repr))
    edited = st.builds(
        _edited, st.sampled_from(good), hostile_edits.edits(values)
    )
    made = st.builds(
        _made,
        st.sampled_from(good),
        st.recursive(
            hostile_edits.odd_values,
            lambda inner: st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(hostile_json.ODD_KEYS), inner, max_size=4
            ),
            max_leaves=12,
        ),
    )
    return st.integers(0, _EDITED).flatmap(
        lambda turn: edited if turn < _EDITED else made
    )


def _edited(
    good: GoodRequest, edits: list[hostile_edits.Edit]
) -> HostileRequest:
    document = hostile_edits.apply(good.document, edits)
    return HostileRequest(good.function, hostile_json.written(document))


def _made(good: GoodRequest, document: Any) -> HostileRequest:
    if isinstance(document, dict):
        document.setdefault("action", good.document["action"])
    return HostileRequest(good.function, hostile_json.written(document))


def _values(good: list[GoodRequest]) -> Iterator[Any]:
    """Give what stands in good requests, but for secrets."""
    for request in good:
        for way in hostile_edits.places(request.document):
            value: Any = request.document
            for step in way:
                value = value[step]
            scalar = isinstance(value, (str, int))
            if scalar and value not in SECRETS:
                yield value


@cache
def _contracts() -> contracts.Contracts:
    return contracts.load(project.ROOT / "contracts")


@cache
def _validator(name: str) -> Any:
    return _contracts().fast_validator(name)


def _passes(function: str, document: Any) -> bool:
    if not isinstance(document, dict):
        return False
    prefix = "orchestration/" if function in ORCHESTRATIONS else ""
    action = str(document.get("action"))
    if prefix and action == "poll_wave_status":
        action = "update_wave_status"
    version = document.get("contract_version", "1")
    name = f"v{version}/{prefix}{action}/request"
    if name not in _contracts().schemas or prefix + action not in PARTIES:
        return False
    try:
        return bool(_validator(name).is_valid(document))
    except (ValueError, RecursionError):
        return False
