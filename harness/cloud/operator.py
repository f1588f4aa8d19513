"""The person at the console, and what the API does at each request."""

from boto3.dynamodb.conditions import Attr
from botocore.exceptions import ClientError

from harness.cloud.clock import VirtualClock
from harness.cloud.executions import Executions
from harness.cloud.tables import Item, Tables

_HISTORY = "ExecutionHistoryTable"
# DATA_MODEL.md section 3.
_BEFORE_A_PAUSE = ["PENDING", "RUNNING", "POLLING"]
_ACTIVE = [*_BEFORE_A_PAUSE, "PAUSED", "PAUSE_PENDING"]


class NotPausedError(Exception):
    """An execution waits for nobody, so nobody can answer."""

    def __init__(self, key: Item, status: str) -> None:
        self.key = key
        self.status = status
        super().__init__(
            f"Execution {key['executionId']} is {status}: it holds no "
            "task token to answer"
        )


class Operator:
    """A person who watches over one execution.

    What is written here is written outside of all Lambdas: it is not
    recorded, and may happen in the middle of a Lambda, from a hook.
    """

    def __init__(
        self,
        key: Item,
        tables: Tables,
        executions: Executions,
        clock: VirtualClock,
    ) -> None:
        self._key = key
        self._tables = tables
        self._executions = executions
        self._clock = clock

    def create(self, plan_name: str, is_drill: bool, total_waves: int) -> None:
        """Write the record that the API writes before it starts."""
        execution_id = self._key["executionId"]
        self._tables.put(
            _HISTORY,
            {
                **self._key,
                "stateMachineArn": self._executions.arn_of(execution_id),
                "planName": plan_name,
                "executionType": "DRILL" if is_drill else "RECOVERY",
                "initiatedBy": "operator",
                "startTime": int(self._clock.now().timestamp()),
                "totalWaves": total_waves,
                "accountContext": {},
                "status": "PENDING",
                "waves": [],
            },
        )

    def record(self) -> Item:
        """Read the execution's record."""
        return self._tables.get(_HISTORY, self._key) or {}

    def request_cancel(self) -> bool:
        """Ask to cancel.

        Returns:
            False when the execution had ended, or was asked before.
        """
        return self._wish("CANCELLING", _ACTIVE)

    def request_pause(self) -> bool:
        """Ask to pause before the next wave.

        Returns:
            False when there is nothing to pause.
        """
        return self._wish("PAUSE_PENDING", _BEFORE_A_PAUSE)

    def resume(self, output: object = None) -> None:
        """Approve the wave that waits.

        Args:
            output: What the API sends along; anything JSON.

        Raises:
            NotPausedError: No wave waits.
        """
        self._executions.resume(self._token(), output)

    def cancel_at_gate(self) -> None:
        """Cancel an execution that waits.

        Raises:
            NotPausedError: It does not wait.
        """
        self._executions.cancel_paused(self._token())

    def pass_time(self, seconds: float) -> None:
        """Let virtual time pass."""
        self._clock.sleep(seconds)

    def _wish(self, status: str, allowed: list[str]) -> bool:
        condition = Attr("status").is_in(allowed)
        try:
            self._tables.update(
                _HISTORY, self._key, {"status": status}, condition
            )
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code != "ConditionalCheckFailedException":
                raise
            return False
        return True

    def _token(self) -> str:
        record = self.record()
        if "taskToken" not in record:
            raise NotPausedError(self._key, record.get("status", "unknown"))
        return str(record["taskToken"])
