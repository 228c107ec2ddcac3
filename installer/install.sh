#!/bin/sh
# Finds the program beside this file, looks whether it is whole, and starts its installer as root. Everything else is the
# program's: `./install.sh --help` shows it.
#
#   sh install.sh [OPTIONS of skep install]
#
# A stick may be mounted so that nothing on it can be started ("permission denied"): call it as `sh install.sh`; the
# program is then copied to memory and started from there.
set -eu

die() {
    printf 'install.sh: %s\n' "$2" >&2
    exit "$1"
}

# Is the program what SHA256SUMS beside it says?
check_sum() {
    [ -f "$here/SHA256SUMS" ] || return 0
    wanted=$(sed -n 's/^\([0-9a-f]\{64\}\)  *\**skep$/\1/p' "$here/SHA256SUMS")
    [ -n "$wanted" ] || die 2 "SHA256SUMS beside it has no line for skep."
    if command -v sha256sum >/dev/null 2>&1; then
        found=$(sha256sum "$here/skep")
    elif command -v shasum >/dev/null 2>&1; then
        found=$(shasum -a 256 "$here/skep")
    else
        printf 'install.sh: neither sha256sum nor shasum is here; the program is not checked.\n' >&2
        return 0
    fi
    [ "${found%% *}" = "$wanted" ] ||
        die 2 "skep is damaged: its SHA-256 is not the one in SHA256SUMS. Copy or download it again."
}

# Sets $program to a copy of the program that can be started: the one beside us, or one elsewhere.
find_startable() {
    program=$here/skep
    if [ -x "$program" ] && "$program" version >/dev/null 2>&1; then return; fi
    for folder in "${TMPDIR:-/tmp}" /var/tmp /run/user/"$(id -u)" /dev/shm "$HOME"; do
        copy=$(mktemp -d "$folder/skep-XXXXXX" 2>/dev/null) || continue
        program=$copy/skep
        if cp "$here/skep" "$program" && chmod 755 "$program" && "$program" version >/dev/null 2>&1; then return; fi
        rm -rf "$copy"
        copy=''
    done
    die 1 "the program can't be started here: it needs Linux on x86_64, and a folder where programs may be started."
}

clean_up() { [ -z "$copy" ] || rm -rf "$copy"; }

# Starts the program as root: directly, or with what there is to become root.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1; then
        # The answers may be in the environment; sudo would drop them.
        sudo --preserve-env="$answers" -- "$@"
    elif command -v doas >/dev/null 2>&1; then
        doas -- "$@"
    else
        die 4 "this needs root, and there is neither sudo nor doas. As root: $program install $*"
    fi
}

main() {
    copy=''
    here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
    [ -f "$here/skep" ] || die 2 "the program skep is not beside this file, in $here."
    answers=SKEP_DATA_DIR,SKEP_DATA_DEVICE,SKEP_LISTEN,SKEP_ADMIN_PASSWORD_FILE,SKEP_ALLOW_LOW_RESOURCES
    answers=$answers,SKEP_EPHEMERAL_OK,SKEP_YES,NO_COLOR,LANG,LC_ALL,LC_CTYPE,TERM
    check_sum
    find_startable
    # A Ctrl-C is the program's: it undoes what it did, and ends with its own status.
    trap : INT TERM HUP
    status=0
    case " $* " in
    *' --help '* | *' -h '*) "$program" install "$@" || status=$? ;;
    *) as_root "$program" install "$@" || status=$? ;;
    esac
    clean_up
    exit "$status"
}

# On the last line, so that half of a file does nothing.
main "$@"
