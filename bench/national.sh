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

source "$(dirname "${BASH_SOURCE[0]}")/nginx.sh"

siaga=$(realpath "${1:-target/release/siaga}")
places=${PLACES:-514} days=${DAYS:-1096} measures=${MEASURES:-12} minute=${MINUTE:-60}
work=$(mktemp -d)
server=
peer=
finish() {
    [[ -n $server ]] && kill "$server" 2>/dev/null && wait "$server" 2>/dev/null || true
    [[ -n $peer ]] && kill "$peer" 2>/dev/null && wait "$peer" 2>/dev/null || true
    rm -rf -- "$work"
}
trap finish EXIT
chmod 755 "$work"
cd "$work"
for name in $(compgen -e SIAGA_); do
    [[ $name == SIAGA_TEST_POSTGRES_URL ]] || unset "$name"
done
postgres=${SIAGA_TEST_POSTGRES_URL-}
unset SIAGA_TEST_POSTGRES_URL
export SIAGA_SERVER_LISTEN=127.0.0.1:0
printf '[source]\nmax_size = "2048 MiB"\n' >siaga.toml
printf 'id = "bench"\ntitle = "bench"\nany_location = true\n' >spec.toml

# figures DAYS: so many days, until yesterday, of every place; the first is the city of the settings.
figures() {
    TZ=UTC awk -v places="$places" -v days="$1" -v measures="$measures" -v until="$(($(date +%s) / 86400 - 1))" 'BEGIN {
        srand(7)
        count = split("cases deaths recovered tests tests_positive admissions active inpatients staff_cases icu_occupied", moving, " ")
        if (measures < count) count = measures
        print "date,location,measure,value"
        for (day = until - days + 1; day <= until; day++) {
            date = strftime("%Y-%m-%d", day * 86400, 1)
            for (place = 0; place < places; place++) {
                code = place == 0 ? "3271" : sprintf("P%05d", place)
                for (n = 1; n <= count; n++) printf "%s,%s,%s,%d\n", date, code, moving[n], (n == 4 ? 200 : 0) + 10 + rand() * 50
                if (measures >= 12) printf "%s,%s,beds_occupied,%d\n%s,%s,beds_available,500\n", date, code, 100 + rand() * 100, date, code
            }
        }
    }'
}

memory() { awk -v key="$1" '$1 == key ":" { printf "%.0f", $2 / 1024 }' "/proc/$server/status"; }

# started: starts the server; tells the milliseconds to its first page and its address.
started() {
    local begun line
    begun=$(date +%s%N)
    "$siaga" serve >/dev/null 2>serve.log &
    server=$!
    address=
    while [[ -z $address ]]; do
        line=$(grep -o 'http://127.0.0.1:[0-9]*' serve.log 2>/dev/null | head -n 1) || true
        address=$line
        kill -0 "$server" || { cat serve.log >&2; exit 1; }
    done
    until curl -sf -o page.html "$address/public"; do :; done
    took=$((($(date +%s%N) - begun) / 1000000))
}

stopped() {
    kill "$server" && wait "$server" || true
    server=
}

# ask LABEL ADDRESS [oha options]: milliseconds in the middle, of 99 in 100, the longest; requests a second; what went wrong.
ask() {
    local label=$1 asked=$2
    shift 2
    oha --no-tui --output-format json -H 'Accept-Encoding: gzip' "$@" "$asked" >result.json
    python3 - "$label" <<'PY'
import json, sys
result = json.load(open("result.json"))
wrong = sum(count for code, count in result["statusCodeDistribution"].items() if code != "200")
wrong += sum(count for what, count in result["errorDistribution"].items() if "deadline" not in what)
spread, summary = result["latencyPercentiles"], result["summary"]
told = [spread["p50"] * 1000, spread["p99"] * 1000, summary["slowest"] * 1000]
print(f"{sys.argv[1]:<60} " + " ".join(f"{value:>8.2f}" for value in told) + f" {summary['requestsPerSec']:>9.0f} {wrong:>6}")
PY
}

# country NAME URL COPY: takes the country's figures in at URL, starts the server, and lets it bear the release minute; the same work
# is done at COPY (made by the function `copied`) while nginx bears it.
country() {
    local name=$1 copy=$3 round idle third asked page store import
    export SIAGA_DATABASE_URL=$2
    /usr/bin/time -o took -f '%e %M' "$siaga" -q ingest --file first.csv --source-spec spec.toml >said 2>&1 || { cat said >&2; exit 1; }
    printf '\n%s: %s places, %s days, %s measures: %s figures taken in in %s s\n' "$name" "$places" "$days" "$measures" "$rows" \
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
figures "$((days - 1))" >first.csv
rows=$(($(wc -l <first.csv) - 1))
figures "$days" >more.csv
head -n 1 more.csv >day.csv
grep "^$(tail -n 1 more.csv | cut -d, -f1)," more.csv >>day.csv
rm more.csv

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
