# shellcheck shell=bash
# The steps of scripts/test, in their order. Each runs in a shell of its own under `set -e`; it fails by its exit status,
# and leaves with $nothing_to_test when what it tests isn't in the checkout.

nothing_to_test=77
all_steps=(shell licences format web clippy rust postgres build contract crash appliance browser)
declare -A step_purposes=(
  [shell]="the scripts, by shellcheck"
  [licences]="the licences of everything we build with"
  [format]="the layout of the Rust code"
  [web]="the web UI: build, types, lint, unit tests"
  [clippy]="the Rust code, by clippy"
  [rust]="unit, API, architecture and tidy tests, on SQLite"
  [postgres]="the API tests again, on PostgreSQL"
  [build]="the program, as it is shipped"
  [contract]="the program by the own tests of thehive4py, on SQLite and on PostgreSQL"
  [crash]="kill -9, full disk, slow clients: the program under faults"
  [appliance]="the program as it is installed, on machines with a real systemd"
  [browser]="the journeys in Chromium"
)
# A hanging test must not hang the run. Not longer than what a slow machine needs.
limit=(timeout --foreground --kill-after=10 1500)

is_program_needed() {
  is_selected build || is_selected contract || is_selected crash || is_selected appliance || is_selected browser
}

set_up_for_tests() {
  if is_selected shell; then need_shellcheck; fi
  need_node
  need_cc
  need_cargo clippy rustfmt
  # Everything is installed here: half an hour later, sudo would ask for the password again.
  if [[ $profile == release ]] && is_program_needed; then choose_target; fi
  if [[ -n $with_postgres ]] && { is_selected rust || is_selected postgres || is_selected contract; }; then need_postgres; fi
  if is_selected contract; then need_python; fi
  if is_selected appliance; then need_machine_tools; fi
  if is_selected browser && [[ -f tests/browser/package.json ]]; then need_chromium; fi
}

# missing WHAT: ends a step, loudly.
missing() {
  warn "      NOTHING TESTED: there is no $1 in this checkout"
  exit "$nothing_to_test"
}

# check LABEL COMMAND…: a part of a step.
check() { part "$@" || exit 1; }

# The line in which a test runner says how many tests passed, from the log of `check LABEL`.
tell_count() {
  sed 's/\x1b\[[0-9;]*m//g' "$(log_of "$1")" | grep -E '^ *(Summary|test result:|Tests |# (pass|fail) |ℹ (pass|fail) )' | sed 's/^ */      /' >&2 || true
}

step_shell() {
  local scripts
  mapfile -t scripts < <(grep -lrsE '^#!/(usr/)?bin/(env )?(ba)?sh$' .ci scripts tests/appliance installer)
  check "shellcheck of ${#scripts[@]} scripts" shellcheck --check-sourced --external-sources "${scripts[@]}"
  check "tests of the scripts" scripts/lib/tests.sh
}

step_licences() {
  check "licences" scripts/check-licences
  check "reading licence expressions" node --test scripts/lib/spdx.test.mjs
}

step_format() { check "cargo fmt" cargo fmt --check; }

step_web() {
  [[ -f web/package.json ]] || missing web/package.json
  build_web
  cd web
  check "types" npm run check
  check "lint and layout" npm run lint
  check "unit tests of the web UI" "${limit[@]}" npm test
  tell_count "unit tests of the web UI"
}

# The program holds web/dist, so it has to be there before anything compiles.
need_web_files() { [[ ! -f web/package.json || -f web/dist/index.html ]] || build_web; }

step_clippy() {
  need_web_files
  check "cargo clippy" cargo clippy --locked --all-targets -- -D warnings
}

# The library, the programs and the folders of tests/, without those that need the built program.
rust_targets() {
  local file name
  echo --lib --bins
  for file in tests/*.rs tests/*/main.rs; do
    [[ -f $file ]] || continue
    name=${file#tests/}
    name=${name%/main.rs}
    name=${name%.rs}
    [[ $name == crash ]] || echo "--test $name"
  done
}

# run_rust_tests LABEL TARGET…
run_rust_tests() {
  local label=$1
  shift
  if cargo nextest --version >/dev/null 2>&1; then
    check "$label" "${limit[@]}" cargo nextest run --locked --no-fail-fast --no-tests=fail "$@"
  else
    check "$label" "${limit[@]}" cargo test --locked --no-fail-fast "$@"
  fi
  tell_count "$label"
}

step_rust() {
  local targets
  need_web_files
  read -r -d '' -a targets < <(rust_targets) || true
  check "compiling the tests" cargo test --locked --no-run "${targets[@]}"
  rm -rf "${CARGO_TARGET_DIR:-target}/tmp/contract-seen"
  run_rust_tests "tests on SQLite" "${targets[@]}"
  check "every operation was answered as the contract says" \
    cargo test --locked --test api -- --ignored --exact contract::every_operation_was_answered_as_the_contract_says
  check "examples in the documentation" "${limit[@]}" cargo test --locked --doc
}

step_postgres() {
  [[ -f tests/api/main.rs ]] || missing tests/api
  need_web_files
  export SKEP_TEST_DATABASE=postgres
  run_rust_tests "API tests on PostgreSQL" --test api
}

# start_building: the release is built beside the tests, at a lower priority. Half of its time it has work for one core only.
# To be called by the main shell, as finish_building.
builder=''
start_building() {
  [[ $profile == release && -z $builder ]] && is_program_needed || return 0
  need_web_files
  say "      meanwhile the program is built for $target"
  mkdir -p "$log_dir"
  # In a process group of its own, to be stopped as a whole.
  set -m
  (
    ! have renice || renice --priority 10 --pid "$BASHPID" >/dev/null
    static_build
  ) </dev/null >"$(log_of "building beside the tests")" 2>&1 &
  builder=$!
  set +m
  on_exit stop_building
}

# What went wrong is told by the step that needs the program: it tries again.
finish_building() {
  [[ -n $builder ]] || return 0
  check "the build that runs since the tests began" wait_for "$builder"
  wait "$builder" 2>/dev/null || true
  builder=''
}
wait_for() { while kill -0 "$1" 2>/dev/null; do sleep 1; done; }
stop_building() { [[ -z $builder ]] || kill -- "-$builder" 2>/dev/null || true; }

# Sets and exports SKEP_BINARY. Quick when nothing changed.
need_binary() {
  if [[ -f web/package.json ]]; then build_web; fi
  if [[ $profile == release ]]; then
    # What is tested is what is shipped.
    choose_target
    build_static
    if [[ -n ${SKEP_TEST_FULL:-} ]] && is_selected appliance; then
      need_cargo_deb
      check "packing the Debian package" pack_deb
    fi
    write_sums
    SKEP_BINARY=$out/skep
  else
    build_server "$profile"
    SKEP_BINARY=$(built_binary_of "$profile")
  fi
  export SKEP_BINARY
}

step_build() {
  need_binary
  check "the program tells its version" "$SKEP_BINARY" --version
  [[ $profile != release ]] || prove_static
}

step_contract() {
  [[ -x tests/contract/run ]] || missing tests/contract/run
  need_binary
  check "thehive4py against SQLite" "${limit[@]}" tests/contract/run
  tell_suite "thehive4py against SQLite"
  [[ -n ${SKEP_TEST_POSTGRES:-} ]] || return 0
  check "thehive4py against PostgreSQL" "${limit[@]}" tests/contract/run --database postgres
  tell_suite "thehive4py against PostgreSQL"
}

# What pytest said at its end, and the tests that needn't be in not-yet.txt any longer.
tell_suite() {
  sed 's/\x1b\[[0-9;]*m//g' "$(log_of "$1")" | grep -E '^=+ .* (passed|failed) |^=+ .*passed.* in |PASSES NOW' | sed 's/^[= ]*/      /' | sort -u >&2 || true
}

step_crash() {
  [[ -f tests/crash/main.rs || -f tests/crash.rs ]] || missing tests/crash
  need_binary
  # The tests that need root or strace tell here that they didn't run: a runner shows nothing of a test that passes.
  SKEP_TEST_SKIPPED=$(mktemp)
  export SKEP_TEST_SKIPPED
  run_rust_tests "tests under faults" --test crash
  sed 's/^/      NOT TESTED: /' "$SKEP_TEST_SKIPPED" | sort -u >&2
  rm -f "$SKEP_TEST_SKIPPED"
}

# What can't run here (no root, no loop devices) counts as skipped, loudly; when that is all of it, so does the step.
step_appliance() {
  [[ -x tests/appliance/run ]] || missing tests/appliance/run
  need_binary
  local status=0 arguments=()
  [[ -z ${SKEP_TEST_FULL:-} ]] || arguments=(--full)
  # Not by `check`: which scenario is under way, and which was skipped, is worth seeing.
  tests/appliance/run "${arguments[@]}" || status=$?
  ((status != 77)) || exit "$nothing_to_test"
  ((status == 0)) || exit 1
}

step_browser() {
  [[ -f tests/browser/package.json ]] || missing tests/browser/package.json
  need_binary
  cd tests/browser
  check "packages of the browser tests" npm ci --no-audit --no-fund
  check "journeys in Chromium" "${limit[@]}" npm test
  tell_count "journeys in Chromium"
}
