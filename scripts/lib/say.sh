# shellcheck shell=bash
# What the scripts print: numbered steps with elapsed seconds, and one sentence when something is wrong.
#
# Everything here goes to standard error, so that the output of a command that a script runs for somebody
# (scripts/with-postgres) stays clean. Not for deciding what to do: that is in the scripts themselves.

log_dir=$root/.cache/logs
step_number=0
step_total=0

if [[ -t 2 && -z ${NO_COLOR:-} ]]; then
  bold=$'\033[1m' dim=$'\033[2m' red=$'\033[31m' green=$'\033[32m' yellow=$'\033[33m' plain=$'\033[0m'
else
  bold='' dim='' red='' green='' yellow='' plain=''
fi

say() { printf '%s\n' "$*" >&2; }
warn() { printf '%s%s%s\n' "$yellow" "$*" "$plain" >&2; }

# die SENTENCE: the sentence says what to do about it.
die() {
  printf '%s%s: %s%s\n' "$red" "${0##*/}" "$*" "$plain" >&2
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# on_exit COMMAND…: also at Ctrl-C and at failure; the last one asked for runs first. Only for the main shell of a script.
exit_commands=()
on_exit() {
  exit_commands=("$(printf '%q ' "$@")" "${exit_commands[@]}")
  trap run_exit_commands EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
}
run_exit_commands() {
  local status=$? each
  # A second Ctrl-C must not leave half of it behind.
  trap '' INT TERM HUP
  for each in "${exit_commands[@]}"; do eval "$each" || true; done
  exit "$status"
}

# usage: prints the comment at the head of the calling script, which is its --help.
usage() { sed -n '2,/^[^#]/{/^#/!q;s/^# \{0,1\}//;p}' "$0"; }

# steps N, then step LABEL for each: "[3/7] building the web UI".
steps() {
  step_total=$1
  step_number=0
}
step() {
  step_number=$((step_number + 1))
  say "$(step_label "$*")"
}
step_label() {
  if ((step_total > 0)); then
    printf '%s[%d/%d]%s %s' "$bold" "$step_number" "$step_total" "$plain" "$*"
  else
    printf '      %s' "$*"
  fi
}

# quietly LABEL COMMAND…: a step whose output goes to a file and is shown only if it fails. Meanwhile one line tells the
# elapsed seconds and what the command said last. Returns the command's status. A function that is run here joins its
# parts by &&: callers say `quietly … || die`, and that switches `set -e` off for everything within.
quietly() {
  local label=$1 log status=0 started=$SECONDS ticker
  shift
  mkdir -p "$log_dir"
  log=$(log_of "$label")
  step_number=$((step_number + 1))
  label=$(step_label "$label")
  : >"$log"
  [[ -t 2 ]] || say "$label …"
  tick "$label" "$started" "$log" &
  ticker=$!
  ("$@") </dev/null >"$log" 2>&1 || status=$?
  kill "$ticker" 2>/dev/null || true
  wait "$ticker" 2>/dev/null || true
  [[ -t 2 ]] && printf '\r\033[K' >&2
  if ((status == 0)); then
    say "$label … ${green}done${plain} in $((SECONDS - started)) s"
  else
    say "$label … ${red}failed${plain} after $((SECONDS - started)) s"
    say "${dim}--- the end of $log:${plain}"
    tail -n "${SKEP_LOG_LINES:-60}" "$log" >&2
    say "${dim}---${plain}"
  fi
  return "$status"
}

# part LABEL COMMAND…: the same within a step, without a number of its own.
part() {
  local step_total=0 step_number=0
  quietly "$@"
}

log_of() { echo "$log_dir/$(tr -cs '[:alnum:]\n' - <<<"$1").log"; }

# Runs beside a command. Looks for its script each second, so that it can't outlive it whatever happens to that.
tick() {
  local label=$1 started=$2 log=$3 elapsed last width
  while sleep 1 >/dev/null 2>&1 && kill -0 "$$" 2>/dev/null; do
    elapsed=$((SECONDS - started))
    last=$(tail -n 1 "$log" 2>/dev/null | tr -cd '[:print:]' | sed 's/^ *//') || last=''
    if [[ -t 2 ]]; then
      width=$(($(tput cols 2>/dev/null || echo 80) - ${#label} - 12))
      ((width > 10)) || last=''
      printf '\r\033[K%s … %d s  %s%.*s%s' "$label" "$elapsed" "$dim" "$((width > 0 ? width : 0))" "$last" "$plain" >&2
    elif ((elapsed % 60 == 0)); then
      say "$label … $elapsed s  ${last:0:100}"
    fi
  done
}
