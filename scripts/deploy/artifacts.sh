# shellcheck shell=bash
# Stage 5, first half: the packages and templates, and the bucket they go to.

AWS=""
ACCOUNT=""
REGION=""
BUCKET=""
PACKAGES=""

aws() { "$AWS" "$@"; }

# Lambda's package and the function that it is the code of.
functions() {
  local project
  project="$(project_name)"
  cat <<TEXT
dr-orchestration-stepfunction $project-dr-orch-sf-$ENVIRONMENT
execution-handler $project-execution-handler-$ENVIRONMENT
orchestration-stepfunctions $project-orch-sf-$ENVIRONMENT
query-handler $project-query-handler-$ENVIRONMENT
TEXT
}

# A local AWS runs packages on this machine, and so they must be for it.
is_local() {
  [[ "${AWS_ENDPOINT_URL:-}" =~ ^https?://(127\.|localhost|\[::1\]) ]]
}

account() {
  find_tool aws || {
    record FAILED 0 account "the AWS CLI is not installed"
    return 1
  }
  AWS="$TOOL"
  check account blocking "no valid credentials, or no Region" find_account \
    && check "state of the stack" blocking \
      "the stack could not be read, so nothing is known of it; try again" \
      read_stack
}

find_account() {
  REGION="${AWS_REGION:-${AWS_DEFAULT_REGION:-$(aws configure get region)}}"
  [ -n "$REGION" ] || {
    echo "Set AWS_REGION, or a Region in the profile."
    return 1
  }
  export AWS_REGION="$REGION" AWS_DEFAULT_REGION="$REGION" AWS_PAGER=""
  local expected answer
  answer="$(aws sts get-caller-identity --query Account --output text 2>&1)" \
    || {
      echo "$answer"
      ! grep -q 'Could not connect to the endpoint' <<<"$answer" \
        || note "nothing answers at ${AWS_ENDPOINT_URL:-the endpoint of AWS}"
      return 1
    }
  # Warnings of the CLI stand before it.
  ACCOUNT="$(tail -n 1 <<<"$answer")"
  if expected="$(given ExpectedAccount)" && [ "$expected" != "$ACCOUNT" ]; then
    note "the credentials are of account $ACCOUNT, not of $expected"
    return 1
  fi
  note "$ACCOUNT, $REGION${AWS_ENDPOINT_URL:+, at $AWS_ENDPOINT_URL}"
}

confirm() {
  is_production && [ "$CONFIRMED" = no ] || return 0
  local answer=""
  echo "  This changes the stack $(stack_name) in account $ACCOUNT, $REGION:" \
    "$(git log -1 --format='%h %s' 2>/dev/null)$(dirty)"
  read -r -p "  Type $ENVIRONMENT to go on: " answer
  [ "$answer" = "$ENVIRONMENT" ] && return
  record FAILED 0 confirmation "$ENVIRONMENT was not typed"
  return 1
}

dirty() {
  local changed
  changed="$(git status --porcelain 2>/dev/null | wc -l | tr -d ' ')"
  [ "$changed" -eq 0 ] || echo " + $changed uncommitted paths"
}

packages() {
  local python="python3" for_whom
  [ ! -x .venv/bin/python ] || python=".venv/bin/python"
  PACKAGES="build/lambda"
  for_whom="--platform $(value_of Architecture arm64)"
  if is_local; then
    PACKAGES="build/lambda-local"
    for_whom="--local"
  fi
  # shellcheck disable=SC2086
  check packages blocking "a package could not be built" \
    run_noting "$for_whom" "$python" package_lambda.py $for_whom \
    --output "$PACKAGES"
}

# run_noting NOTE COMMAND...
run_noting() {
  local note="$1"
  shift
  "$@" || return 1
  note "$note"
}

# One bucket for each environment: two would overwrite each other's packages.
bucket() {
  BUCKET="$(value_of DeploymentBucket "$(default_bucket)")"
  check bucket blocking "no bucket $BUCKET for this account" find_or_make_bucket
}

find_or_make_bucket() {
  local found
  note "$BUCKET"
  found="$(aws s3api head-bucket --bucket "$BUCKET" \
    --expected-bucket-owner "$ACCOUNT" 2>&1)" && {
    is_given_bucket || settle_bucket
    return
  }
  grep -qF '(404)' <<<"$found" || {
    echo "$found"
    note "$BUCKET cannot be used: a name of another account's?"
    return 1
  }
  make_bucket && settle_bucket || return 1
  note "$BUCKET, new"
}

default_bucket() { echo "$(stack_name)-$ACCOUNT-$REGION"; }

# One that somebody named is theirs to settle.
is_given_bucket() { [ "$BUCKET" != "$(default_bucket)" ]; }

make_bucket() {
  local place=()
  # The oldest Region may not be named.
  [ "$REGION" = us-east-1 ] \
    || place=(--create-bucket-configuration "LocationConstraint=$REGION")
  aws s3api create-bucket --bucket "$BUCKET" ${place[@]+"${place[@]}"}
}

# On every run: the one that made the bucket may have ended right after.
settle_bucket() {
  aws s3api put-public-access-block --bucket "$BUCKET" \
      --public-access-block-configuration \
      BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true \
    && aws s3api put-bucket-versioning --bucket "$BUCKET" \
      --versioning-configuration Status=Enabled \
    && aws s3api put-bucket-encryption --bucket "$BUCKET" \
      --server-side-encryption-configuration \
      '{"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"AES256"}}]}'
}

# Copied, not synchronized: equal sources make packages of equal size and
# different times, by which `aws s3 sync` would judge.
upload_packages() {
  check "upload of packages" blocking "not all packages are in $BUCKET" \
    aws s3 cp "$PACKAGES" "s3://$BUCKET/lambda" --recursive --no-progress \
    --exclude '*' --include '*.zip'
}

upload_templates() {
  check "upload of templates" blocking "not all templates are in $BUCKET" \
    aws s3 cp cfn "s3://$BUCKET/cfn" --recursive --no-progress \
    --exclude '*' --include '*-stack.yaml'
}
