"""One result for each started wave, whatever the contract lets be missing."""

from shared import wave_results
from tests import builders


def test_wave_is_named_by_its_place_when_the_plan_names_it_not() -> None:
    names = [{"waveName": None}, {"waveName": ""}, {"waveName": "Web"}]
    state = builders.state(waves=[*names, {}])

    given = [wave_results.wave_name(state, number) for number in range(4)]

    assert given == ["Wave 1", "Wave 2", "Web", "Wave 4"]


def test_result_takes_the_place_of_an_earlier_one_of_its_wave() -> None:
    first, second = builders.wave_result(0), builders.wave_result(1)
    state = builders.state(wave_results=[first, second])
    again = second | {"status": "LAUNCHING"}

    wave_results.put(state, again)

    assert state["wave_results"] == [first, again]
    assert wave_results.find(state, 1) is again
    assert wave_results.find(state, 2) is None


def test_servers_are_pending_when_their_wave_has_just_started() -> None:
    state = builders.state(
        job_id=builders.JOB_ID, region="eu-west-1", server_ids=["s-1", "s-2"]
    )

    result = wave_results.started(state, 0)

    assert result.pop("startTime") > builders.NOW
    expected = builders.wave_result(serverIds=["s-1", "s-2"])
    assert result == {
        key: value for key, value in expected.items() if key != "startTime"
    } | {"region": "eu-west-1"}
