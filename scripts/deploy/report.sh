# shellcheck shell=bash
# Progress while the checks run, and the summary at the end. A result is one of
#   passed   it ran and found nothing
#   warning  it found something and does not block
#   FAILED   it blocks
#   notice   it did not run, for the reason given
#   skipped  nobody wanted it to run
#   not run  a stage before it failed

LOGS=""
BLOCKED_BY=""
STAGE=""
ROWS=""
STAGE_ROWS=""
NOTE=""
SUMMARY_FORMAT='%-8s %7s  %s\n'

open_report() {
  LOGS="build/deploy/$ENVIRONMENT"
  mkdir -p "$LOGS"
  rm -f "$LOGS"/*.log
}

# stage NUMBER NAME blocking|advisory FUNCTION
stage() {
  STAGE="$1 $2"
  if [ -n "$BLOCKED_BY" ]; then
    add_stage "not run" "" "$BLOCKED_BY failed"
    return
  fi
  local began=$SECONDS
  STAGE_ROWS=""
  echo
  echo "Stage $1 of 5: $2 ($(mode_in_words "$3"))"
  "$4"
  local result
  result="$(stage_result)"
  [ "$result" != FAILED ] || BLOCKED_BY="$STAGE"
  echo "Stage $1 of 5: $2: $result, $((SECONDS - began)) s"
  add_stage "$result" "$((SECONDS - began))" "$(mode_in_words "$3")"
}

# skip_stage NUMBER NAME REASON
skip_stage() {
  STAGE="$1 $2"
  STAGE_ROWS=""
  if [ -n "$BLOCKED_BY" ]; then
    add_stage "not run" "" "$BLOCKED_BY failed"
  else
    add_stage skipped "" "$3"
  fi
}

mode_in_words() {
  if [ "$1" = blocking ]; then echo blocking; else echo "only warns"; fi
}

stage_result() {
  local each
  for each in FAILED warning passed notice; do
    if grep -q "^$each" <<<"$STAGE_ROWS"; then
      echo "$each"
      return
    fi
  done
  echo skipped
}

add_stage() {
  local seconds="${2:+$2 s}"
  # printf in a substitution loses the newline, which each row needs.
  # shellcheck disable=SC2059
  ROWS="$ROWS$(printf "$SUMMARY_FORMAT" "$1" "$seconds" "$STAGE ($3)")
$STAGE_ROWS"
  STAGE_ROWS=""
}

# record RESULT SECONDS CHECK [NOTE]
record() {
  local text="  $3${4:+: $4}"
  # shellcheck disable=SC2059
  STAGE_ROWS="$STAGE_ROWS$(printf "$SUMMARY_FORMAT" "$1" "$2 s" "$text")
"
  echo "  $3: $1${4:+ ($4)}, $2 s"
}

# note TEXT: what the running check has to say beside its result.
note() { NOTE="$1"; }

notice() { record notice 0 "$1" "$2"; }

# check NAME blocking|advisory HINT COMMAND...
# The command's output goes to a log; when it fails its end is shown.
check() {
  local name="$1" mode="$2" hint="$3" began=$SECONDS log
  shift 3
  log="$LOGS/${name//[ \/]/-}.log"
  echo "  $name ..."
  NOTE=""
  if "$@" >"$log" 2>&1; then
    record passed "$((SECONDS - began))" "$name" "$NOTE"
    return 0
  fi
  tail -n 25 "$log" | sed 's/^/    | /'
  local result=warning
  [ "$mode" = advisory ] || result=FAILED
  record "$result" "$((SECONDS - began))" "$name" "${NOTE:-$hint}"
  return 1
}

print_summary() {
  echo
  echo "Summary for $ENVIRONMENT"
  echo
  # shellcheck disable=SC2059
  printf "$SUMMARY_FORMAT" result time "stage or check"
  printf '%s' "$ROWS"
  echo
  echo "What each check said is in $LOGS"
  if [ -n "$BLOCKED_BY" ]; then
    echo "FAILED: blocked by stage $BLOCKED_BY"
    return 1
  fi
  echo "DONE: no blocking stage failed"
}
