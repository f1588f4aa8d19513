"""A wave that was started in the outside world, for a poll to look at."""

from typing import TYPE_CHECKING, Any

from tests import builders

if TYPE_CHECKING:
    from tests.unit.lambdas import Lambdas
    from tests.unit.outside_world import OutsideWorld

State = dict[str, Any]
# Later than any job of the emulator's Linux profile takes.
LAUNCHED = 1200


def waves_of(*servers: str) -> list[State]:
    """Build waves that each recover one server."""
    return [
        builders.wave(number, serverIds=[server_id])
        for number, server_id in enumerate(servers)
    ]


def begun(
    world: "OutsideWorld",
    lambdas: "Lambdas",
    *servers: str,
    waves: list[Any] | None = None,
) -> State:
    """Start the first wave with some servers and return the state."""
    world.put_group(sourceServerIds=list(servers))
    world.put_execution(status="RUNNING")
    state = lambdas.start(builders.state(waves=waves or builders.waves(1)))
    world.calls.clear()
    return state
