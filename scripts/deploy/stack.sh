# shellcheck shell=bash
# Stage 5, second half: what the stack and its functions become.

deploy_all() {
  account && confirm && packages && bucket && upload_packages \
    && upload_templates \
    && check stack blocking "see the events of the stack" deploy_stack \
    && update_functions
}

deploy_functions() {
  account && confirm && deployed_stack && as_deployed Architecture \
    && as_deployed DeploymentBucket && packages && bucket \
    && upload_packages && update_functions
}

roll_back() {
  account && confirm && deployed_stack && deployed_templates \
    && check rollback blocking "see the events of the stack" \
      activate_original
}

deployed_stack() {
  check "deployed stack" blocking "no stack $(stack_name) to change" \
    deployed StackStatus
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
  local package function
  while read -r package function; do
    check "$function" blocking "the function keeps its old code" \
      update_function "$package" "$function" </dev/null || return 1
  done < <(functions)
}

update_function() {
  if [ "$(deployed_code "$2")" = "$(packaged_code "$1")" ]; then
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

# An update reads the nested templates again from the bucket. What a failed
# deployment left there was never deployed, and no rollback should be first.
deployed_templates() {
  check "deployed templates" blocking \
    "the nested stacks could not be compared with the bucket" \
    compare_templates
}

compare_templates() {
  local kept="$LOGS/deployed" source stack file differing=""
  source="$(deployed DeploymentBucket)" || return 1
  rm -rf "$kept" "$kept.txt" "$kept.uploaded"
  mkdir -p "$kept"
  nested_stacks >"$kept.txt" || return 1
  while read -r stack file; do
    original_template "$stack" >"$kept/$file" || return 1
    aws s3 cp "s3://$source/cfn/$file" "$kept.uploaded" --no-progress \
      || return 1
    [ "$(<"$kept/$file")" = "$(<"$kept.uploaded")" ] \
      || differing="$differing $file"
  done <"$kept.txt"
  [ -n "$differing" ] || return 0
  note "never deployed, but in the bucket:$differing; upload the deployed \
version first (aws s3 cp $kept s3://$source/cfn --recursive), then roll back"
  return 1
}

original_template() {
  aws cloudformation get-template --stack-name "$1" --template-stage Original \
    --query TemplateBody --output text </dev/null
}

# Prints each nested stack and the file that the deployed master names for it.
nested_stacks() {
  local files stack name file
  files="$(original_template "$(stack_name)" | awk '
    /^  [A-Za-z]+:/ { name = $1; sub(":", "", name) }
    /\/cfn\/[a-z-]+[.]yaml/ { sub(/.*\/cfn\//, ""); sub(/yaml.*/, "yaml"); print name, $0 }
  ')" || return 1
  aws cloudformation describe-stack-resources --stack-name "$(stack_name)" \
    --query "StackResources[?ResourceType=='AWS::CloudFormation::Stack']\
.[LogicalResourceId,PhysicalResourceId]" --output text >"$LOGS/nested" \
    || return 1
  while read -r name stack; do
    file="$(sed -n "s/^$name //p" <<<"$files")"
    [ -n "$file" ] || {
      echo "The deployed master template names no file for $name." >&2
      return 1
    }
    echo "$stack $file"
  done <"$LOGS/nested"
}

# The template stays the deployed one, whatever this checkout holds.
activate_original() {
  local parameters=() name answer
  note ""
  for name in $(aws cloudformation describe-stacks \
    --stack-name "$(stack_name)" \
    --query 'Stacks[0].Parameters[].ParameterKey' --output text); do
    [ "$name" = ActiveOrchestration ] \
      || parameters+=("ParameterKey=$name,UsePreviousValue=true")
  done
  answer="$(aws cloudformation update-stack --stack-name "$(stack_name)" \
    --use-previous-template --parameters "${parameters[@]}" \
    ParameterKey=ActiveOrchestration,ParameterValue=original \
    --capabilities CAPABILITY_NAMED_IAM CAPABILITY_AUTO_EXPAND 2>&1)" || {
    echo "$answer"
    note "the original orchestration was active already"
    grep -q 'No updates are to be performed' <<<"$answer" && return
    note ""
    return 1
  }
  aws cloudformation wait stack-update-complete \
    --stack-name "$(stack_name)" || return 1
  note "new executions call the original orchestration"
}
