"""A broken contract is counted, in CloudWatch's embedded metric format."""

import json
from typing import TYPE_CHECKING

import pytest

from shared.contracts import (
    ContractViolationError,
    check_request,
    check_response,
)
from tests import builders

if TYPE_CHECKING:
    from tests.unit.lambdas import Lambdas

QUERY = "query_servers_by_tags"
METRICS = "drs_orchestration.metrics"


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("CONTRACT_REQUESTS", "CONTRACT_RESPONSES"):
        monkeypatch.delenv(variable, raising=False)


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [r.getMessage() for r in caplog.records if r.name == METRICS]


def test_reported_response_is_counted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    check_response(QUERY, {"server_ids": [7, 8]})

    (line,) = lines(caplog)
    metric = json.loads(line)
    assert len(line.splitlines()) == 1
    assert metric.pop("_aws").pop("CloudWatchMetrics") == [
        {
            "Namespace": "DRSOrchestration",
            "Dimensions": [["Action", "Direction", "Version"]],
            "Metrics": [{"Name": "ContractViolations", "Unit": "Count"}],
        }
    ]
    assert metric == {
        "Action": QUERY,
        "Direction": "response",
        "Version": "1",
        "ContractViolations": 1,
        "Outcome": "reported",
    }


def test_time_of_a_metric_is_in_milliseconds(
    caplog: pytest.LogCaptureFixture,
) -> None:
    check_response(QUERY, {})

    (line,) = lines(caplog)
    moment = json.loads(line)["_aws"]["Timestamp"]
    assert isinstance(moment, int)
    assert len(str(moment)) == 13


def test_refused_request_is_counted_too(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with pytest.raises(ContractViolationError):
        check_request(QUERY, {"contract_version": "2"})

    (line,) = lines(caplog)
    assert json.loads(line)["Outcome"] == "refused"
    assert json.loads(line)["Version"] == "2"


def test_caller_invents_no_dimension_when_its_version_is_not_served(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with pytest.raises(ContractViolationError):
        check_request(QUERY, {"contract_version": "made up"})

    (line,) = lines(caplog)
    assert json.loads(line)["Version"] == "unknown"


def test_metric_stands_alone_on_its_line_when_a_lambda_writes_it(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("AWS_EXECUTION_ENV", "AWS_Lambda_python3.12")

    check_response(QUERY, {})

    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["ContractViolations"] == 1
    assert lines(caplog) == []


def test_both_orchestrations_log_a_refused_request_alike(
    lambdas: "Lambdas", caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(Exception, match="isDrill"):
        lambdas.handle(builders.begin_event(isDrill="yes"))

    line, metric = caplog.messages
    assert line == (
        "Contract violation in orchestration/begin request, version 1, "
        "refused: at '/isDrill': type, expected boolean, got \"yes\""
    )
    assert json.loads(metric)["Action"] == "orchestration/begin"
