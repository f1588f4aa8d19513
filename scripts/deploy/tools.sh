# shellcheck shell=bash
# Which tool is meant by a name: that of .venv, else that of .tools (made by
# `make tools`), else the system's, which may be of another version.

TOOL=""
FALL_BACK=""

warn_without_venv() {
  [ -d .venv/bin ] && return
  echo "warning: there is no .venv, so the system's tools are used;" \
    "pip install -r requirements-dev.txt makes their versions ours" >&2
}

# find_tool NAME: sets TOOL to what runs it and FALL_BACK to a warning, if any.
find_tool() {
  local folder
  FALL_BACK=""
  for folder in .venv/bin .tools/bin; do
    TOOL="$PWD/$folder/$1"
    [ ! -x "$TOOL" ] || return 0
  done
  TOOL="$(command -v "$1")" || return 1
  FALL_BACK="$1: not in .venv, so $TOOL is used"
}

# tool_check NAME blocking|advisory HINT ARGUMENT...
# A gate that is not there does not let anything pass: where it blocks, its
# absence blocks, too.
tool_check() {
  local name="$1" mode="$2" hint="$3"
  shift 3
  if find_tool "$name"; then
    [ -z "$FALL_BACK" ] || echo "  warning: $FALL_BACK"
    check "$name" "$mode" "$hint" "${RUNNER:-run_plain}" "$TOOL" "$@"
  elif [ "$mode" = blocking ]; then
    record FAILED 0 "$name" "not installed: pip install -r requirements-dev.txt"
  else
    notice "$name" "not installed, so not checked"
  fi
}

run_plain() { "$@"; }
