#!/usr/bin/env bash
# A country on one machine: 514 cities and regencies, three years, twelve measures. How long from the start of the program to its
# first page, what it keeps in memory, and the release minute: 5,000 requests a second for a minute while a new day is taken in,
# beside nginx that serves the same bytes as a file. And one city alone, for its memory.
#
#   cargo build --release && bench/national.sh [target/release/siaga]                               SQLite alone
#   tests/run.sh --services-only -- bench/national.sh [target/release/siaga]      with PostgreSQL
#
# PLACES, DAYS, MEASURES and MINUTE (seconds of load) say how much: PLACES=80000 DAYS=180 MEASURES=1 are a country's villages. The figures
# are made up by a seeded generator. Needs oha, nginx, curl and awk; serves on loopback from a folder of its own and stops what it
# starts. Server, load, import and PostgreSQL (fsync off) share the machine.
set -euo pipefail

source "$(dirname "${BASH_SOURCE[0]}")/country.sh"
source "$(dirname "${BASH_SOURCE[0]}")/nginx.sh"

siaga=$(realpath "${1:-target/release/siaga}")
places=${PLACES:-514} days=${DAYS:-1096} minute=${MINUTE:-60}
export MEASURES=${MEASURES:-12}
begin
a_publisher

# ask LABEL ADDRESS [oha options]: milliseconds in the middle, of 99 in 100, the longest; requests a second; what went wrong.
ask() {
    local label=$1 told
    shift
    read -ra told <<<"$(measured "$@")"
    printf '%-60s %8s %8s %8s %9s %6s\n' "$label" "${told[@]}"
}

# country NAME URL COPY: takes the country's figures in at URL, starts the server, and lets it bear the release minute; the same work
# is done at COPY (made by the function `copied`) while nginx bears it.
country() {
    local name=$1 copy=$3 round idle third asked page store import
    export SIAGA_DATABASE_URL=$2
    /usr/bin/time -o took -f '%e %M' "$siaga" -q ingest --file first.csv --source-spec spec.toml >said 2>&1 || { cat said >&2; exit 1; }
    printf '\n%s: %s places, %s days, %s measures: %s figures taken in in %s s\n' "$name" "$places" "$days" "$MEASURES" "$rows" \
        "$(cut -d' ' -f1 took)"
    printf '%-44s %14s %10s %12s\n' 'start to first page, memory (MB)' 'milliseconds' 'idle' 'after load'
    for round in 1 2 3; do
        started
        idle=$(memory VmRSS)
        if ((round < 3)); then
            printf '%-44s %14s %10s\n' "start $round" "$took" "$idle"
            stopped
        fi
    done
    third=$took
    [[ -n $peer ]] || beside_nginx "$address/public"
    copied
    ask 'warming up' "$address/public" -n 2000 -c 16 >load
    printf '%-60s %8s %8s %8s %9s %6s\n' "5,000 requests a second for $minute s" 'p50 ms' 'p99 ms' 'longest' 'per s' 'wrong' >load
    # The same work beside either: a day of the whole country is read, judged and kept; for nginx into a copy of the store.
    for asked in nginx siaga; do
        if [[ $asked == nginx ]]; then page=http://127.0.0.1:$port/ store=$copy; else page=$address/public store=$SIAGA_DATABASE_URL; fi
        (SIAGA_DATABASE_URL=$store /usr/bin/time -o "$asked.took" -f '%e' \
            "$siaga" -q ingest --file day.csv --source-spec spec.toml >"$asked.said" 2>&1) &
        import=$!
        ask "$asked, while a day of the country is taken in" "$page" -z "${minute}s" -q 5000 -c 32 >>load
        wait "$import" || { cat "$asked.said" >&2; exit 1; }
    done
    printf '%-44s %14s %10s %12s\n' 'start 3' "$third" "$idle" "$(memory VmRSS)"
    cat load
    printf 'the day was taken in in %s s beside nginx, in %s s beside siaga\n' "$(cat nginx.took)" "$(cat siaga.took)"
    stopped
}

printf 'load before: %s\n' "$(cut -d' ' -f1-3 /proc/loadavg)"
figures "$places" "$days" >all.csv
last=$(tail -n 1 all.csv | cut -d, -f1)
grep -v "^$last," all.csv >first.csv
rows=$(($(wc -l <first.csv) - 1))
{ head -n 1 all.csv && grep "^$last," all.csv; } >day.csv
rm all.csv

copied() { cp national.sqlite copy.sqlite; }
country SQLite "sqlite://$work/national.sqlite" "sqlite://$work/copy.sqlite"
printf 'the file: %s MB\n' "$(cat national.sqlite* | wc -c | awk '{ printf "%.0f", $1 / 1048576 }')"
rm national.sqlite* copy.sqlite*
if [[ -n $postgres ]]; then
    psql "$postgres" -qc 'create database bench_national'
    copied() {
        stopped
        psql "$postgres" -qc 'create database bench_copy template bench_national'
        started
    }
    country PostgreSQL "${postgres%/*}/bench_national" "${postgres%/*}/bench_copy"
    for name in bench_national bench_copy; do psql "$postgres" -qc "drop database $name"; done
fi

env -u SIAGA_DATABASE_URL "$siaga" -q demo --until 2021-07-14 --no-wait >/dev/null
export SIAGA_DATABASE_URL=sqlite://$work/var/demo/siaga.sqlite
started
idle=$(memory VmRSS)
ask 'one city' "$address/public" -z 10s -q 5000 -c 32 >load
printf '\n%-44s %14s %10s %12s\n' 'one city (the demonstration)' "$took" "$idle" "$(memory VmRSS)"
printf 'load after: %s\n' "$(cut -d' ' -f1-3 /proc/loadavg)"
