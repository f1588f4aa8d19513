#!/usr/bin/env bash
# Leads the tree through five stages to a running stack; --help tells how.
# docs/deployment.md says what each stage checks and why. Works with bash 3.2.
set -uo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$ROOT" || exit 2

# shellcheck source=scripts/deploy/report.sh
source scripts/deploy/report.sh
# shellcheck source=scripts/deploy/tools.sh
source scripts/deploy/tools.sh
# shellcheck source=scripts/deploy/gates.sh
source scripts/deploy/gates.sh
# shellcheck source=scripts/deploy/push.sh
source scripts/deploy/push.sh
# shellcheck source=scripts/deploy/parameters.sh
source scripts/deploy/parameters.sh
# shellcheck source=scripts/deploy/artifacts.sh
source scripts/deploy/artifacts.sh
# shellcheck source=scripts/deploy/stack.sh
source scripts/deploy/stack.sh
# shellcheck source=scripts/deploy/rollback.sh
source scripts/deploy/rollback.sh

ENVIRONMENT=""
MODE="all"
PUSH="yes"
CONFIRMED="no"

usage() {
  cat <<'TEXT'
Usage: scripts/deploy.sh ENV [--validate-only | --lambda-only | --rollback]
                             [--skip-push] [--yes]

Leads the tree through five stages and deploys it as the stack
drs-orchestration-ENV. The first blocking stage that fails ends the run.

  1 Validation  blocking       cfn-lint, black, TypeScript; flake8 only warns
  2 Security    only warns     bandit, cfn_nag, checkov, detect-secrets, ...
  3 Tests       blocking       pytest, vitest
  4 Git push    only warns     the current branch, to its upstream
  5 Deploy      blocking       packages, bucket, upload, stack, functions

ENV is a name such as dev, test, staging or prod.

  --validate-only  stages 1 to 3
  --lambda-only    in stage 5, update the code of the functions only
  --skip-push      without stage 4
  --rollback       only: have the deployed stack call the original
                   orchestration, all other parameters as they are;
                   refused while the bucket holds templates that were
                   never deployed
  --yes            do not ask before prod*, prd* or live* is changed
  --help           this text

Parameters of the stack: cfn/parameters/ENV.conf, lines of Name=value, or the
environment variable PARAMETER_Name, which goes first. What neither names
keeps its deployed value. ExpectedAccount=ID there is no parameter: with
credentials of another account nothing is done. AWS_ENDPOINT_URL is honoured; on this machine
(drs-orch up) the packages are those for this machine.

Examples:
  scripts/deploy.sh test --validate-only
  scripts/deploy.sh test
  PARAMETER_NotificationEmail=team@example.com scripts/deploy.sh prod
  scripts/deploy.sh prod --rollback

Exit codes:
  0  no blocking stage failed
  1  a blocking stage failed; the summary says which
  2  wrong usage
TEXT
}

wrong_usage() {
  echo "deploy.sh: $1" >&2
  echo "Try: scripts/deploy.sh --help" >&2
  exit 2
}

choose_mode() {
  [ "$MODE" = all ] || wrong_usage "--$MODE and --$1 exclude each other"
  MODE="$1"
}

parse() {
  local argument
  for argument in "$@"; do
    case "$argument" in
      --help | -h) usage && exit 0 ;;
      --validate-only | --lambda-only | --rollback)
        choose_mode "${argument#--}" ;;
      --skip-push) PUSH="no" ;;
      --yes) CONFIRMED="yes" ;;
      -*) wrong_usage "no option is called $argument" ;;
      *) [ -z "$ENVIRONMENT" ] || wrong_usage "one ENV only, not $argument too"
        ENVIRONMENT="$argument" ;;
    esac
  done
  [ -n "$ENVIRONMENT" ] || wrong_usage "ENV is missing"
  # As the templates want it: it ends every physical name.
  [[ "$ENVIRONMENT" =~ ^[a-z][a-z0-9-]{0,14}$ ]] \
    || wrong_usage "ENV must match [a-z][a-z0-9-]{0,14}, not $ENVIRONMENT"
}

is_production() {
  case "$ENVIRONMENT" in prod* | prd* | live*) return 0 ;; *) return 1 ;; esac
}

# Whether somebody will be there to answer is known before the first stage.
refuse_unattended_production() {
  is_production && [ "$CONFIRMED" = no ] && [ "$MODE" != validate-only ] \
    && [ ! -t 0 ] \
    && wrong_usage "$ENVIRONMENT wants an answer; where nobody is, say --yes"
  return 0
}

# What the gates cannot mend is known before they take their minutes.
account_beforehand() {
  local number=0 name
  stage 5 "Deploy, beforehand" blocking account
  if [ -z "$BLOCKED_BY" ]; then
    ROWS=""
    return
  fi
  for name in Validation Security Tests "Git push"; do
    number=$((number + 1))
    skip_stage "$number" "$name" "$BLOCKED_BY failed"
  done
  return 1
}

run_stages() {
  if [ "$MODE" = rollback ]; then
    skip_stage 1 "Validation" "rollback changes no code"
    skip_stage 2 "Security" "rollback changes no code"
    skip_stage 3 "Tests" "rollback changes no code"
    skip_stage 4 "Git push" "rollback changes no code"
    stage 5 "Deploy" blocking roll_back
    return
  fi
  [ "$MODE" = validate-only ] || account_beforehand || return
  stage 1 "Validation" blocking validation
  stage 2 "Security" advisory security
  stage 3 "Tests" blocking run_tests
  if [ "$MODE" = validate-only ]; then
    skip_stage 4 "Git push" "--validate-only"
    skip_stage 5 "Deploy" "--validate-only"
    return
  fi
  if [ "$PUSH" = no ]; then
    skip_stage 4 "Git push" "--skip-push"
  else
    stage 4 "Git push" advisory git_push
  fi
  if [ "$MODE" = lambda-only ]; then
    stage 5 "Deploy" blocking deploy_functions
  else
    stage 5 "Deploy" blocking deploy_all
  fi
}

main() {
  parse "$@"
  refuse_unattended_production
  check_parameters
  open_report
  warn_without_venv
  run_stages
  print_summary
}

main "$@"
