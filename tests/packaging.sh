#!/usr/bin/env bash
# What is in packaging/ does what it says: tests/packaging.sh PROGRAM
#
# The unit is one that systemd takes and calls safe; the archive of a program has what it should and is made twice with the
# same bytes, under another umask, time zone and language; what cannot be packed is refused; the container is built from what is
# there. Nothing is installed or started.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
most_exposed=20     # tenths; systemd calls less than 2.0 OK on its scale to 10

die() {
    printf 'tests/packaging.sh: %s\n' "$*" >&2
    exit 1
}

# refused WORDS COMMAND… runs a command that has to fail with these words.
refused() {
    local words=$1
    shift
    if "$@" >"$work/out" 2>"$work/err"; then die "not refused: $*"; fi
    grep -qF -- "$words" "$work/err" || die "refused without \"$words\": $* said $(cat "$work/err")"
}

the_unit_is_taken_and_safe() {
    local unit=$work/siaga.service exposed
    # The program and the page of the documentation are not installed here.
    sed "s#/usr/local/bin/siaga#$program#" "$root/packaging/siaga.service" >"$unit"
    systemd-analyze verify "$unit" 2>"$work/verify" || die "systemd refuses the unit: $(cat "$work/verify")"
    [[ ! -s $work/verify ]] || die "systemd has words about the unit: $(cat "$work/verify")"
    systemd-analyze security --offline=true --threshold="$most_exposed" "$unit" >"$work/security" ||
        die "the unit is too exposed: $(tail -n 1 "$work/security")"
    exposed=$(tail -n 1 "$work/security")
    echo "${exposed#→ }"
}

the_unit_gives_time_to_stop() {
    # Five seconds in which others are still let in, 35 in which what is open ends.
    local seconds
    seconds=$(sed -n 's/^TimeoutStopSec=//p' "$root/packaging/siaga.service")
    ((seconds > 5 + 35)) || die "TimeoutStopSec=$seconds ends what is open before its time"
}

the_container_is_built_from_what_is_there() {
    local file=$root/packaging/Containerfile path toolchain missing=()
    toolchain=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$root/Cargo.toml")
    grep -q "^FROM rust:$toolchain-" "$file" || die "the container is not built with Rust $toolchain"
    while read -r path; do
        [[ -n $(cd "$root" && git ls-files -- "$path") ]] || missing+=("$path")
    done < <(sed -n '/--from=/d; s/^COPY \(.*\) [^ ]*$/\1/p' "$file" | tr ' ' '\n')
    ((${#missing[@]} == 0)) || die "the container copies what is not there: ${missing[*]}"
    # What the build names itself by (build.rs), what Cargo.toml names by path, what the sources include from the root.
    for path in src Cargo.lock data dashboards $(sed -n 's#^path = "\([a-z]*\)/.*#\1#p' "$root/Cargo.toml" | sort -u) \
        $(grep -rhoE 'include_(str|bytes)!\("(\.\./)+[^/"]+"' "$root/src" | sed 's#.*/##; s#"$##' | sort -u); do
        sed '/^RUN/q' "$file" | grep -qE "^COPY (.* )?$path " || die "the container is built without $path"
    done
    [[ $(sed -n 's/^USER //p' "$file") =~ ^[1-9][0-9]*:[1-9][0-9]*$ ]] || die 'the container runs as root'
}

the_archive_is_made_twice_with_the_same_bytes() {
    mkdir "$work/one" "$work/two"
    (umask 022; TZ=Asia/Jakarta LC_ALL=C.UTF-8 "$root/packaging/archive.sh" --unclean "$program" "$work/one" >"$work/path")
    archive=$(cat "$work/path")
    (cd / && umask 077 && TZ=America/New_York LC_ALL=C PYTHONHASHSEED=1 "$root/packaging/archive.sh" --unclean "$program" "$work/two" >/dev/null)
    cmp "$archive" "$work/two/$(basename "$archive")" || die 'the same program was packed into other bytes'
    (cd "$work/one" && sha256sum --quiet --check ./*.sha256) || die 'the SHA-256 beside the archive is not its own'
}

the_archive_has_what_it_should() {
    local name file
    name=$(basename "$archive" .tar.gz)
    tar --extract --gzip --file "$archive" --directory "$work"
    for file in LICENSE README.md CHANGELOG.md siaga.example.toml docs/operations.md; do
        cmp "$root/$file" "$work/$name/$file" || die "$file is not the checkout's"
    done
    cmp "$root/packaging/siaga.service" "$work/$name/siaga.service" || die 'the unit is not the checkout'\''s'
    cmp "$program" "$work/$name/siaga" || die 'the program is not the one that was packed'
    (cd "$work/$name" && ./siaga check --example | cmp - siaga.example.toml) || die 'the program does not print the example beside it'
    tar --list --gzip --file "$archive" | LC_ALL=C sort --check || die 'the names are not in order'
    [[ -z $(tar --list --verbose --numeric-owner --gzip --file "$archive" | awk '$2 != "0/0"') ]] || die 'somebody owns what is packed'
    [[ $(tar --list --verbose --full-time --gzip --file "$archive" | awk '{ print $4, $5 }' | sort -u | wc -l) == 1 ]] ||
        die 'not everything is of one moment'
    every_package_is_named "$work/$name/THIRD-PARTY.txt"
}

# cargo says by another way what is compiled in.
every_package_is_named() {
    local list=$1 package missing=()
    while read -r package; do
        grep -qF -- "$package  " "$list" || missing+=("$package")
    done < <(cargo tree --manifest-path "$root/Cargo.toml" --locked --offline --edges normal --prefix none --format '{p}' |
        sed -n 's/^\([^ ]*\) v\([^ ]*\).*/\1 \2/p' | grep -v '^siaga ' | sort -u)
    ((${#missing[@]} == 0)) || die "no licence of ${missing[*]}"
    for package in 'Apache License' 'Permission is hereby granted, free of charge' 'SIL OPEN FONT LICENSE'; do
        grep -qF "$package" "$list" || die "no text with \"$package\""
    done
    ! grep -qF "$HOME" "$list" || die 'the licences name a folder of this machine'
    echo "$(sed -n 1p "$list")"
}

what_cannot_be_packed_is_refused() {
    refused 'usage:' "$root/packaging/archive.sh" "$program"
    refused 'is no program' "$root/packaging/archive.sh" --unclean "$root/README.md" "$work"
    refused 'is no program' "$root/packaging/archive.sh" --unclean "$work" "$work"
    refused 'is no folder' "$root/packaging/archive.sh" --unclean "$program" "$work/nowhere"
    refused 'is not made for x86_64-linux' "$root/packaging/archive.sh" --unclean "$root/tests/packaging.sh" "$work"
    printf '\x7fELF\x02\x01\x01\x00\0\0\0\0\0\0\0\0\x03\x00\xb7\x00' >"$work/arm"
    chmod 755 "$work/arm"
    refused 'is not made for x86_64-linux' "$root/packaging/archive.sh" --unclean "$work/arm" "$work"
    RUSTFLAGS=-Cdebuginfo=2 refused 'RUSTFLAGS are set' "$root/packaging/build.sh" "$work/target"
}

(($# == 1)) || die 'usage: tests/packaging.sh PROGRAM'
# Without what a debugger reads, which is most of a debug build.
program=$work/siaga
strip -o "$program" -- "$1"
archive=
the_unit_gives_time_to_stop
the_container_is_built_from_what_is_there
if systemd-analyze security --help 2>/dev/null | grep -q -- --offline; then
    the_unit_is_taken_and_safe
else
    echo 'skipped: the unit, because systemd-analyze 250 or later is not installed'
fi
what_cannot_be_packed_is_refused
the_archive_is_made_twice_with_the_same_bytes
the_archive_has_what_it_should
