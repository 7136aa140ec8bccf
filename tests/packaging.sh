#!/usr/bin/env bash
# What is in packaging/ does what it says: tests/packaging.sh PROGRAM
#
# The unit is one that systemd takes and calls safe, and gives time to stop. Nothing is installed or started.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
most_exposed=20     # tenths; systemd calls less than 2.0 OK on its scale to 10

die() {
    printf 'tests/packaging.sh: %s\n' "$*" >&2
    exit 1
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

(($# == 1)) || die 'usage: tests/packaging.sh PROGRAM'
program=$(realpath "$1")
the_unit_gives_time_to_stop
if systemd-analyze security --help 2>/dev/null | grep -q -- --offline; then
    the_unit_is_taken_and_safe
else
    echo 'skipped: the unit, because systemd-analyze 250 or later is not installed'
fi
