"""Tell operators that a contract was broken: a line, and a metric.

The metric is a line of JSON in CloudWatch's embedded metric format:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import json
import os
from typing import Any, Literal

from shared import log_lines
from shared.clock import epoch_seconds
from shared.contract_errors import Breach
from shared.log_lines import logger, metrics

NAMESPACE = "DRSOrchestration"
METRIC = "ContractViolations"
DIMENSIONS = ["Action", "Direction", "Version"]
# A caller must not invent dimensions, each of which costs.
NOT_SERVED = "unknown"

Outcome = Literal["refused", "reported"]


def report(breach: Breach, outcome: Outcome) -> None:
    """Write the log line and the metric of a breach.

    The metric counts documents, however many rules each breaks.
    """
    logger.error(
        log_lines.CONTRACT_BROKEN,
        breach.action,
        breach.direction,
        breach.version or NOT_SERVED,
        outcome,
        breach.details,
    )
    line = json.dumps(_metric(breach, outcome))
    if os.environ.get("AWS_EXECUTION_ENV", "").startswith("AWS_Lambda_"):
        # Lambda's log handler puts level and time before a line, and
        # CloudWatch would no longer take it for a metric.
        print(line, flush=True)
    else:
        metrics.info(line)


def _metric(breach: Breach, outcome: Outcome) -> dict[str, Any]:
    directive = {
        "Namespace": NAMESPACE,
        "Dimensions": [DIMENSIONS],
        "Metrics": [{"Name": METRIC, "Unit": "Count"}],
    }
    return {
        "_aws": {
            "Timestamp": epoch_seconds() * 1000,
            "CloudWatchMetrics": [directive],
        },
        "Action": breach.action,
        "Direction": breach.direction,
        "Version": breach.version or NOT_SERVED,
        METRIC: 1,
        "Outcome": outcome,
    }
