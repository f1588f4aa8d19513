# shellcheck shell=bash
# Stages 1 to 3: what the tree must be like before it is deployed.

validation() {
  RUNNER=run_cfn_lint tool_check cfn-lint blocking "a template has an error" \
    cfn/*.yaml --config-file .cfnlintrc.yaml -f quiet
  tool_check flake8 advisory "flake8 lambda/ --config .flake8 shows them" \
    lambda/ --config .flake8 --count -q
  tool_check black blocking "fix: black --line-length 79 lambda/" \
    --check --quiet --line-length 79 lambda/
  frontend_check TypeScript blocking run type-check
}

# cfn-lint ends with a sum: 2 for errors, 4 for warnings, 8 for information.
run_cfn_lint() {
  local code=0
  "$@" || code=$?
  [ "$code" -ne 0 ] || return 0
  [ $((code & 2)) -eq 0 ] && [ $((code & ~12)) -eq 0 ] || return 1
  note "warnings: cfn-lint cfn/*.yaml shows them"
}

security() {
  tool_check bandit advisory "bandit -r lambda/ -ll shows them" \
    -r lambda/ -ll -q
  tool_check cfn_nag_scan advisory "a template has weaknesses" \
    --input-path cfn/ --deny-list-path .cfn_nag_deny_list.yml
  tool_check checkov advisory "a template has weaknesses" \
    --config-file .checkov.yaml
  RUNNER=run_detect_secrets tool_check detect-secrets advisory \
    "new secrets; detect-secrets audit judges them" \
    scan --baseline .secrets.baseline
  shell_scripts
  frontend_check "npm audit" advisory audit --audit-level=critical
}

# The scan writes what it finds into the baseline and never fails: what it
# added is what is new. The baseline is then put back, for a person to judge.
run_detect_secrets() {
  local before="$LOGS/secrets.before" code=0 added
  cp .secrets.baseline "$before" || return 1
  "$@" || code=1
  added="$(diff <(secrets_of "$before") <(secrets_of .secrets.baseline) \
    | sed -n 's/^> *//p')"
  mv "$before" .secrets.baseline
  echo "$added"
  [ "$code" -eq 0 ] && [ -z "$added" ]
}

secrets_of() { grep -E '"(type|filename|hashed_secret)":' "$1"; }

shell_scripts() {
  local scripts=() each
  # ** of bash 3.2 knows one level only.
  while IFS= read -r each; do
    scripts+=("$each")
  done < <(find lambda scripts -name '*.sh' | sort)
  if [ ${#scripts[@]} -eq 0 ]; then
    notice shellcheck "no shell scripts"
    return
  fi
  tool_check shellcheck advisory "a script has weaknesses" \
    -S warning "${scripts[@]}"
}

run_tests() {
  local workers=()
  # Two at a time, where our own pytest has the plugin for it.
  [ ! -x .venv/bin/pytest ] || workers=(-n 2 --dist worksteal)
  # The tests say what is missing where this fails.
  [ ! -x .venv/bin/pytest ] || make --silent second-opinion >/dev/null 2>&1 \
    || true
  RUNNER=run_shown tool_check pytest blocking \
    "pytest on what is named above shows why" \
    tests/unit/ tests/integration/ -q --tb=no ${workers[@]+"${workers[@]}"}
  frontend_check vitest blocking run test:skip-integration
}

# Minutes pass here: whoever waits wants to see the tests pass by.
run_shown() {
  if [ -t 2 ]; then "$@" 2>&1 | tee /dev/stderr; else "$@"; fi
}

# frontend_check NAME blocking|advisory ARGUMENT_OF_NPM...
frontend_check() {
  local name="$1" mode="$2"
  shift 2
  if [ ! -f frontend/package.json ]; then
    notice "$name" "no frontend/ in this repository, so not checked"
  elif find_tool npm; then
    check "$name" "$mode" "npm $* in frontend/ shows why" \
      in_frontend "$TOOL" "$@"
  elif [ "$mode" = blocking ]; then
    record FAILED 0 "$name" "npm is not installed"
  else
    notice "$name" "npm is not installed, so not checked"
  fi
}

in_frontend() { (cd frontend && "$@"); }
