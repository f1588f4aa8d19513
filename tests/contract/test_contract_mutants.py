"""Nothing can be taken from a schema without an example that misses it."""

from pathlib import Path

from harness.contracts import mutants

FOLDER = Path(__file__).parents[2] / "contracts"


def test_every_rule_and_tolerance_of_the_contracts_is_missed() -> None:
    outcome = mutants.try_folder(FOLDER)

    unexplained = [n for n, why in outcome.survivors.items() if not why]
    assert unexplained == []
    assert outcome.unused == ()
    assert set(outcome.counts) >= {"required", "enum", "pattern", "type"}
