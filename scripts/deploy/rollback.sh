# shellcheck shell=bash
# Stage 5 of a rollback: the deployed stack calls the original orchestration.

roll_back() {
  account && confirm && deployed_stack && changeable_stack \
    && deployed_templates && check rollback blocking "see the events of the stack" \
      activate_original
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
