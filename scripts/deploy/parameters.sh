# shellcheck shell=bash
# The parameters of the master stack, and where each value comes from.

MASTER="cfn/master-stack.yaml"
STACK=""

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
  ! { [ -f "$file" ] && grep -q $'\r' "$file"; } \
    || wrong_usage "$file has line ends of Windows (CRLF)"
  for name in $(given_parameters); do
    # Of the script, not of the stack.
    [ "$name" != ExpectedAccount ] || continue
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

# Reads the stack once into STACK, lines of name, tab and value; nothing where
# there is none. Any other error must not be taken for that: values of live
# functions would become those of a first deployment.
read_stack() {
  local errors="$LOGS/describe-stacks.err"
  STACK=""
  if STACK="$(aws cloudformation describe-stacks --stack-name "$(stack_name)" \
    --query "Stacks[0].[[['StackStatus',StackStatus]],\
Parameters[].[ParameterKey,ParameterValue]][]" --output text 2>"$errors")"
  then
    note "$(deployed StackStatus)"
    return
  fi
  STACK=""
  if grep -q '(ValidationError).*does not exist' "$errors"; then
    note "no $(stack_name) yet"
    return
  fi
  cat "$errors"
  return 1
}

# deployed NAME: the value that the stack has; fails if it has none.
deployed() {
  local tab=$'\t'
  grep -q "^$1$tab" <<<"$STACK" && sed -n "s/^$1$tab//p" <<<"$STACK"
}

# value_of NAME DEFAULT: what the stack has or will have.
value_of() { given "$1" || deployed "$1" || echo "$2"; }

project_name() { given ProjectName || echo drs-orchestration; }

stack_name() { echo "$(project_name)-$ENVIRONMENT"; }
