"""Report which permissions each role uses.

python -m tests.permissions [--json]
"""

import argparse
import json
import sys
from collections.abc import Sequence

from harness.cloud import environment


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry a command line out.

    Returns:
        0 when all that was asked is allowed, and all that is allowed was
        asked for or has a reason; 1 otherwise.
    """
    asked = _parser().parse_args(arguments)
    with environment.applied(environment.sandbox()):
        # Loaded only now: boto3 reads variables when moto is imported.
        from tests.permissions import recording, report

        reports = list(map(report.document, recording.record().values()))
    if asked.json:
        print(json.dumps(reports, indent=2))
    else:
        print("\n".join(line for r in reports for line in report.lines(r)))
    return int(any(map(report.is_wrong, reports)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.permissions",
        description="Report which permissions each role uses.",
    )
    parser.add_argument("--json", action="store_true", help="for programs")
    return parser


if __name__ == "__main__":
    sys.exit(main())
