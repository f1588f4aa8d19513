# shellcheck shell=bash
# Stage 5, second half: what the stack and its functions become.

deploy_all() {
  account && confirm && changeable_stack && packages && bucket \
    && upload_packages && upload_templates \
    && check stack blocking "see the events of the stack" deploy_stack \
    && update_functions
}

deploy_functions() {
  account && confirm && deployed_stack && changeable_stack \
    && as_deployed Architecture && as_deployed DeploymentBucket && packages \
    && bucket && upload_packages && update_functions
}

deployed_stack() {
  check "deployed stack" blocking "no stack $(stack_name) to change" \
    deployed StackStatus
}

# States in which CloudFormation takes no change. Before the upload, so that
# the bucket keeps what belongs to the stack.
changeable_stack() {
  local state told
  state="$(deployed StackStatus)" || return 0
  case "$state" in
    ROLLBACK_COMPLETE | ROLLBACK_FAILED | CREATE_FAILED | DELETE_FAILED)
      told="never deployed whole: see its events, then delete it (aws \
cloudformation delete-stack --stack-name $(stack_name)) and its tables, if \
any are left; docs/deployment.md, A first deployment that failed" ;;
    UPDATE_ROLLBACK_FAILED)
      told="aws cloudformation continue-update-rollback --stack-name \
$(stack_name), then run again" ;;
    REVIEW_IN_PROGRESS) return 0 ;;
    *_IN_PROGRESS) told="it is being changed; wait and run again" ;;
    *) return 0 ;;
  esac
  record FAILED 0 "$state" "$told"
  return 1
}

# as_deployed NAME: code alone can change neither architecture nor bucket.
as_deployed() {
  local here there
  there="$(deployed "$1")" || {
    record FAILED 0 "$1" "the stack has no such parameter; deploy all of it"
    return 1
  }
  here="$(given "$1")" || return 0
  [ "$here" != "$there" ] || return 0
  record FAILED 0 "$1" "$here is given, and $there deployed; deploy all of it"
  return 1
}

deploy_stack() {
  local overrides=("Environment=$ENVIRONMENT" "DeploymentBucket=$BUCKET") name
  for name in $(declared_parameters); do
    case "$name" in Environment | DeploymentBucket) continue ;; esac
    ! given "$name" >/dev/null || overrides+=("$name=$(given "$name")")
  done
  aws cloudformation deploy --stack-name "$(stack_name)" \
    --template-file "$MASTER" --parameter-overrides "${overrides[@]}" \
    --capabilities CAPABILITY_NAMED_IAM CAPABILITY_AUTO_EXPAND \
    --tags "Project=$(project_name)" "Environment=$ENVIRONMENT" \
    --no-fail-on-empty-changeset || return 1
  read_stack || return 1
  note "$(stack_name), the state machine calls the \
$(deployed ActiveOrchestration) orchestration"
}

# A package that changed under its key is no change to CloudFormation.
update_functions() {
  local package function new="" old=""
  while read -r package function; do
    if [ -z "$old" ] && check "$function" blocking "see what is said above" \
      update_function "$package" "$function" </dev/null; then
      new="$new $function"
    else
      old="$old $function"
    fi
  done < <(functions)
  [ -n "$old" ] || return 0
  record FAILED 0 "code of the functions" "new:${new:- none}; \
old, the first perhaps new:$old; run again, or --rollback"
  return 1
}

update_function() {
  local here there
  here="$(packaged_code "$1")"
  there="$(deployed_code "$2")"
  # Two that are unknown are not the same.
  if [ -n "$here" ] && [ "$here" = "$there" ]; then
    note "has this code already"
    return
  fi
  aws lambda update-function-code --function-name "$2" \
    --s3-bucket "$BUCKET" --s3-key "lambda/$1.zip" \
    --query CodeSha256 --output text \
    && aws lambda wait function-updated-v2 --function-name "$2" || return 1
  note "new code"
}

deployed_code() {
  aws lambda get-function-configuration --function-name "$1" \
    --query CodeSha256 --output text
}

# As Lambda writes it: SHA-256 in Base64.
packaged_code() {
  openssl dgst -sha256 -binary "$PACKAGES/$1.zip" | openssl base64
}
