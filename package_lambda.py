#!/usr/bin/env python3
"""Build the zips of the Lambdas; `--help` tells how."""

import sys

from harness.packages import command

if __name__ == "__main__":
    sys.exit(command.main())
