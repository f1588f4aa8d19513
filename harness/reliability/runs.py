"""One run: an execution of a scene's plan, with a script of faults."""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from harness.cloud.executions import PAUSED
from harness.cloud.local_cloud import LocalCloud
from harness.cloud.operator import NotPausedError, Operator
from harness.cloud.real_time import RealTimeLimitExceeded
from harness.reliability import outcomes
from harness.reliability.outcomes import Job, Outcome
from harness.reliability.scenes import PLAN_ID, PLAN_NAME, Scene
from harness.reliability.worlds import World

# More gates than any plan here has: whoever opens more goes in circles.
_GATES = 50


@dataclass
class Execution:
    """One execution of a scene's plan in a world that has begun.

    Attributes:
        number: Tells the executions of one world apart.
        arn: Once it was started.
        faults: How many faults a script let it meet; a script counts.
    """

    world: World
    scene: Scene
    number: int = 0
    arn: str = ""
    faults: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def execution_id(self) -> str:
        """Its id, also the name of the state machine's execution."""
        return str(UUID(int=0xE0000000 + self.number, version=4))

    @property
    def cloud(self) -> LocalCloud:
        """The cloud it runs in."""
        return self.world.cloud

    @property
    def operator(self) -> Operator:
        """The person who watches over it."""
        return self.cloud.operator(self.execution_id, PLAN_ID)

    def create(self) -> "Execution":
        """Write the record that the API writes before it starts."""
        scene = self.scene
        self.operator.create(PLAN_NAME, scene.is_drill, len(scene.tiers))
        return self

    def start(self) -> "Execution":
        """Start the state machine."""
        document = self.scene.document(self.execution_id)
        self.arn = self.cloud.start_execution(self.execution_id, document)
        return self

    def jobs(self) -> list[Job]:
        """List the DRS jobs there are, whoever started them."""
        return outcomes.jobs(self.scene)

    def wait(self) -> str:
        """Wait for an end or a pause; see `LocalCloud.wait`."""
        return self.cloud.wait(self.arn)

    def approve_all(self) -> str:
        """Approve every wave that waits, until the end.

        Returns:
            The state machine's status; `PAUSED` when it never ends.
        """
        status = self.wait()
        for _ in range(_GATES):
            if status != PAUSED:
                break
            self.operator.resume()
            status = self.wait()
        return status


# Installs hooks (`cloud.on_call`, `cloud.on_invocation`, listeners of the
# clock) on the execution's cloud, before it starts.
Script = Callable[[Execution], None]
# Follows a started execution until it has ended; gives the status.
Follow = Callable[[Execution], str]


def undisturbed(_: Execution) -> None:
    """Let nothing go wrong."""


def approving(execution: Execution) -> str:
    """Approve every wave that waits."""
    return execution.approve_all()


def carry_out(
    world: World,
    scene: Scene,
    script: Script = undisturbed,
    follow: Follow = approving,
) -> Outcome:
    """Carry a scene's plan out in a new world.

    Args:
        script: Called once, before the start.
        follow: The people who wait for it.

    Returns:
        What is there at the end. An execution that hangs, or whose gate
        cannot be opened, is told in `Outcome.stuck`.

    Raises:
        BaseException: What a hook raised: the harness is at fault.
    """
    world.begin(scene)
    execution = Execution(world, scene).create()
    script(execution)
    return finish(execution, follow)


def finish(execution: Execution, follow: Follow = approving) -> Outcome:
    """Start an execution that was created, and follow it to its end.

    Returns:
        As `carry_out`.
    """
    stuck = None
    try:
        status = follow(execution.start())
    except (RealTimeLimitExceeded, NotPausedError) as error:
        status, stuck = "RUNNING", str(error)
    return outcomes.of(execution, status, stuck)
