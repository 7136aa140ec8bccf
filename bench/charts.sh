#!/usr/bin/env bash
# What a chart costs, to SVG and to PNG, beside matplotlib drawing the same bars, mean and thresholds, in one run.
#
#   cargo build --release --bins --examples
#   bench/charts.sh [target/release]
#
# Needs a python3 with matplotlib (PYTHON=...). Both draw in one process that has warmed up, as a server does; medians of TRIES
# (100) and PY_TRIES (30) drawings, one after the other. The PNGs have the same pixels: 1,920 by 840.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
built=$(realpath "${1:-target/release}")
python=${PYTHON:-python3}

ours=$("$built/examples/charts" "${TRIES:-100}")
theirs=$("$python" "$here/charts.py" "${PY_TRIES:-30}")

printf '%-28s %12s %14s %8s %10s %12s\n' 'the case curve, 56 days' 'siaga ms' 'matplotlib ms' 'times' 'siaga kB' 'matplotlib kB'
for form in svg png; do
    read -r _ ms size <<<"$(grep "^$form " <<<"$ours")"
    read -r _ their_ms their_size <<<"$(grep "^$form " <<<"$theirs")"
    awk -v form="$form" -v a="$ms" -v b="$their_ms" -v s="$size" -v t="$their_size" \
        'BEGIN { printf "%-28s %12.2f %14.1f %8.0f %10.0f %12.0f\n", "to " toupper(form), a, b, b / a, s / 1000, t / 1000 }'
done
