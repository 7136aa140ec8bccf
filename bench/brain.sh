#!/usr/bin/env bash
# What indicators, reproduction numbers and backtests cost beside pandas and EpiEstim, on the same made-up counts, in one run.
#
#   cargo build --release --bins --examples
#   bench/brain.sh [target/release]
#
# Needs GNU time, a python3 with pandas (PYTHON=...), and R with EpiEstim (Debian: r-cran-epiestim). Each task is run without and
# with its work, and the difference told: making the counts is nobody's work. EpiEstim is given R_PLACES (12) places and its time
# taken per place.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
built=$(realpath "${1:-target/release}")
brain=$built/examples/brain
python=${PYTHON:-python3}
places=${PLACES:-3300} days=${DAYS:-1100} r_places=${R_PLACES:-12}
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT

# timed COMMAND…: wall and CPU seconds of the best of three.
timed() {
    local best= nth wall user system
    for nth in 1 2 3; do
        /usr/bin/time -o "$work/took" -f '%e %U %S' "$@" >"$work/said" 2>"$work/faults" || { cat "$work/faults" >&2; exit 1; }
        read -r wall user system <"$work/took"
        best=$(awk -v a="${best:-9e9 9e9}" -v w="$wall" -v c="$(awk "BEGIN { print $user + $system }")" \
            'BEGIN { split(a, b, " "); print (w < b[1] ? w " " c : a) }')
    done
    echo "$best"
}

# row LABEL SHARE TIMES COMMAND…: the work alone; SHARE is the part of the places that was worked on. What is short is done TIMES times, or it could
# not be told from the start of the program; reproduction numbers once, because they keep the quantiles that they have worked out.
row() {
    local label=$1 share=$2 times=$3 without with
    shift 3
    without=$(timed "$@")
    if ((times > 1)); then with=$(timed "$@" run "$times"); else with=$(timed "$@" run); fi
    share=$(awk "BEGIN { print $share * $times }")
    awk -v label="$label" -v share="$share" -v a="$without" -v b="$with" 'BEGIN {
        split(a, x, " "); split(b, y, " ")
        printf "%-52s %10.2f %10.2f\n", label, (y[1] - x[1]) / share, (y[2] - x[2]) / share
    }'
}

printf '%-52s %10s %10s\n' "$places places, $days days" 'seconds' 'CPU s'
row 'weekly growth and incidence, siaga' 1 20 "$brain" growth "$places" "$days"
row 'weekly growth and incidence, pandas' 1 20 "$python" "$here/brain.py" "$places" "$days"
row 'reproduction numbers with intervals, siaga' 1 1 "$brain" rt "$places" "$days"
share=$(awk "BEGIN { print $r_places / $places }")
row "reproduction numbers, EpiEstim ($r_places places, scaled)" "$share" 1 Rscript "$here/brain.R" "$r_places" "$days"
printf '\n%-52s %10s %10s\n' "514 places, $days days" 'seconds' 'CPU s'
row 'default policy, every day, indicators included' 1 10 "$brain" backtest 514 "$days"
printf '\n%-52s %10s %10s\n' 'reproduction numbers by places (log-log slope)' 'places' 'CPU s'
for some in 400 800 1600 3200; do
    without=$(timed "$brain" rt "$some" "$days")
    with=$(timed "$brain" rt "$some" "$days" run)
    awk -v n="$some" -v a="$without" -v b="$with" \
        'BEGIN { split(a, x, " "); split(b, y, " "); printf "%-52s %10d %10.2f\n", "", n, y[2] - x[2] }'
done | tee "$work/slope"
awk '{ x = log($1); y = log($2); n++; sx += x; sy += y; sxx += x * x; sxy += x * y }
    END { printf "slope %.2f\n", (n * sxy - sx * sy) / (n * sxx - sx * sx) }' "$work/slope"
