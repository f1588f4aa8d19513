"""Samples are fair to every module, and results add up to a score."""

import json
from collections import Counter
from pathlib import Path

from harness.cloud import project
from tests.mutation import choosing, results
from tests.mutation.mutations import Mutation
from tests.mutation.results import Book

LAMBDA = project.ROOT / "lambda"


def mutation(module: str = "shared/clock.py", line: int = 1) -> Mutation:
    return Mutation(module, "f", "constant", "1", f"{line}", 1, 0, line)


def test_every_change_of_the_candidate_can_be_made() -> None:
    everything = choosing.mutations(LAMBDA)
    sources = {
        module: (LAMBDA / module).read_text(encoding="utf-8")
        for module in {each.module for each in everything}
    }

    for each in choosing.sample(everything, 200, seed=0):
        compile(each.applied(sources[each.module]), each.module, "exec")
    assert len({each.name for each in everything}) == len(everything) > 1_500


def test_sample_takes_of_each_module_in_proportion() -> None:
    everything = [
        mutation(module, line)
        for module, number in (("a", 100), ("b", 50), ("c", 10))
        for line in range(number)
    ]

    chosen = choosing.sample(everything, 32, seed=1)

    counts = Counter(each.module for each in chosen)
    assert abs(counts["a"] - 20) <= 1
    assert abs(counts["b"] - 10) <= 1
    assert abs(counts["c"] - 2) <= 1


def test_larger_sample_holds_the_smaller_one() -> None:
    everything = [mutation(line=line) for line in range(50)]

    small = choosing.sample(everything, 10, seed=3)

    assert choosing.sample(everything, 20, seed=3)[:10] == small


def test_contracts_and_log_texts_are_left_out() -> None:
    names = {path.stem for path in choosing.modules(LAMBDA)}

    assert names >= {"wave_polls", "recovery_jobs", "launch_templates"}
    assert not any(name.startswith("contract") for name in names)
    assert "log_lines" not in names


def test_result_is_found_again_when_a_run_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    Book(path, LAMBDA).add(mutation(), {"verdict": "killed"})

    result = Book(path, LAMBDA).get(mutation())

    assert result is not None
    assert result["verdict"] == "killed"


def test_result_does_not_count_when_the_code_has_changed(
    tmp_path: Path,
) -> None:
    code = tmp_path / "shared" / "clock.py"
    code.parent.mkdir()
    code.write_text("x = 1\n", encoding="utf-8")
    path = tmp_path / "results.jsonl"
    Book(path, tmp_path).add(mutation(), {"verdict": "killed"})

    code.write_text("x = 2\n", encoding="utf-8")

    assert Book(path, tmp_path).get(mutation()) is None


def test_score_leaves_out_what_nobody_could_notice() -> None:
    killed, equivalent, survivor = (mutation(line=line) for line in (2, 3, 4))
    judged = [
        (killed, {"verdict": "killed"}),
        (equivalent, {"verdict": "survived"}),
        (survivor, {"verdict": "survived"}),
    ]

    (score,) = results.scores(judged, {equivalent.name: "says the same"})

    assert (score.killed, score.equivalent) == (1, 1)
    assert score.survivors == (survivor,)
    assert score.percent == 50


def test_known_survivors_are_changes_of_today() -> None:
    names = {each.name for each in choosing.mutations(LAMBDA)}

    assert results.known().keys() <= names
    assert all(json.loads(results.KNOWN.read_text("utf-8")).values())
