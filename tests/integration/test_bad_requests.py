"""What an operator is told for a bad request, and that nothing happened.

Each request goes to the local AWS in a process of its own: some from the
AWS CLI, all of them to every Lambda that could be asked so.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from harness.contracts import load
from tests.local_server import PLAN, DrsOrch, Server

FUNCTIONS = {
    "reference": "orch-sf",
    "refactored": "dr-orch-sf",
    "execution-handler": "execution-handler",
    "query-handler": "query-handler",
}
ORCHESTRATIONS = ("reference", "refactored")
GATE = "store_task_token, resume_wave"
KNOWN = {
    "reference": f"begin, update_wave_status, {GATE}",
    "refactored": f"begin, update_wave_status, poll_wave_status, {GATE}",
    "execution-handler": "start_wave_recovery",
    "query-handler": "poll_wave_status, query_servers_by_tags",
}
UNWRITABLE = {
    '"\\ud800"': "expected a JSON value, got half of a surrogate pair",
    "1e999": "expected a JSON value, got inf",
    "1" * 39: "expected a number that DynamoDB holds, got one of more than 38",
}
CONTRACTS = load(Path(__file__).parents[2] / "contracts")
MEGABYTES = 5 * 1_000_000
QUERY = {"action": "query_servers_by_tags", "region": "us-east-1", "tags": {}}


def example(action: str) -> Any:
    """Give a good request of an action, to be spoiled."""
    found = CONTRACTS.schemas[f"v1/{action}/request"]["examples"][0]
    return json.loads(json.dumps(found))


def without(document: dict[str, Any], key: str) -> dict[str, Any]:
    return {each: part for each, part in document.items() if each != key}


@dataclass(frozen=True)
class BadRequest:
    """A request that must be refused.

    Attributes:
        function: Key of FUNCTIONS.
        payload: JSON, or what claims to be.
        error: Class of the error, and how its text begins.
        text: What else the error's text must hold.
    """

    function: str
    payload: str
    error: str
    text: str


def start(**changes: Any) -> str:
    return json.dumps(example("start_wave_recovery") | changes)


def bad_state(action: str, key: str, function: str) -> BadRequest:
    """Make a request whose state lacks the id of its execution."""
    request = example(action)
    state = without(request[key], "execution_id")
    return BadRequest(
        function,
        json.dumps(request | {key: state}),
        f"ContractViolationError: {action} request breaks version 1",
        f"at '/{key}': required, expected \"execution_id\", got nothing",
    )


def beyond_plan(function: str) -> BadRequest:
    request = example("orchestration/resume_wave")
    request["application"]["paused_before_wave"] = 7
    waves = len(request["application"]["waves"])
    return BadRequest(
        function,
        json.dumps(request),
        "WaveNotInPlanError: Wave 7 is beyond",
        f"the plan's {waves} waves, which count from 0",
    )


def unserved(function: str, action: str, served: str) -> BadRequest:
    request = example(action) | {"contract_version": "7"}
    return BadRequest(
        function,
        json.dumps(request),
        f"ContractViolationError: {action} request breaks its contract: ",
        f"at '/contract_version': version, expected {served}, got \"7\"",
    )


def for_each_function(payload: str, complaint: str) -> list[BadRequest]:
    return [
        BadRequest(
            function,
            payload,
            f"UnknownActionError: /action: {complaint}, known: ",
            KNOWN[function],
        )
        for function in FUNCTIONS
    ]


def with_junk(action: str, contract: str, value: str) -> str:
    """Write a good request of an action, with a value more than it needs."""
    event = without(example(contract), "action")
    start = f'{{"action": "{action}", "junk": {value}, '
    return start + json.dumps(event)[1:]


def unwritable(function: str, action: str, contract: str) -> list[BadRequest]:
    """Make requests that could be neither recorded nor answered."""
    return [
        BadRequest(
            function,
            with_junk(action, contract, f"[{value}]"),
            f"ContractViolationError: {contract} request breaks version 1",
            f"at '/junk/0': json, {complaint}",
        )
        for value, complaint in UNWRITABLE.items()
    ]


def junk(function: str, action: str, contract: str) -> list[BadRequest]:
    """Make 5 MB of junk, and junk that is nested, for an action."""
    large = json.dumps({"action": action, "junk": "x" * MEGABYTES})
    deep = with_junk(action, contract, "[" * 500 + "]" * 500)
    error = f"ContractViolationError: {contract} request breaks version 1"
    return [
        BadRequest(function, large, error, "size, expected at most 1048576"),
        BadRequest(function, deep, error, "at most 200 levels of nesting"),
    ]


# The AWS CLI needs a second for each.
FROM_THE_COMMAND_LINE = [
    for_each_function("{}", "missing")[1],
    for_each_function('{"action": "delete"}', 'unknown action "delete"')[2],
    unserved("query-handler", "query_servers_by_tags", '"1" or "2"'),
    BadRequest(
        "execution-handler",
        start(wave_number=7),
        "WaveNotInPlanError: Wave 7 is beyond",
        " waves, which count from 0",
    ),
    bad_state("start_wave_recovery", "state", "execution-handler"),
    BadRequest(
        "query-handler",
        json.dumps(QUERY | {"tags": {"tier": 1, "taskToken": ["secret"]}}),
        "ContractViolationError: query_servers_by_tags request breaks ",
        "at '/tags/taskToken': type, expected string, got array (hidden); "
        "at '/tags/tier': type, expected string, got 1",
    ),
    junk("refactored", "begin", "orchestration/begin")[0],
]
ELSEWHERE = [
    *for_each_function("{}", "missing"),
    *for_each_function('{"action": 7}', "unknown action, no string"),
    *for_each_function('{"action": "nil\\n"}', 'unknown action "nil\\n"'),
    *for_each_function("[1]", "missing, the event is no JSON object"),
    *for_each_function("null", "missing, the event is no JSON object"),
    *for_each_function(
        json.dumps(["x" * MEGABYTES]), "missing, the event is no JSON object"
    ),
    *for_each_function(
        json.dumps({"action": "x" * MEGABYTES}),
        "unknown action, a string of 5000000 characters",
    ),
    unserved("execution-handler", "start_wave_recovery", '"1"'),
    *(
        request
        for function in ORCHESTRATIONS
        for request in (
            unserved(function, "orchestration/begin", '"1"'),
            beyond_plan(function),
            bad_state("orchestration/resume_wave", "application", function),
            *junk(function, "begin", "orchestration/begin"),
            *unwritable(function, "begin", "orchestration/begin"),
        )
    ),
    bad_state("poll_wave_status", "state", "query-handler"),
    *junk("execution-handler", "start_wave_recovery", "start_wave_recovery"),
    *junk("query-handler", "poll_wave_status", "poll_wave_status"),
    *unwritable(
        "execution-handler", "start_wave_recovery", "start_wave_recovery"
    ),
    *unwritable("query-handler", "poll_wave_status", "poll_wave_status"),
    BadRequest(
        "query-handler",
        json.dumps(QUERY | {"tags": {f"{n:0>100}": n for n in range(45_000)}}),
        "ContractViolationError: query_servers_by_tags request breaks ",
        "size, expected at most 1048576 bytes",
    ),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Start a local AWS with a plan in it, whose time stands still."""
    folder = tmp_path_factory.mktemp("runtime")
    plan = folder / "plan.yaml"
    plan.write_text(PLAN)
    arguments = ("--speed", "0", "--plan", str(plan))
    with DrsOrch(folder).up(*arguments) as server:
        yield server


@dataclass(frozen=True)
class World:
    """The local AWS, with a client of each service that is asked."""

    server: Server
    dynamodb: Any
    drs: Any
    states: Any
    functions: Any

    def everything(self) -> dict[str, Any]:
        """Read all items of all tables, all jobs and all executions."""
        (machine,) = self.states.list_state_machines()["stateMachines"]
        arn = machine["stateMachineArn"]
        runs = self.states.list_executions(stateMachineArn=arn)
        names = self.dynamodb.list_tables()["TableNames"]
        return {
            "tables": {
                name: self.dynamodb.scan(TableName=name)["Items"]
                for name in names
            },
            "jobs": self.drs.describe_jobs()["items"],
            "executions": [each["name"] for each in runs["executions"]],
        }

    def name_of(self, function: str) -> str:
        listed = self.functions.list_functions()["Functions"]
        (name,) = (
            each["FunctionName"]
            for each in listed
            if f"orchestration-{FUNCTIONS[function]}-" in each["FunctionName"]
        )
        return str(name)


@pytest.fixture(scope="module")
def world(server: Server) -> World:
    """Give the local AWS as a client sees it."""
    services = ("dynamodb", "drs", "stepfunctions", "lambda")
    return World(server, *map(server.client, services))


@pytest.fixture(scope="module")
def beginning(world: World) -> dict[str, Any]:
    """Read what there is before the first of the bad requests."""
    before = world.everything()
    assert sum(map(len, before["tables"].values())) > 1
    return before


@pytest.fixture
def untouched(world: World, beginning: dict[str, Any]) -> Iterator[None]:
    """Compare what there is after a test with the beginning."""
    yield
    assert world.everything() == beginning


def told(answer: dict[str, Any]) -> str:
    """Give the text of an error as Lambda's answer shows it."""
    return f"{answer['errorType']}: {answer['errorMessage']}"


def is_told(request: BadRequest, text: str) -> bool:
    short = len(text) < 8192 and len(text.splitlines()) == 1
    return short and text.startswith(request.error) and request.text in text


def label(request: BadRequest) -> str:
    return f"{request.function}-{request.payload[:40]}"


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("request_", FROM_THE_COMMAND_LINE, ids=label)
def test_operator_is_told_what_is_wrong_from_the_command_line(
    world: World, tmp_path: Path, request_: BadRequest
) -> None:
    payload, answer = tmp_path / "payload.json", tmp_path / "answer.json"
    payload.write_text(request_.payload)

    printed = world.server.aws(
        "lambda",
        "invoke",
        "--function-name",
        world.name_of(request_.function),
        "--payload",
        f"file://{payload}",
        str(answer),
    )

    assert printed["FunctionError"] == "Unhandled"
    text = told(json.loads(answer.read_text()))
    assert is_told(request_, text), text


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("request_", ELSEWHERE, ids=label)
def test_caller_is_told_what_is_wrong(
    world: World, request_: BadRequest
) -> None:
    answer = world.functions.invoke(
        FunctionName=world.name_of(request_.function),
        Payload=request_.payload,
    )

    assert answer["FunctionError"] == "Unhandled"
    text = told(json.loads(answer["Payload"].read()))
    assert is_told(request_, text), text


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize(
    "payload", ["junk", '{"action": ', "[" * 2_500_000 + "]" * 2_500_000]
)
def test_payload_is_refused_by_the_service_when_it_is_no_json(
    world: World, function: str, payload: str
) -> None:
    with pytest.raises(ClientError) as caught:
        world.functions.invoke(
            FunctionName=world.name_of(function), Payload=payload
        )

    error = caught.value.response["Error"]
    assert error["Code"] == "InvalidRequestContentException"
    assert error["Message"].startswith(
        "Could not parse request body into json: "
    )
    assert len(error["Message"]) < 200
