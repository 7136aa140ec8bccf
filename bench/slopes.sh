#!/usr/bin/env bash
# How a city's pages and figures of the past grow dearer with the places and the years that its store holds: 1, 10, 100 and 514 places of one
# year, then 1, 2 and 4 years of 100 places. Everything is asked one at a time: the page of anybody, the same as of another moment each time
# (so that nothing is ready), a city's figures as of another moment. Then the slopes: 0 is no growth, 1 is growth in proportion.
#
#   cargo build --release && bench/slopes.sh [target/release/siaga]                               SQLite alone
#   tests/run.sh --services-only -- bench/slopes.sh [target/release/siaga]                        with PostgreSQL
#
# PLACES and YEARS are the rows ("1 10 100 514", "1 2 4"), WIDE and LONG what stays the same meanwhile (100 places, 1 year), REQUESTS how often
# each is asked (300). The figures are made up by a seeded generator. Needs oha, curl, awk, and psql for PostgreSQL; serves on loopback from a
# folder of its own and stops what it starts. Server and load share the machine.
set -euo pipefail

source "$(dirname "${BASH_SOURCE[0]}")/country.sh"

siaga=$(realpath "${1:-target/release/siaga}")
read -ra place_rows <<<"${PLACES:-1 10 100 514}"
read -ra year_rows <<<"${YEARS:-1 2 4}"
wide=${WIDE:-100} long=${LONG:-1} requests=${REQUESTS:-300}
postgres=${SIAGA_TEST_POSTGRES_URL-}
databases=(SQLite)
[[ -z $postgres ]] || databases+=(PostgreSQL)
made=()
begin
a_publisher
# The databases on somebody's server go with the folder.
finish_here() {
    local name
    for name in "${made[@]}"; do psql "$postgres" -qc "drop database if exists $name with (force)" || true; done
    finish
}
trap finish_here EXIT

# filled DATABASE PLACES YEARS: a new store with so much in it, in the settings of what is started next.
filled() {
    local name=slopes_$2_$3_$$
    if [[ $1 == SQLite ]]; then
        export SIAGA_DATABASE_URL=sqlite://$work/$name.sqlite
    else
        psql "$postgres" -qc "create database $name"
        made+=("$name")
        export SIAGA_DATABASE_URL=${postgres%/*}/$name
    fi
    figures "$2" $((365 * $3)) known >payload.csv
    "$siaga" -q ingest --file payload.csv --source-spec spec.toml >said 2>&1 || { cat said >&2; exit 1; }
    rm payload.csv
}

# What is asked, and how its rows are called.
questions=('/public' '/public?as_of={T}' '/api/v1/observations?location=3271&as_of={T}')
titles=('page of anybody, ready' 'page of a past moment' 'figures of a past moment')

# row DATABASE PLACES YEARS: fills, asks, writes a line for each question to rows: database, places, years, question, p50, p99.
row() {
    local nth told
    filled "$@"
    started
    for nth in "${!questions[@]}"; do
        addresses "${questions[nth]}" "$(date -d '20 days ago' +%F)" 14
        measured asked.txt --urls-from-file -n 20 -c 1 >/dev/null
        read -ra told <<<"$(measured asked.txt --urls-from-file -n "$requests" -c 1)"
        ((told[4] == 0)) || { echo "${told[4]} of $requests answers to ${questions[nth]} were wrong" >&2; exit 1; }
        printf '%s %s %s %s %s %s\n' "$1" "$2" "$3" "$nth" "${told[0]}" "${told[1]}" >>rows
        printf '%-12s %7s %6s  %-26s %9s %9s\n' "$1" "$2" "$3" "${titles[nth]}" "${told[0]}" "${told[1]}"
    done
    stopped
    rm -f -- "$work"/slopes_*
}

printf 'load before: %s\n' "$(cut -d' ' -f1-3 /proc/loadavg)"
printf '%-12s %7s %6s  %-26s %9s %9s\n' '' places years 'one at a time' 'p50 ms' 'p99 ms'
for database in "${databases[@]}"; do
    for places in "${place_rows[@]}"; do row "$database" "$places" "$long"; done
    for years in "${year_rows[@]}"; do
        # The row that both lines have is asked once.
        if ((years == long)) && [[ " ${place_rows[*]} " == *" $wide "* ]]; then continue; fi
        row "$database" "$wide" "$years"
    done
done

# The slope of the logarithms by least squares, of the middle and of 99 in 100.
python3 - "$wide" "$long" "${titles[@]}" <<'PY'
import collections, math, sys
wide, long, titles = sys.argv[1], sys.argv[2], sys.argv[3:]
lines = collections.defaultdict(list)
for database, places, years, nth, *spread in (line.split() for line in open("rows")):
    told = [max(float(value), 0.01) for value in spread]
    if years == long:
        lines[database, int(nth), "places"].append((int(places), told))
    if places == wide:
        lines[database, int(nth), "years"].append((int(years), told))


def slope(points):
    x, y = ([math.log(value) for value in values] for values in zip(*points))
    mean = [sum(values) / len(values) for values in (x, y)]
    across = sum((one - mean[0]) ** 2 for one in x)
    return sum((one - mean[0]) * (other - mean[1]) for one, other in zip(x, y)) / across if across else math.nan


print(f"\n{'log-log slope':<12} {'by':>7}         {'':<26} {'p50':>8} {'p99':>9}")
for (database, nth, by), points in sorted(lines.items(), key=lambda item: (item[0][0], item[0][2], item[0][1])):
    if len(points) > 1:
        slopes = [slope([(size, told[which]) for size, told in points]) for which in (0, 1)]
        print(f"{database:<12} {by:>8}        {titles[nth]:<26} {slopes[0]:>9.2f} {slopes[1]:>9.2f}")
PY
printf 'load after: %s\n' "$(cut -d' ' -f1-3 /proc/loadavg)"
