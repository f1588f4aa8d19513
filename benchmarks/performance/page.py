"""The page of measurements: Markdown, written from one run's document."""

from typing import Any

from benchmarks.performance import (
    aims,
    aws_calls,
    cold_starts,
    costs,
    execution_times,
    launch_configurations,
    peak_memory,
    polls,
    tag_queries,
)

Document = dict[str, Any]


def page(measured: Document) -> str:
    """Write the page.

    Args:
        measured: What `measuring.measure` gives.
    """
    machine, latency = measured["machine"], measured["latency"]
    sections = {
        None: [
            _INTRODUCTION.format(**machine, end=measured["load at the end"])
        ],
        "Aims": aims.section(measured),
        "Execution time": [
            _EXECUTIONS.format(latency=latency * 1000),
            *execution_times.section(measured["executions"]),
            "",
            _INVOCATIONS,
            *execution_times.invocations_section(measured["invocations"]),
        ],
        "AWS calls": [_CALLS, *aws_calls.section(measured["AWS calls"])],
        "Cold start": [_COLD, *cold_starts.section(measured["cold starts"])],
        "Warm polls and contract checks": [
            _POLLS.format(latency=latency * 1000),
            *polls.section(measured["polls"], latency),
        ],
        "Tag queries": [_TAGS, *tag_queries.section(measured["tag queries"])],
        "Launch configuration": [
            _LAUNCHES,
            *launch_configurations.section(measured["launch configurations"]),
        ],
        "Memory": [_MEMORY, *peak_memory.section(measured["memory"])],
        "Cost": [
            _COST.format(waves=measured["cost"]["waves"]),
            *costs.section(measured["cost"]),
        ],
    }
    return (
        "\n".join(
            line
            for title, lines in sections.items()
            for line in ([f"## {title}", ""] if title else []) + lines + [""]
        ).rstrip()
        + "\n"
    )


_INTRODUCTION = """\
# Performance

What the refactored orchestration (the candidate) costs in time, processor, memory and money, beside the original one (the
reference). Written by `make bench` and `python -m benchmarks.performance --page docs/performance.md`; both sides of each
ratio were measured in the same run. Milliseconds are those of the machine (here {system}, {processors} processors,
Python {python}, boto3 {boto3}): compare ratios. Load at the beginning {load}, at the end {end}: other work ran beside it
where that is above one. Numbers are medians, in brackets the least and the most of the repetitions."""
_EXECUTIONS = """\
Plans of 1, 3 and 10 waves of 5 servers each, in the local cloud, the functions run from their packages in processes of
their own with AWS's runtime client. Time = the waits of the state machine, in virtual time + for each invocation what it took
of its own, measured: from its request to its answer, without the time in which its AWS calls were answered + for each AWS call,
invocations among them, an **assumed latency of {latency:.0f} ms**. All calls count one after another, though the candidate
makes some at once. Left out, as it is the same for both: what Step Functions takes for a transition.
"""
_INVOCATIONS = """\
What an invocation takes of its own, Runtime API and HTTP on the loopback interface included (warm without the slowest
twentieth; cold with starting Python, which Lambda does more slowly or more quickly):
"""
_CALLS = """\
Of one step of the state machine, inner functions included; waves of 10 servers found by tags. Each server of a start takes
five calls where all of its launch configuration is to be written, and three where nothing is.
"""
_COLD = """\
Fresh interpreters that see a function's unpacked package and what Lambda's runtime brings; milliseconds of the processor, ratios
to `import boto3` and one client in the same turn. As in Lambda, the package's modules are compiled each time; the last columns
show what compiling them into the package would give. The aim is about `import`; the other columns are stricter. `First table`
is the DynamoDB resource that every function makes first: boto3 takes half as long again for it as for a client. What keeps
the import short: nothing is read and no client made by it, each client is made by its first use, and the validator, a library of
15 MB, and the contracts are loaded by the first check.
"""
_POLLS = """\
All polls of a plan's last wave are repeated in a process of the function, in which AWS answers from a recording at botocore's
event `before-send`: requests are built and signed and answers parsed, but neither the emulator nor a connection is in it. Mean of
the polls of a wave; its last one reads all recovery instances. Text of the payload to text of the answer. 200 servers are two
waves of 100, as DRS takes no more in one job. The last column adds {latency:.0f} ms of waiting for each AWS call; the 30 s
between polls are not in it.
"""
_TAGS = """\
DescribeSourceServers cannot be asked for tags: every server is read, 100 on a page, nine in ten of which do not match. Milliseconds of
the processor, answers from a recording. Nearly all of the reference's time is botocore parsing the pages. The candidate reads a
page's text itself at botocore's event `before-parse` and leaves botocore the servers that match; without that event, in
an older botocore, it takes as long as the reference.
"""
_LAUNCHES = """\
`apply_launch_config_before_recovery` with every server to be written, five calls each, of which each takes 100 ms (a real sleep
at botocore's event `before-send`); seconds of the wall clock. The reference makes one call after another; where it says
"computed", its line through the two largest measured numbers is continued.
"""
_MEMORY = """\
The most resident memory of a fresh process that carries out one invocation, recorded answers of AWS included.
"""
_COST = """\
One drill of {waves} waves of 5 servers, the first execution above, latency assumed as there. Billed time is rounded up to a
millisecond; while an inner function runs, the outer one waits and is billed as well. DynamoDB counts every read and write with the
whole record at its end. Storage, DRS and recovery instances are left out, as they are the same; so are logs and traces, of which
each invocation adds some lines and perhaps a trace. Prices are list prices assumed for us-east-1 and arm64 beyond free tiers; they
differ between Regions and change. Compare them with AWS's pages for Lambda, Step Functions and DynamoDB (on demand), and change
them in `benchmarks/performance/costs.py`.
"""
