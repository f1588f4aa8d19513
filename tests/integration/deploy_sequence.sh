#!/usr/bin/env bash
# Deploys to a local AWS, executes a plan, rolls back, and executes it again:
# with the commands, the AWS CLI and the packages that AWS itself would get.
#
# Usage: tests/integration/deploy_sequence.sh [ENV]
#
# Starts a local AWS of its own and stops it at the end. With
# DRS_ORCH_RUNTIME_DIR set it takes the one that is up there, and leaves it.
# Stages 1 to 4 of scripts/deploy.sh are left out: they run the tests, of which
# this is one.
set -euo pipefail

ENVIRONMENT="${1:-sequence}"
STACK="drs-orchestration-$ENVIRONMENT"
PLAN="examples/three-tier.yaml"
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
BIN="${BIN:-$PWD/.venv/bin}"
WORK="$(mktemp -d)"
MINE=""

finish() {
  [ -z "$MINE" ] || "$BIN/drs-orch" down >/dev/null || true
  rm -rf "$WORK"
}
trap finish EXIT

say() { echo "== $*"; }

fail() {
  echo "deploy_sequence.sh: $*" >&2
  exit 1
}

# field NAME: of the JSON document that comes in; a path with dots.
field() {
  "$BIN/python" -c '
import functools, json, sys
found = functools.reduce(lambda d, k: d[k], sys.argv[1].split("."), json.load(sys.stdin))
print(found if isinstance(found, str) else json.dumps(found))' "$1"
}

start_local_aws() {
  if [ -z "${DRS_ORCH_RUNTIME_DIR:-}" ]; then
    export DRS_ORCH_RUNTIME_DIR="$WORK/runtime"
    MINE=yes
    "$BIN/drs-orch" up -d --port 0 --profile instant --enforce-iam >/dev/null
  fi
  AWS_ENDPOINT_URL="$("$BIN/drs-orch" status --json | field url)"
  export AWS_ENDPOINT_URL AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local
  export AWS_DEFAULT_REGION=us-east-1 AWS_REGION=us-east-1 AWS_PAGER=""
  # Nothing of whoever runs this.
  export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null
  unset AWS_PROFILE AWS_SESSION_TOKEN
}

# The fifth stage of scripts/deploy.sh, as it stands there.
deploy() (
  set +e +o pipefail
  # shellcheck disable=SC2329
  is_production() { return 1; }
  for part in report tools parameters artifacts stack; do
    # shellcheck source=/dev/null
    source "scripts/deploy/$part.sh"
  done
  open_report
  stage 5 "Deploy" blocking deploy_all
  print_summary
)

call() { "$BIN/aws" "$@"; }

# execute OPTION...: a drill of the plan to its end, approved at its pause.
execute() {
  local arn token name
  "$BIN/drs-orch" seed "$PLAN" --stack "$STACK" --json "$@" >"$WORK/made"
  name="$(field executionName <"$WORK/made")"
  field executionInput <"$WORK/made" >"$WORK/input"
  arn="$(call stepfunctions start-execution --name "$name" \
    --state-machine-arn "$(field stateMachineArn <"$WORK/made")" \
    --input "file://$WORK/input" --query executionArn --output text)"
  for _ in $(seq 40); do
    "$BIN/drs-orch" advance 1h >/dev/null
    case "$(call stepfunctions describe-execution --execution-arn "$arn" \
      --query status --output text)" in
      SUCCEEDED) return ;;
      RUNNING) ;;
      *) call stepfunctions describe-execution --execution-arn "$arn" >&2
        fail "execution $name failed" ;;
    esac
    token="$(token_of "$name")"
    [ -z "$token" ] || call stepfunctions send-task-success \
      --task-token "$token" --task-output '{}'
  done
  fail "execution $name does not end"
}

# token_of NAME: what an execution's record holds while it is paused.
token_of() {
  local key
  key="{\"executionId\": {\"S\": \"$1\"}, \"planId\": {\"S\": \"$(field planId <"$WORK/made")\"}}"
  call dynamodb get-item --consistent-read --key "$key" \
    --table-name "drs-orchestration-execution-history-$ENVIRONMENT" \
    --query 'Item.taskToken.S' --output text | sed 's/^None$//'
}

# runs NAME: how often a function has run, and from which package.
runs() {
  "$BIN/drs-orch" status --json | "$BIN/python" -c '
import json, sys
ran = {each["name"]: each for each in json.load(sys.stdin)["functions"]}
found = ran.get(sys.argv[1], {"invocations": 0, "package": "-"})
print(found["invocations"], found["package"])' "drs-orchestration-$1-$ENVIRONMENT"
}

# expect_package FUNCTION PACKAGE: it has run, from the zip that was built.
expect_package() {
  local count package built
  read -r count package <<<"$(runs "$1")"
  built="$("$BIN/python" -c 'import hashlib, sys
print(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest())' \
    "build/lambda-local/$2.zip")"
  [ "$count" -gt 0 ] || fail "$1 never ran"
  [ "$package" = "$built" ] || fail "$1 ran $package, and $built was built"
  echo "   $1: $count invocations of ${built:0:12}"
}

expect_idle() { [[ "$(runs "$1")" = 0* ]] || fail "$1 ran: $(runs "$1")"; }

start_local_aws
say "deploy $STACK to $AWS_ENDPOINT_URL"
deploy
say "execute $PLAN"
execute
expect_package dr-orch-sf dr-orchestration-stepfunction
expect_package execution-handler execution-handler
expect_package query-handler query-handler
expect_idle orch-sf
before="$(runs dr-orch-sf)"
say "roll back"
scripts/deploy.sh "$ENVIRONMENT" --rollback
say "execute $PLAN again"
execute --again
expect_package orch-sf orchestration-stepfunctions
[ "$(runs dr-orch-sf)" = "$before" ] || fail "the refactored function ran again"
say "what the local AWS made of the stack"
"$BIN/drs-orch" status
say "deployed, executed, rolled back and executed"
