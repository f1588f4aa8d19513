"""What the commands tell a person."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

Document = Mapping[str, Any]

_ENVIRONMENT = (
    ("AWS_ACCESS_KEY_ID", "local"),
    ("AWS_SECRET_ACCESS_KEY", "local"),
    ("AWS_DEFAULT_REGION", "us-east-1"),
)
_JOBS_SHOWN = 20


def up(health: Document) -> str:
    """Tell where the server is, and how to reach it."""
    url = health["url"]
    variables = [("AWS_ENDPOINT_URL", url), *_ENVIRONMENT]
    exports = "\n".join(f"  export {name}={it}" for name, it in variables)
    return f"The local AWS is up at {url} (pid {health['pid']}).\n{exports}"


def down(document: Document) -> str:
    """Tell what was stopped."""
    return f"The local AWS at {document['url']} is down."


def time(clock: Document) -> str:
    """Tell the virtual time."""
    return f"It is {clock['now']} in the local AWS."


def seeded(document: Document) -> str:
    """Tell what was made, and how to recover it."""
    servers = len(document["sourceServers"])
    return (
        f"{document['planName']}: {servers} source servers.\n"
        f"  state machine  {document['stateMachineArn']}\n"
        f"  execution      {document['executionName']}\n"
        "  --json shows the input that the execution takes."
    )


def status(document: Document) -> str:
    """Tell what is up and what DRS is doing there."""
    clock, versions = document["clock"], document["versions"]
    packages = ", ".join(f"{name} {v}" for name, v in versions.items())
    lines = [
        f"The local AWS is up at {document['url']} (pid {document['pid']}).",
        f"  up for          {document['uptimeSeconds']:.0f} s",
        f"  versions        {packages}",
        f"  virtual time    {clock['now']} (speed {clock['speed']:g})",
        f"  source servers  {document['sourceServers']}",
        f"  DRS jobs        {len(document['jobs'])}",
        *(_job(job) for job in document["jobs"][-_JOBS_SHOWN:]),
        *(line for stack in document["stacks"] for line in _stack(stack)),
        *(_function(each) for each in document["functions"]),
    ]
    if clock["failure"]:
        lines.append(f"  the clock failed: {clock['failure']}")
    return "\n".join(lines)


def _job(job: Document) -> str:
    statuses = Counter(job["servers"].values())
    servers = ", ".join(f"{n} {name}" for name, n in statuses.items())
    place = f"{job['accountId']}/{job['region']}"
    return (
        f"    {job['jobId']} {place} {job['initiatedBy']} "
        f"{job['status']}: {servers}"
    )


def _function(function: Document) -> str:
    package = function["package"]
    source = f"package {package[:12]}" if package else "its folder"
    times = function["invocations"]
    return f"  function        {function['name']} ran {times}x from {source}"


def _stack(stack: Document) -> Iterator[str]:
    """Tell of a stack, and of what in it is not as on AWS."""
    yield f"  stack           {stack['name']} {stack['status']}"
    if stack["carried"]:
        yield f"    carried by the local cloud: {', '.join(stack['carried'])}"
    for what, key in (
        ("completed by the local cloud", "completed"),
        ("without effect", "leftOut"),
    ):
        for kind, names in stack[key].items():
            yield f"    {what}: {kind} {', '.join(names)}"
