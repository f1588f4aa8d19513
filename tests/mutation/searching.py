"""A short search of scenarios: exit code 1 when the two sides part."""

import sys

from harness.equivalence.campaigns import Profile, run

PROFILE = Profile("mutants", scenarios=40, handovers=0, shrinks=False)


def main() -> int:
    """Search, and print where the two sides part."""
    finding = run(PROFILE).finding
    if finding is None:
        return 0
    print(f"scenario: {finding}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
