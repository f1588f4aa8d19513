"""Executions of recovery plans keep their laws, whatever is done to them."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from harness import drs
from tests.property.drs_accounts import Account

ACTIVE = {"EXECUTING", "WAITING"}
PASSED = {"COMPLETED", "SKIPPED"}
TERMINAL = {"COMPLETED", "FAILED", "CANCELLED"}
HOSTS = range(3)
# Nothing lasts longer: 24 hours and the job that runs at their end.
ENOUGH = 26 * 3600

# A step is minutes to wait, or hosts with whether each of them is critical.
STEPS = st.lists(
    st.one_of(
        st.sampled_from([1, 120]),
        st.dictionaries(
            st.sampled_from(HOSTS), st.booleans(), min_size=1, max_size=2
        ),
    ),
    min_size=1,
    max_size=4,
)
DEEDS = st.lists(
    st.tuples(
        st.sampled_from([0.5, 1, 60, 1200, 7200]),
        st.sampled_from(
            ["start", "cancel", "retry", "skip", "fail", "mend", "other job"]
        ),
        st.sampled_from(HOSTS),
    ),
    max_size=12,
)


class Plans:
    """An account with one plan, and deeds done to its executions."""

    def __init__(self, steps: list[Any], ends: bool) -> None:
        options = drs.RecoveryPlanOptions(
            refuses_repeated_servers=False, failed_step_ends_execution=ends
        )
        self.account = Account(drs.EmulatorOptions(recovery_plans=options))
        self.servers = [
            self.account.region.add_source_server(
                drs.SourceServerSeed(f"host-{number}")
            )
            for number in HOSTS
        ]
        plan = self._ask("CreateRecoveryPlan", name="plan")["recoveryPlan"]
        self.plan = plan["recoveryPlanArn"]
        for step in steps:
            self._ask(
                "CreateRecoveryPlanStep",
                recoveryPlanArn=self.plan,
                stepName="step",
                configuration=self._configuration(step),
            )

    def do(self, deed: str, host: int) -> None:
        """Try something; that it is refused is as good as that it is not."""
        server_id = self.servers[host]
        region = self.account.region
        if deed == "fail":
            region.fail_at(server_id, "launch")
        elif deed == "mend":
            region.fail_at(server_id, None)
        elif deed == "other job":
            self.account.start([server_id])
        elif deed == "start":
            self._ask(
                "StartRecoveryPlanExecution",
                recoveryPlanArn=self.plan,
                mode="DRILL",
            )
        else:
            self._operate(deed)

    def pass_time(self, seconds: float) -> None:
        self.account.now += timedelta(seconds=seconds)

    def seen(self) -> list[tuple[Any, list[Any]]]:
        """Read all executions in full, each with its steps."""
        listed = self._ask("ListRecoveryPlanExecutions")
        found = []
        for each in listed["recoveryPlanExecutions"]:
            ask = {
                "recoveryPlanExecutionArn": each["recoveryPlanExecutionArn"]
            }
            execution = self._ask("GetRecoveryPlanExecution", **ask)
            steps = self._ask("ListRecoveryPlanExecutionSteps", **ask)
            found.append(
                (
                    execution["recoveryPlanExecution"],
                    steps["recoveryPlanExecutionSteps"],
                )
            )
        return found

    def _operate(self, deed: str) -> None:
        """Act on the newest execution, at its first step that allows it."""
        executions = self.seen()
        if not executions:
            return
        execution, steps = executions[0]
        if deed == "cancel":
            arn = execution["recoveryPlanExecutionArn"]
            self._ask(
                "CancelRecoveryPlanExecution", recoveryPlanExecutionArn=arn
            )
            return
        wanted = {"FAILED", "NOT_STARTED"} if deed == "skip" else {"FAILED"}
        open_steps = [each for each in steps if each["status"] in wanted]
        for step in open_steps[:1]:
            arn = step["recoveryPlanExecutionStepArn"]
            ask = {"recoveryPlanExecutionStepArn": arn}
            if deed == "skip":
                ask["status"] = "SKIPPED"
                self._ask("UpdateRecoveryPlanExecutionStep", **ask)
            else:
                self._ask("RetryRecoveryPlanExecutionStep", **ask)

    def _configuration(self, step: Any) -> dict[str, Any]:
        if isinstance(step, int):
            return {"waitStepConfiguration": {"waitDurationMinutes": step}}
        servers = [
            {
                "serverArn": self.account.region.arn(
                    "source-server", self.servers[host]
                ),
                "impactLevel": "CRITICAL" if critical else "OPTIONAL",
            }
            for host, critical in step.items()
        ]
        return {"serverStepConfiguration": {"servers": servers}}

    def _ask(self, operation: str, **members: Any) -> Any:
        return self.account.request(operation, **members).document


def breaches(execution: Any, steps: list[Any]) -> list[str]:
    """Say which laws an execution breaks at some moment."""
    statuses = [step["status"] for step in steps]
    running = [each for each in statuses if each in ACTIVE]
    first = next((i for i, s in enumerate(statuses) if s not in PASSED), None)
    begun = [
        index
        for index, status in enumerate(statuses)
        if status in ACTIVE | {"FAILED", "TIMED_OUT"}
    ]
    status = execution["status"]
    laws = {
        "one step at a time": len(running) <= 1,
        "steps in order": all(index == first for index in begun),
        "an end has a time": (status in TERMINAL)
        == ("completedAt" in execution),
        "nothing runs after the end": not running or status not in TERMINAL,
        "complete if all steps are": status != "COMPLETED" or first is None,
        "a failure has its reason": (status == "FAILED")
        == ("errorDetail" in execution),
        "a day at most": status == "CANCELLED" or _duration(execution) <= 24,
    }
    return [f"{law}: {status} {statuses}" for law in laws if not laws[law]]


def _duration(execution: Any) -> float:
    start = datetime.fromisoformat(execution["startedAt"])
    end = datetime.fromisoformat(
        execution.get("completedAt", execution["startedAt"])
    )
    return (end - start) / timedelta(hours=1)


@given(steps=STEPS, ends=st.booleans(), deeds=DEEDS)
def test_executions_keep_their_laws_at_every_moment(
    steps: list[Any], ends: bool, deeds: list[tuple[float, str, int]]
) -> None:
    plans = Plans(steps, ends)
    plans.do("start", 0)

    for seconds, deed, host in deeds:
        plans.pass_time(seconds)
        plans.do(deed, host)
        seen = plans.seen()
        active = [each for each, _ in seen if each["status"] not in TERMINAL]
        assert len(active) <= 1
        assert [b for each in seen for b in breaches(*each)] == []

    plans.pass_time(ENOUGH)
    seen = plans.seen()
    assert {each["status"] for each, _ in seen} <= TERMINAL
    assert [b for each in seen for b in breaches(*each)] == []


@given(steps=STEPS, deeds=DEEDS)
def test_nothing_depends_on_how_often_someone_looks(
    steps: list[Any], deeds: list[tuple[float, str, int]]
) -> None:
    rarely, often = Plans(steps, True), Plans(steps, True)
    for plans in (rarely, often):
        plans.do("start", 0)

    for seconds, deed, host in [*deeds, (ENOUGH, "cancel", 0)]:
        for plans, looks in ((rarely, 1), (often, 7)):
            before = plans.account.now
            for look in range(1, looks + 1):
                passed = timedelta(seconds=seconds) * look / looks
                plans.account.now = before + passed
                plans.seen()
            plans.do(deed, host)

    assert rarely.seen() == often.seen()
