"""A request to each Lambda that makes it call AWS."""

import json
from pathlib import Path
from typing import Any

EXAMPLES = Path(__file__).parents[1] / "contracts" / "v1"
BEGIN = "orchestration/begin/examples/valid/request-two-waves.json"
# A request of each that makes it call AWS.
REQUESTS = {
    "dr-orchestration-stepfunction": BEGIN,
    "execution-handler": (
        "start_wave_recovery/examples/valid/request-first-wave.json"
    ),
    "orchestration-stepfunctions": BEGIN,
    "query-handler": (
        "query_servers_by_tags/examples/valid/"
        "request-in-the-own-account.json"
    ),
}


def request_to(folder: str) -> Any:
    """Read the request to the Lambda in a folder."""
    text = (EXAMPLES / REQUESTS[folder]).read_text(encoding="utf-8")
    return json.loads(text)
