#!/usr/bin/env bash
# Runs a tool of .venv, of .tools or, with a warning, of the system, for the
# hooks of pre-commit: scripts/run-tool.sh [--optional] NAME [ARGUMENT...]
# Without an optional tool a hook gives notice; without another it fails.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2

# shellcheck source=scripts/deploy/tools.sh
source scripts/deploy/tools.sh

absent=1
if [ "${1:-}" = --optional ]; then
  absent=0
  shift
fi
if [ $# -eq 0 ]; then
  echo "Usage: scripts/run-tool.sh [--optional] NAME [ARGUMENT...]" >&2
  exit 2
fi
name="$1"
shift
if ! find_tool "$name"; then
  echo "notice: $name is not installed, so it checked nothing;" \
    "docs/deployment.md says how to install it" >&2
  exit "$absent"
fi
[ -z "$FALL_BACK" ] || echo "warning: $FALL_BACK" >&2
exec "$TOOL" "$@"
