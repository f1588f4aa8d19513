"""The benchmark of the contracts measures good documents, and shows all."""

import json
import os

import pytest

from benchmarks import contracts as benchmark
from benchmarks.contract_states import boundaries
from shared.contracts import Direction, find_violations


@pytest.mark.parametrize(("waves", "servers"), benchmark.SIZES)
def test_measured_documents_keep_their_contracts(
    waves: int, servers: int
) -> None:
    for (action, way), document in boundaries(waves, servers).items():
        direction: Direction = "request" if way == "request" else "response"
        assert find_violations(action, direction, document) == []


def test_every_boundary_and_import_is_shown_when_it_was_measured() -> None:
    before = dict(os.environ)
    measured = benchmark.run(1, [(2, 3)], ["query-handler"])

    lines = benchmark.table(measured).splitlines()

    assert dict(os.environ) == before
    assert json.loads(json.dumps(measured)) == measured
    assert sum(line.startswith("2 x 3") for line in lines) == 4
    assert [line.split()[0] for line in lines[-3:]] == [
        "query-handler",
        "jsonschema",
        "medians,",
    ]
