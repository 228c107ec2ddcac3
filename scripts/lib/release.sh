# shellcheck shell=bash
# Builds the static program and packs it. Needs say.sh, setup.sh and build.sh first, and sets $out, the folder it fills.

# What a release may weigh, bytes.
binary_size_max=$((25 * 1000 * 1000))
cargo_deb_version=3.8.0

version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$root/Cargo.toml" | head -n 1)
architecture=$(uname -m)

# Sets target. musl is what makes the program run everywhere; see docs/decisions/021-static-release.md.
choose_target() {
  target=$architecture-unknown-linux-musl
  if ! rust_knows "$target" && have rustup; then
    part "adding $target to the Rust toolchain" rustup target add "$target" || true
  fi
  if rust_knows "$target"; then
    # In a shell of its own: who may not install gets the program on glibc.
    have musl-gcc || { have apt-get && (apt_install "C compiler for static programs" musl-tools); } || true
    have musl-gcc && return
    warn "      musl-gcc is missing; $(install_hint musl-tools)"
  fi
  target=$architecture-unknown-linux-gnu
  warn "      the musl target can't be had here: building a static program on glibc, $target"
}

rust_knows() { [[ -d $(rustc --print sysroot)/lib/rustlib/$1/lib ]]; }

# The time of the commit stands for the time of the build, or no two builds would be the same.
commit_time() { git -C "$root" log -1 --format=%ct 2>/dev/null || stat -c %Y "$root/Cargo.toml"; }

# Paths of this machine become the same words on each machine. C files carry theirs by __FILE__.
static_build() {
  local cargo_home=${CARGO_HOME:-$HOME/.cargo} sysroot flags linkers
  sysroot=$(rustc --print sysroot)
  export SOURCE_DATE_EPOCH
  SOURCE_DATE_EPOCH=$(commit_time)
  flags="--remap-path-prefix=$root=skep --remap-path-prefix=$cargo_home=cargo --remap-path-prefix=$sysroot=rust"
  flags+=" -C target-feature=+crt-static"
  # The linker that comes with Rust puts equal functions together and packs the list of addresses: 2 MB less.
  linkers=$sysroot/lib/rustlib/$architecture-unknown-linux-gnu/bin/gcc-ld
  if [[ -x $linkers/ld.lld ]]; then
    flags+=" -C link-arg=-B$linkers -C link-arg=-fuse-ld=lld -C link-arg=-Wl,--icf=all,--pack-dyn-relocs=relr"
  fi
  RUSTFLAGS=$flags \
    TARGET_CFLAGS="-ffile-prefix-map=$root=skep -ffile-prefix-map=$cargo_home=cargo" \
    cargo build --manifest-path "$root/Cargo.toml" --locked --release --target "$target" --bin skep
}

# build_static: one step. Leaves $out/skep.
build_static() {
  quietly "building the program for $target, which takes minutes the first time" static_build ||
    die "the program does not build; the messages are above"
  rm -rf "${out:?}"
  mkdir -p "$out"
  install -m 755 "${CARGO_TARGET_DIR:-$root/target}/$target/release/skep" "$out/skep"
  install -m 755 "$root/installer/install.sh" "$out/install.sh"
}

prove_static() {
  local linked size
  linked=$(ldd "$out/skep" 2>&1 || true)
  [[ $linked == *"statically linked"* || $linked == *"not a dynamic executable"* ]] ||
    die "the program is not static; ldd says: $linked"
  size=$(stat -c %s "$out/skep")
  ((size <= binary_size_max)) || die "the program has $size bytes; at most $binary_size_max are allowed"
  ! grep -q -F -e "$root/" -e "${CARGO_HOME:-$HOME/.cargo}/" "$out/skep" ||
    die "the program carries paths of this machine; the same commit would give other bytes elsewhere"
  prove_alone
  say "      $("$out/skep" version), $target, $((size / 1000)) kB, static"
}

# In a folder with nothing else, where root or a user namespace allows it.
prove_alone() {
  local empty told alone=(chroot)
  ((EUID == 0)) || alone=(unshare --user --map-root-user chroot)
  empty=$(mktemp -d)
  cp "$out/skep" "$empty/skep"
  if "${alone[@]}" "$empty" /skep version >"$empty/told" 2>&1; then
    told='it runs in an empty folder'
  else
    told="NOT PROVEN that it runs alone: $(tail -n 1 "$empty/told")"
    # Where one may not enter a root at all, nothing is said about the program.
    ((EUID != 0)) || { rm -rf "$empty" && die "the program does not run in an empty folder: $told"; }
  fi
  rm -rf "$empty"
  say "      $told"
}

# Lays out what both packages contain, below $1.
lay_out_manual() {
  mkdir -p "$1/man" "$1/completions"
  "$out/skep" man --to "$1/man"
  "$out/skep" completions bash >"$1/completions/skep.bash"
  "$out/skep" completions zsh >"$1/completions/_skep"
  "$out/skep" completions fish >"$1/completions/skep.fish"
}

pack_tarball() {
  local name=skep-$version-$architecture-linux staging
  staging=$(mktemp -d) &&
    mkdir "$staging/$name" &&
    cp "$out/skep" "$out/install.sh" "$root/LICENSE" "$root/README.md" "$staging/$name" &&
    cp -r "$root/systemd" "$staging/$name/systemd" &&
    lay_out_manual "$staging/$name" &&
    (cd "$staging/$name" && sha256sum skep install.sh >SHA256SUMS) &&
    tar --directory "$staging" --sort=name --mtime="@$(commit_time)" --owner=0 --group=0 --numeric-owner \
      --mode='u+rw,go+r-w,a+X' --format=gnu --create "$name" | gzip --no-name --best >"$out/$name.tar.gz" &&
    rm -rf "$staging"
}

need_cargo_deb() {
  [[ -x $cache/tools/bin/cargo-deb ]] && return
  part "building cargo-deb, which packs for Debian" \
    cargo install --quiet --locked --root "$cache/tools" cargo-deb --version "$cargo_deb_version" ||
    die "cargo-deb could not be built; its message is above"
}

# Debian wants one; what changed is told by git.
write_changelog() {
  printf 'skep (%s-1) stable; urgency=medium\n\n  * Release %s.\n\n -- The Skep authors <skep@skep-hive.invalid>  %s\n' \
    "$version" "$version" "$(date --utc --date="@$(commit_time)" --rfc-email)" >"$1"
}

# What [package.metadata.deb] of Cargo.toml names is laid out in target/deb first.
pack_deb() {
  local staging=$root/target/deb
  rm -rf "$staging" && mkdir -p "$staging/units" &&
    cp "$out/skep" "$staging/skep" &&
    cp "$root"/systemd/*.service "$root"/systemd/*.socket "$root"/systemd/*.timer "$staging/units" &&
    sed -i 's|/usr/local/bin/skep|/usr/bin/skep|g' "$staging"/units/* &&
    lay_out_manual "$staging" &&
    gzip --no-name --best "$staging"/man/*.1 &&
    write_changelog "$staging/changelog" &&
    SOURCE_DATE_EPOCH=$(commit_time) "$cache/tools/bin/cargo-deb" --manifest-path "$root/Cargo.toml" --no-build --no-strip \
      --output "$out/"
}

write_sums() {
  local sums
  rm -f "$out/SHA256SUMS"
  sums=$(cd "$out" && sha256sum -- *)
  printf '%s\n' "$sums" >"$out/SHA256SUMS"
}
