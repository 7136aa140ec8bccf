#!/usr/bin/env bash
# What a release is made of is what it says: tests/packaging.sh PROGRAM
#
# The unit is one that systemd takes and calls safe; the archive of a program has what it should and is made twice with the
# same bytes, under another umask, time zone and language; what cannot be packed is refused; the container is built from what is
# there; links of the documents lead somewhere, and both guides have the same pictures, none of them heavy. Nothing is installed or started.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
most_exposed=20     # tenths; systemd calls less than 2.0 OK on its scale to 10

die() {
    printf 'tests/packaging.sh: %s\n' "$*" >&2
    exit 1
}

# Links of the pages to files and headings of this repository, and how heavy the guide's pictures are.
the_documents_lead_somewhere() {
    /usr/bin/python3 - "$root" <<'PYTHON' || die 'the documents have faults, above'
import pathlib, re, sys

root = pathlib.Path(sys.argv[1])
pages = [*root.glob("*.md"), *root.glob("docs/**/*.md"), *root.glob("data/**/*.md")]
faults, links = [], 0


def anchors(page):
    """What a heading is called in an address."""
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    heads = re.findall(r"^#+ (.*)$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", re.sub(r"\[(.*?)\]\(.*?\)", r"\1", head).lower()).replace(" ", "-") for head in heads}


for page in pages:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for link in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`\n]*`", "", text)):
        if re.match(r"[a-z]+:", link):
            continue
        links += 1
        path, _, anchor = link.partition("#")
        to = (page.parent / path).resolve() if path else page
        if not to.exists():
            faults.append(f"{page.relative_to(root)}: {link} is not there")
        elif anchor and to.suffix == ".md" and anchor not in anchors(to):
            faults.append(f"{page.relative_to(root)}: {link} has no such heading")
both = [set(re.findall(r"picture/guide-[a-z]+\.webp", (root / "docs" / name).read_text())) for name in ("guide.md", "guide.id.md")]
shown = {path.name for path in root.glob("docs/picture/guide-*")}
if both[0] != both[1] or {pathlib.Path(path).name for path in both[0]} != shown:
    faults.append("docs/guide.md, docs/guide.id.md and docs/picture/guide-* do not have the same pictures")
faults += [f"{path.name} is too heavy" for path in root.glob("docs/picture/guide-*") if path.stat().st_size >= 120_000]
print(*faults, sep="\n", end="\n" if faults else "")
sys.exit(1 if faults or links < 100 else 0)
PYTHON
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
the_documents_lead_somewhere
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
