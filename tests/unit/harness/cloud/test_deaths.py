"""A function that dies in the course of an AWS call runs no further."""

from collections.abc import Callable

import pytest

from harness.cloud.calls import AwsCall, CallerDeath
from harness.cloud.local_cloud import LocalCloud

EnterCloud = Callable[..., LocalCloud]

# Does whatever it can to live on.
STUBBORN = """
    import boto3
    def lambda_handler(event, context):
        table = boto3.resource("dynamodb").Table("toy-items")
        try:
            table.put_item(Item={"id": "first"})
        except Exception:
            pass
        finally:
            table.put_item(Item={"id": "last"})
        return "alive"
"""
THREADS = """
    import boto3
    from concurrent.futures import ThreadPoolExecutor
    from contextvars import copy_context
    def put(name):
        table = boto3.resource("dynamodb").Table("toy-items")
        table.put_item(Item={"id": name})
    def lambda_handler(event, context):
        with ThreadPoolExecutor(1) as pool:
            pool.submit(copy_context().run, put, "first").exception()
            pool.submit(copy_context().run, put, "second").exception()
        return "alive"
"""


@pytest.mark.parametrize(
    ("death", "items"),
    [
        (CallerDeath(), []),
        (CallerDeath("Sandbox.Timedout", after_effect=True), ["first"]),
    ],
)
@pytest.mark.parametrize("source", [STUBBORN, THREADS])
def test_nothing_of_a_function_runs_on_when_it_has_died(
    enter_cloud: EnterCloud, source: str, death: CallerDeath, items: list[str]
) -> None:
    cloud = enter_cloud({"toy": source})

    cloud.on_call(before=lambda call: death)
    invocation = cloud.invoke("toy", {})

    assert invocation.function_error == "Unhandled"
    assert invocation.json()["errorType"] == death.error_type
    assert [item["id"] for item in cloud.tables.items("Items")] == items
    assert [call.error for call in cloud.calls[:1]] == [death.error_type]


def test_the_next_invocation_lives(enter_cloud: EnterCloud) -> None:
    cloud = enter_cloud({"toy": STUBBORN})
    deaths = [CallerDeath()]

    cloud.on_call(before=lambda call: deaths.pop() if deaths else None)
    cloud.invoke("toy", {})
    again = cloud.invoke("toy", {})

    assert again.json() == "alive"


def test_the_caller_lives_on_when_the_function_it_calls_has_died(
    enter_cloud: EnterCloud,
) -> None:
    outer = """
        import boto3, json
        def lambda_handler(event, context):
            answer = boto3.client("lambda").invoke(FunctionName="inner")
            return [answer["FunctionError"], json.load(answer["Payload"])]
    """
    cloud = enter_cloud({"toy": outer, "inner": STUBBORN})

    def let_inner_die(call: AwsCall) -> CallerDeath | None:
        return CallerDeath() if call.function == "inner" else None

    cloud.on_call(before=let_inner_die)
    error, document = cloud.invoke("toy", {}).json()

    assert (error, document["errorType"]) == ("Unhandled", "Runtime.ExitError")
