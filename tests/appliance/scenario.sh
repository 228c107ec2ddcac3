# shellcheck shell=bash
# The few words that scenarios in bash share. `tests/appliance/run --help` tells what a scenario is and gets.
#
#   machine [options of vm-run] [-- COMMAND]   boots one under the scenario's engine, named by its head; with --then
#                                              a function of the scenario runs here while it is up
#   inside LINE                                in --then: a shell line as root in the machine
#   expect WHAT WANTED FOUND                   ends the scenario when they differ
#   eventually SECONDS COMMAND…                tries again until it succeeds
#   fail, skip, figure TEXT

set -euo pipefail

fail() {
  echo "FAILED: $*"
  exit 1
}

skip() {
  echo "SKIPPED: $*"
  exit 77
}

figure() { echo "figure: $*"; }

expect() {
  [[ $2 == "$3" ]] || fail "$1: expected '$2', found '$3'"
  echo "ok: $1: $3"
}

eventually() {
  local seconds=$1 started=$SECONDS
  shift
  until "$@"; do
    ((SECONDS - started < seconds)) || fail "not within $seconds s: $*"
    sleep 0.2
  done
}

# Milliseconds since some moment.
now_ms() { echo $(($(date +%s%N) / 1000000)); }

machine() {
  local engine
  engine=$(sed -n 's/^# Engine: //p' "$0" | head -n 1)
  # The functions of the scenario are there in --then.
  # shellcheck disable=SC2046
  export -f $(compgen -A function)
  vm-run --engine "$engine" "$@"
}

inside() { vm-ctl exec --user root -- "set -euo pipefail; $*"; }

# What put-in-place.sh needs in the machine, as options of vm-run.
# shellcheck disable=SC2034
in_place=(--copy "$SKEP_DIST:dist" --copy "$APPLIANCE/../../systemd:units" --copy "$APPLIANCE/put-in-place.sh:put-in-place.sh")

# A way to the machine's port 9000 from within it, for virtual machines whose service listens to itself only; $tunnel is
# its address here.
open_tunnel() {
  tunnel=127.0.0.1:$((RANDOM % 10000 + 20000))
  # shellcheck disable=SC2046
  $(vm-ctl ssh) -f -N -M -S "$PWD/tunnel" -o ExitOnForwardFailure=yes -L "$tunnel:127.0.0.1:9000" </dev/null >/dev/null 2>&1
}

close_tunnel() {
  # shellcheck disable=SC2046
  $(vm-ctl ssh) -S "$PWD/tunnel" -O exit 2>/dev/null || true
}
