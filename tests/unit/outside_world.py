"""The world outside the Lambdas: moto, the DRS emulator, and mishaps.

Calls can be disturbed where they leave the process, in botocore's event
``before-send``: nothing of the code under test is replaced.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from threading import RLock
from types import SimpleNamespace
from typing import Any

import boto3
import time_machine
from botocore import endpoint
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ReadTimeoutError
from moto import mock_aws
from moto.core.base_backend import BackendDict
from moto.core.models import botocore_stubber

from harness import drs
from harness.cloud import botocore_handlers
from harness.cloud.moto_patches import service_models
from harness.cloud.moto_patches.replacement import replaced
from shared.json_values import from_dynamodb, to_dynamodb
from tests import builders

ANSWERED = "https://answered.invalid/"
EMULATOR = "drs"
HISTORY = "execution-history"
GROUPS = "protection-groups"
EXECUTION_HANDLER = "execution-handler"
QUERY_HANDLER = "query-handler"

Answer = Callable[[AWSPreparedRequest], AWSResponse | None]
LambdaFunction = Callable[[dict[str, Any]], Any]


@dataclass(frozen=True)
class Call:
    """One call of the code under test, however often it was sent."""

    operation: str
    params: dict[str, Any]
    region: str


class FunctionFailure(Exception):
    """A Lambda function that ended with an error."""

    def __init__(self, payload: bytes) -> None:
        super().__init__(payload)
        self.payload = payload


@dataclass
class OutsideWorld:
    """Tables, DRS and EC2; what was asked of them; what goes wrong.

    Attributes:
        calls: The calls of the code under test, oldest first.
        functions: The Lambda functions that can be invoked, by name.
        waits: Seconds that botocore waited between attempts.
        answering: Held while moto answers.
    """

    clock: time_machine.Traveller
    calls: list[Call] = field(default_factory=list)
    functions: dict[str, LambdaFunction] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)
    mishaps: dict[tuple[str, str], list[Answer]] = field(default_factory=dict)
    answering: RLock = field(default_factory=RLock)  # type: ignore[valid-type]

    @property
    def history(self) -> Any:
        return session().resource("dynamodb").Table(HISTORY)

    @property
    def ec2(self) -> Any:
        return session().client("ec2")

    @property
    def drs(self) -> Any:
        return session().client("drs")

    def put_execution(self, **changes: Any) -> None:
        item = to_dynamodb(builders.history_item(**changes))
        self.history.put_item(Item=item)

    def execution(self) -> dict[str, Any]:
        """Return the item of the execution; empty when there is none."""
        key = {
            "executionId": builders.EXECUTION_ID,
            "planId": builders.PLAN_ID,
        }
        item = self.history.get_item(Key=key).get("Item", {})
        return dict(from_dynamodb(item))

    def wish(self, status: str) -> None:
        """Write a status as a person does through the API."""
        self.history.update_item(
            Key={
                "executionId": builders.EXECUTION_ID,
                "planId": builders.PLAN_ID,
            },
            UpdateExpression="SET #status = :status",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues={":status": status},
        )

    def put_group(self, **changes: Any) -> None:
        table = session().resource("dynamodb").Table(GROUPS)
        table.put_item(Item=to_dynamodb(builders.group(**changes)))

    def add_server(
        self, hostname: str = "web", account: str = builders.HUB, **seed: Any
    ) -> str:
        region = drs.region(account, builders.REGION)
        return region.add_source_server(drs.SourceServerSeed(hostname, **seed))

    def jobs(self, account: str = builders.HUB) -> list[str]:
        return list(drs.region(account, builders.REGION).jobs)

    def server_ids(self) -> list[str]:
        return list(drs.region(builders.HUB, builders.REGION).source_servers)

    def start_job(self, *server_ids: str, drill: bool = True) -> str:
        """Start a DRS job that nobody recorded."""
        answer = self.drs.start_recovery(
            isDrill=drill,
            sourceServers=[{"sourceServerID": each} for each in server_ids],
        )
        job_id: str = answer["job"]["jobID"]
        return job_id

    def sleep(self, seconds: float) -> None:
        self.clock.shift(timedelta(seconds=seconds))
        drs.advance_to(datetime.now(UTC))

    def asked(self, operation: str) -> list[dict[str, Any]]:
        """Return the parameters of the calls of an operation, in order."""
        return [
            call.params for call in self.calls if call.operation == operation
        ]

    def disturb(
        self, operation: str, *answers: Answer, about: str = ""
    ) -> None:
        """Answer the next attempts of an operation in another way.

        Args:
            operation: Such as ``drs.StartRecovery``.
            answers: One for each attempt; None as its result lets the call
                through.
            about: Text in the request, such as a server's id: which attempt
                is the next is not known where several are made at once.
        """
        self.mishaps.setdefault((operation, about), []).extend(answers)

    def mishaps_left(self, operation: str) -> int:
        """Count the answers to an operation that no attempt has met."""
        return sum(
            len(answers)
            for (disturbed, _), answers in self.mishaps.items()
            if disturbed == operation
        )

    def meanwhile(self, operation: str, act: Callable[[], Any]) -> None:
        """Do something just before the next call of an operation is sent."""

        def let_through(_: AWSPreparedRequest) -> None:
            act()

        self.disturb(operation, let_through)

    # What botocore_handlers tells and asks.

    def keep_params(
        self, params: Any, context: dict[str, Any], **_: Any
    ) -> None:
        context["given"] = params

    def begin(
        self,
        model: Any,
        context: dict[str, Any],
        request_signer: Any,
        **_: Any,
    ) -> None:
        if request_signer._credentials.access_key == EMULATOR:
            return
        name = f"{model.service_model.service_name}.{model.name}"
        region = context["client_region"]
        self.calls.append(Call(name, context.get("given", {}), region))

    def end(self, **_: Any) -> None:
        pass

    def end_without_answer(self, **_: Any) -> None:
        pass

    def send(
        self, request: AWSPreparedRequest, event_name: str, **_: object
    ) -> AWSResponse | None:
        signature = str(request.headers.get("Authorization"))
        if f"Credential={EMULATOR}/" in signature:
            return None
        operation = event_name.removeprefix("before-send.")
        answer = self._answer(request, operation)
        if answer is None:
            # Lambdas have threads, and moto's state no locks.
            with self.answering:
                answer = botocore_stubber(event_name, request)
        # botocore asks moto all the same: it must not know the address.
        request.url = ANSWERED
        return answer

    def _answer(
        self, request: AWSPreparedRequest, operation: str
    ) -> AWSResponse | None:
        mishap = self._mishap(request, operation)
        if mishap is not None:
            return mishap(request)
        if operation == "lambda.Invoke":
            return self.answer_invocation(request)
        return None

    def _mishap(
        self, request: AWSPreparedRequest, operation: str
    ) -> Answer | None:
        sent = f"{request.url} {request.body!r}"
        with self.answering:
            for (disturbed, about), answers in self.mishaps.items():
                if disturbed == operation and about in sent and answers:
                    return answers.pop(0)
        return None

    def answer_invocation(self, request: AWSPreparedRequest) -> AWSResponse:
        """Run the function that a request invokes."""
        name = request.url.rsplit("/", 2)[-2]
        try:
            result = self.functions[name](json.loads(request.body))
            return response(request, 200, json.dumps(result).encode())
        except FunctionFailure as failure:
            headers = {"X-Amz-Function-Error": "Unhandled"}
            return response(request, 200, failure.payload, headers)


def refuse(code: str, status: int = 400, message: str = "refused") -> Answer:
    """Answer with an error of AWS, in the protocol of DRS and DynamoDB."""

    def answer(request: AWSPreparedRequest) -> AWSResponse:
        body = json.dumps({"__type": code, "message": message}).encode()
        return response(request, status, body, {"x-amzn-ErrorType": code})

    return answer


def refuse_in_xml(code: str, status: int = 400, message: str = "") -> Answer:
    """Answer with an error of AWS, in the protocols of STS and EC2."""

    def answer(request: AWSPreparedRequest) -> AWSResponse:
        error = f"<Code>{code}</Code><Message>{message}</Message>"
        errors = f"<Errors><Error>{error}</Error></Errors>"
        body = f"<Response>{errors}</Response>"
        return response(request, status, body.encode())

    return answer


def lose_answer(request: AWSPreparedRequest) -> AWSResponse:
    """Let AWS do the work, and nobody hear of it."""
    botocore_stubber("before-send", request)
    raise ReadTimeoutError(endpoint_url=request.url)


def pass_on(request: AWSPreparedRequest) -> None:
    """Let a call through, where a later one is answered in another way."""


def say_nothing(request: AWSPreparedRequest) -> AWSResponse:
    """Let the call not even arrive."""
    raise ReadTimeoutError(endpoint_url=request.url)


def replace_body(body: dict[str, Any]) -> Answer:
    """Answer with a document."""
    return replace_raw(json.dumps(body).encode())


def replace_raw(body: bytes) -> Answer:
    """Answer with some bytes."""
    return lambda request: response(request, 200, body)


def response(
    request: AWSPreparedRequest,
    status: int,
    body: bytes,
    headers: dict[str, str] | None = None,
) -> AWSResponse:
    raw: Any = _Raw(body)
    return AWSResponse(request.url, status, headers or {}, raw)


class _Raw(BytesIO):
    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.read()


@cache
def session() -> boto3.Session:
    """Return a session whose calls are not those of the code under test."""
    made = boto3.Session("testing", "testing", region_name=builders.REGION)
    made.client = cache(made.client)  # type: ignore[method-assign]
    made.resource = cache(made.resource)  # type: ignore[method-assign]
    return made


@contextmanager
def mocked_aws() -> Iterator[None]:
    """Mock AWS for all worlds within; to enter this takes long."""
    drs.register()
    with service_models.patch(), mock_aws():
        yield
        _forget_data()


@contextmanager
def outside_world() -> Iterator[OutsideWorld]:
    """Give an empty world at a time that only the test moves."""
    start = datetime.fromtimestamp(builders.NOW, UTC)
    _forget_data()
    with ExitStack() as stack:
        clock = stack.enter_context(time_machine.travel(start, tick=False))
        world = OutsideWorld(clock)
        drs.reset(seed=0, profile=drs.LINUX)
        pause = SimpleNamespace(sleep=world.waits.append)
        stack.enter_context(replaced(endpoint, "time", pause))
        session()
        _create_tables()
        ears = botocore_handlers.installed(world, world)  # type: ignore[arg-type]
        stack.enter_context(ears)
        yield world
    drs.reset()


def _forget_data() -> None:
    services: list[Any] = list(BackendDict._instances)
    for service in services:
        service.clear()


def _create_tables() -> None:
    dynamodb = session().client("dynamodb")
    for name, keys in (
        (HISTORY, ("executionId", "planId")),
        (GROUPS, ("groupId",)),
    ):
        dynamodb.create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[
                {"AttributeName": key, "KeyType": kind}
                for key, kind in zip(keys, ("HASH", "RANGE"), strict=False)
            ],
            AttributeDefinitions=[
                {"AttributeName": key, "AttributeType": "S"} for key in keys
            ],
        )
