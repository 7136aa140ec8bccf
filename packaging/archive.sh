#!/usr/bin/env bash
# Packs a program that was built into the archive of a release, and writes its SHA-256 beside it:
#
#   packaging/archive.sh PROGRAM FOLDER             siaga-VERSION-x86_64-linux.tar.gz in FOLDER; refuses a checkout with changes
#   packaging/archive.sh --unclean PROGRAM FOLDER   for trying: takes the checkout as it is
#
# The same program and commit give the same bytes, whoever packs, when and where: names are sorted, times are the commit's
# (or SOURCE_DATE_EPOCH), owners are 0, and gzip keeps neither name nor time. Prints the archive's path.
set -euo pipefail
export LC_ALL=C TZ=UTC

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
platform=x86_64-linux
work=

die() {
    printf 'packaging/archive.sh: %s\n' "$*" >&2
    exit 1
}

finish() {
    [[ -z $work ]] || rm -rf -- "$work"
}
trap finish EXIT

is_unclean=false
if [[ ${1-} == --unclean ]]; then
    is_unclean=true
    shift
fi
(($# == 2)) || die 'usage: packaging/archive.sh [--unclean] PROGRAM FOLDER'
[[ -f $1 && -x $1 ]] || die "$1 is no program: build it with packaging/build.sh"
[[ -d $2 ]] || die "$2 is no folder"
program=$(realpath "$1") folder=$(realpath "$2")
# Bytes 18 and 19 of an ELF file name the machine; 3e is x86-64.
[[ $(od -An -tx1 -N4 "$program") == ' 7f 45 4c 46' && $(od -An -tx1 -j18 -N2 "$program") == ' 3e 00' ]] ||
    die "$1 is not made for $platform"

cd "$root"
if ! $is_unclean && [[ -n $(git status --porcelain) ]]; then
    die 'the checkout has changes that no commit has: commit them, or say --unclean to try'
fi
version=$("$program" --version)
version=${version#siaga }
stated=$(sed -n '0,/^version = /s/^version = "\(.*\)"/\1/p' Cargo.toml)
[[ $version == "$stated" ]] || die "the program is version $version, the checkout $stated"
epoch=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}

name=siaga-$version-$platform
work=$(mktemp -d)
mkdir "$work/$name"
cp -- "$program" "$work/$name/siaga"
cp -- LICENSE README.md CHANGELOG.md ARCHITECTURE.md CONTRIBUTING.md siaga.example.toml packaging/siaga.service "$work/$name"
# The pages that those point to, pictures included; only what is committed.
git ls-files -z -- docs | xargs -0 cp --parents -t "$work/$name" --
python3 packaging/licences.py >"$work/$name/THIRD-PARTY.txt"

# Modes are said here, so that the umask does not matter.
find "$work/$name" -type d -exec chmod 755 {} +
find "$work/$name" -type f -exec chmod 644 {} +
chmod 755 "$work/$name/siaga"
tar --directory "$work" --create --sort=name --format=ustar --mtime="@$epoch" --owner=0 --group=0 --numeric-owner \
    -- "$name" | gzip --no-name >"$folder/$name.tar.gz.part"
mv -- "$folder/$name.tar.gz.part" "$folder/$name.tar.gz"
(cd "$folder" && sha256sum "$name.tar.gz" >"$name.tar.gz.sha256")
printf '%s\n' "$folder/$name.tar.gz"
