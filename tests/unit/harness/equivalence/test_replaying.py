"""What is told of a step that was carried out again holds no secret."""

from harness.equivalence import replaying
from harness.equivalence.pairs import Pair
from harness.equivalence.scenarios import Scenario, Setup, Step
from harness.equivalence.world import Outcome

TOKEN = "token-of-the-gate"


class Told:
    """The other end of a world whose steps fail with a secret."""

    def ask(self, question: object) -> None:
        """Take any question."""

    def answer(self) -> Outcome:
        """Tell of an error."""
        error = {"errorType": "ValueError", "errorMessage": f"bad {TOKEN}"}
        attempt = {
            "action": "store_task_token",
            "error": error,
            "state": None,
            "input_changed": False,
        }
        seen = {"attempts": [attempt], "confidential": frozenset({TOKEN})}
        return Outcome(seen, None, None, ())


def test_a_secret_is_hidden_when_an_error_tells_it() -> None:
    pair = Pair(Told(), Told())  # type: ignore[arg-type]

    [step] = replaying.scenario(pair, Scenario(Setup(), (Step("go on"),)))

    assert step.ending == "ValueError: bad ***"
