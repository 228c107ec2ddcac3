#!/usr/bin/env bash
# Tests of the scripts themselves, those parts that go wrong quietly. Run by scripts/test.
#
#   scripts/lib/tests.sh [--help]

# shellcheck disable=SC2016  # text in single quotes is for in_bash
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
source "$root/scripts/lib/say.sh"
source "$root/scripts/lib/setup.sh"
source "$root/scripts/lib/postgres.sh"
[[ ${1:-} != --help ]] || { usage && exit; }

log_dir=$(mktemp -d)
on_exit rm -rf "$log_dir"
failures=0
count=0

# expect WHAT EXPECTED ACTUAL
expect() {
  count=$((count + 1))
  if [[ $2 == "$3" ]]; then
    say "ok      $1"
  else
    say "FAILED  $1: expected '$2', got '$3'"
    failures=$((failures + 1))
  fi
}

status_of() {
  local status=0
  "$@" >/dev/null 2>&1 || status=$?
  echo "$status"
}

# in_bash TEXT: in a shell of its own with the library loaded, since some of it ends the shell.
in_bash() {
  bash -c 'set -euo pipefail; root=$1; for part in say setup postgres; do source "$root/scripts/lib/$part.sh"; done; log_dir=$2; eval "$3"' \
    scripts-test "$root" "$log_dir" "$1"
}

expect "1.95.0 is at least 1.95" 0 "$(status_of version_at_least 1.95.0 1.95)"
expect "1.100 is at least 1.95" 0 "$(status_of version_at_least 1.100.0 1.95)"
expect "1.94.1 isn't at least 1.95" 1 "$(status_of version_at_least 1.94.1 1.95)"

expect "quietly gives back the status" 3 "$(status_of in_bash 'quietly x bash -c "exit 3"')"
expect "a failure in quietly leads to die" 'scripts-test: alas' "$(in_bash 'quietly x false || die alas' 2>&1 | tail -n 1)"
expect "a step of a step has no number" '      x … failed after 0 s' "$(in_bash 'steps 3; part x false' 2>&1 | grep failed || true)"
expect "quietly shows the output of what failed" 1 "$(in_bash 'quietly x bash -c "echo why; exit 1"' 2>&1 | grep -c '^why$')"
expect "quietly hides the output of what went well" 0 "$(in_bash 'quietly x echo fine' 2>&1 | grep -c '^fine$' || true)"
expect "quietly gives no standard input" 0 "$(echo typed | in_bash 'quietly x bash -c "! read -r"' >/dev/null 2>&1 && echo 0)"

expect "die says one sentence and fails" 'scripts-test: do this' "$(in_bash 'die "do this"' 2>&1 || true)"
expect "what is due at the end happens at a failure, last first" 'b a' "$(in_bash 'on_exit echo a; on_exit echo b; false' | xargs)"
expect "and when somebody stops it" 'a 143' "$(in_bash 'on_exit echo a; kill -TERM $$; sleep 9' | xargs) $(status_of in_bash 'on_exit true; kill -TERM $$; sleep 9')"

port=$(free_port)
expect "a free port is a port" yes "$( ((port >= 20000 && port < 32000)) && echo yes)"

# Every script, from a folder that isn't the repository's.
for script in "$root"/scripts/*; do
  [[ -f $script ]] || continue
  name=${script##*/}
  expect "$name --help works anywhere" 0 "$(cd / && status_of "$script" --help)"
  expect "$name --help names the script" yes "$([[ $(cd / && "$script" --help </dev/null 2>&1) == *"scripts/$name"* ]] && echo yes)"
done
for name in build test check-licences; do
  expect "$name refuses an option it doesn't know" 1 "$(status_of "$root/scripts/$name" --no-such-option)"
done

if find_postgres; then
  url=$(in_bash 'need_postgres; start_postgres; echo "$SKEP_TEST_POSTGRES $postgres_folder"')
  expect "PostgreSQL has a URL of its own" yes "$([[ $url == postgres://skep@127.0.0.1:* ]] && echo yes)"
  expect "and leaves nothing behind" gone "$([[ -e ${url#* } ]] || echo gone)"
  folder=$(in_bash 'need_postgres; start_postgres; echo "$postgres_folder"; kill -KILL $$' 2>/dev/null || true)
  expect "a run that was killed leaves its folder" there "$([[ -d $folder ]] && echo there)"
  in_bash 'find_postgres; sweep_postgres'
  expect "and the next one takes it away" gone "$([[ -e $folder ]] || echo gone)"
fi

say "$((count - failures)) passed, $failures failed"
((failures == 0))
