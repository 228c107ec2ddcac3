# shellcheck shell=bash
# Builds the web UI and the program. Needs say.sh and setup.sh (need_cc, need_cargo, need_node) first.

web=$root/web

# One build at a time in this folder: two `npm ci` at once take each other's files away.
lock_builds() {
  have flock || return 0
  mkdir -p "$cache"
  exec {build_lock}>"$cache/build.lock"
  flock --nonblock "$build_lock" && return
  say "waiting for another build in this folder to end"
  flock "$build_lock"
}
unlock_builds() { [[ -z ${build_lock:-} ]] || exec {build_lock}>&-; }

# The files that a build of the UI is made of; without git (an unpacked archive) all that isn't a product.
web_inputs() {
  if git -C "$root" rev-parse --is-inside-work-tree >/dev/null 2>&1; then
    git -C "$root" ls-files -z --cached --others --exclude-standard -- web
  else
    (cd "$root" && find web \( -name node_modules -o -name dist -o -name coverage \) -prune -o -type f -print0)
  fi
}

web_fingerprint() {
  {
    node --version
    # A file that was deleted but is still in git's index is listed too; sha256sum then says so, in the fingerprint.
    web_inputs | LC_ALL=C sort -z | (cd "$root" && xargs -0 sha256sum 2>&1)
  } | sha256sum | cut -d' ' -f1
}

packages_fingerprint() {
  { node --version && cat "$web/package.json" "$web/package-lock.json"; } | sha256sum | cut -d' ' -f1
}

web_is_installed() { [[ $(cat "$web/node_modules/.skep-fingerprint" 2>/dev/null) == "$(packages_fingerprint)" ]]; }
web_is_built() { [[ -f $web/dist/index.html && $(cat "$cache/web-build.fingerprint" 2>/dev/null) == "$(web_fingerprint)" ]]; }

install_web_packages() {
  cd "$web" && npm ci --no-audit --no-fund && packages_fingerprint >node_modules/.skep-fingerprint
}

build_web_files() {
  local fingerprint
  rm -f "$cache/web-build.fingerprint"
  # Taken before: what is changed during the build is not in it.
  fingerprint=$(web_fingerprint) && cd "$web" && npm run build && echo "$fingerprint" >"$cache/web-build.fingerprint"
}

# build_web [--force]: two steps.
build_web() {
  [[ -f $web/package-lock.json ]] || die "$web/package-lock.json is missing; is this checkout complete? try: git -C '$root' checkout -- web"
  if web_is_installed; then
    step "the web UI's packages are installed"
  else
    quietly "installing the web UI's packages" install_web_packages ||
      die "npm could not install the web UI's packages; is the npm registry reachable? Then start again"
  fi
  if [[ ${1:-} != --force ]] && web_is_built; then
    step "the web UI is built and unchanged"
  else
    quietly "building the web UI" build_web_files || die "the web UI does not build; the messages are above"
  fi
}

# built_binary_of PROFILE: release or dev.
built_binary_of() {
  local folder=$1
  [[ $folder == dev ]] && folder=debug
  echo "${CARGO_TARGET_DIR:-$root/target}/$folder/skep"
}

# build_server PROFILE: one step.
build_server() {
  local profile=$1 note=''
  [[ -e $(built_binary_of "$profile") ]] || note=', which takes minutes the first time'
  quietly "building the server$note" \
    cargo build --manifest-path "$root/Cargo.toml" --locked --profile "$profile" --bin skep ||
    die "the server does not build; the messages are above"
}
