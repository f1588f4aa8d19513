# shellcheck shell=bash
# Stage 4: what is deployed should be where the others find it.

git_push() {
  local branch remote merged
  if ! git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
    notice "push" "not a git checkout"
    return
  fi
  uncommitted_changes
  branch="$(git symbolic-ref --quiet --short HEAD)" || {
    notice "push" "no branch is checked out"
    return
  }
  remote="$(git config --get "branch.$branch.remote")"
  merged="$(git config --get "branch.$branch.merge")"
  if [ -z "$(git remote)" ]; then
    notice "push" "the repository has no remote"
  elif [ -z "$remote" ] || [ -z "$merged" ]; then
    notice "push" "$branch has no upstream: git push -u REMOTE $branch"
  else
    check "push" advisory "$branch was not pushed" \
      git push "$remote" "HEAD:$merged"
  fi
}

uncommitted_changes() {
  local changed
  changed="$(git status --porcelain | wc -l | tr -d ' ')"
  if [ "$changed" -eq 0 ]; then
    record passed 0 "uncommitted changes" none
  else
    record warning 0 "uncommitted changes" \
      "$changed paths differ from the commit that is pushed"
  fi
}
