#!/usr/bin/env bash
# Builds the program of a release so that two machines come to the same bytes: packaging/build.sh [TARGET-FOLDER]
#
# What would differ from machine to machine is said the same everywhere: the paths of checkout, cargo's home, build products
# and standard library (in messages of panics), and the time of the files that are embedded (the commit's, in place of the
# checkout's). The toolchain is the one of Cargo.toml, the packages those of Cargo.lock. Prints the program's path.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

die() {
    printf 'packaging/build.sh: %s\n' "$*" >&2
    exit 1
}

target=${1:-${CARGO_TARGET_DIR:-$root/target}}
mkdir -p "$target"
target=$(cd "$target" && pwd)
cargo_home=$(cd "${CARGO_HOME:-$HOME/.cargo}" && pwd)
sysroot=$(rustc --print sysroot)
commit=$(rustc --version --verbose | sed -n 's/^commit-hash: //p')

[[ -z ${RUSTFLAGS:-}${CARGO_ENCODED_RUSTFLAGS:-} ]] || die 'RUSTFLAGS are set: the program would not be the one of others; unset them'
wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
[[ $(rustc --version) == "rustc $wanted."* ]] || die "needs Rust $wanted, has $(rustc --version)"

SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH CARGO_INCREMENTAL=0 CARGO_TARGET_DIR=$target

# Later ones stand over earlier ones: the longest paths come last.
flags=() c_flags=()
while IFS=$'\t' read -r from to; do
    flags+=("--remap-path-prefix=$from=$to")
    c_flags+=("-ffile-prefix-map=$from=$to")
done < <(printf '%s\t%s\n' "$cargo_home" /cargo "$sysroot/lib/rustlib/src/rust" "/rustc/$commit" "$root" /siaga "$target" /target)
CARGO_ENCODED_RUSTFLAGS=$(IFS=$'\x1f'; printf '%s' "${flags[*]}")
export CARGO_ENCODED_RUSTFLAGS CFLAGS="${c_flags[*]}"

cargo build --release --locked --bin siaga >&2
program=$target/release/siaga
if grep -aqF -e "$cargo_home/" -e "$root/src" -e "$target/release" "$program"; then
    die "$program names paths of this machine: another one would not come to the same bytes"
fi
sha256sum "$program" >&2
printf '%s\n' "$program"
