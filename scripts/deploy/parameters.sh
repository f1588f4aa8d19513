# shellcheck shell=bash
# The parameters of the master stack, and where each value comes from.

MASTER="cfn/master-stack.yaml"

parameters_file() { echo "${PARAMETERS_FILE:-cfn/parameters/$ENVIRONMENT.conf}"; }

declared_parameters() {
  sed -n '/^Parameters:/,/^Resources:/s/^  \([A-Za-z]*\):$/\1/p' "$MASTER"
}

# Prints the names that environment and file give.
given_parameters() {
  local name
  for name in ${!PARAMETER_@}; do echo "${name#PARAMETER_}"; done
  [ ! -f "$(parameters_file)" ] \
    || sed -n 's/^\([A-Za-z]*\)=.*/\1/p' "$(parameters_file)"
}

# AWS's command ignores parameters it does not know: a slip of the pen would
# go unnoticed.
check_parameters() {
  local name file
  file="$(parameters_file)"
  [ -f "$file" ] || [ -z "${PARAMETERS_FILE:-}" ] \
    || wrong_usage "no file $file, which PARAMETERS_FILE names"
  if [ -f "$file" ] && grep -qvE '^([A-Za-z]+=.*|#.*|[[:space:]]*)$' "$file"
  then
    wrong_usage "$file: each line must be Name=value or a comment"
  fi
  for name in $(given_parameters); do
    declared_parameters | grep -qx "$name" \
      || wrong_usage "$MASTER has no parameter $name"
    [ "$name" != Environment ] \
      || wrong_usage "Environment is the ENV of the command"
  done
}

# given NAME: the value that environment or file give; fails if none does.
given() {
  local variable="PARAMETER_$1"
  if [ -n "${!variable+set}" ]; then
    echo "${!variable}"
  else
    [ -f "$(parameters_file)" ] && grep -q "^$1=" "$(parameters_file)" \
      && sed -n "s/^$1=//p" "$(parameters_file)" | tail -n 1
  fi
}

# deployed NAME: the value that the stack has; fails if there is no such stack.
deployed() {
  local value
  value="$(aws cloudformation describe-stacks --stack-name "$(stack_name)" \
    --query "Stacks[0].Parameters[?ParameterKey=='$1'].ParameterValue | [0]" \
    --output text 2>/dev/null)" || return 1
  [ "$value" != None ] && echo "$value"
}

# value_of NAME DEFAULT: what the stack has or will have.
value_of() { given "$1" || deployed "$1" || echo "$2"; }

project_name() { given ProjectName || echo drs-orchestration; }

stack_name() { echo "$(project_name)-$ENVIRONMENT"; }
