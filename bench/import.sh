#!/usr/bin/env bash
# What an import costs beside the databases' own bulk loaders: the same rows into the same table, in one run.
#
#   cargo build --release --bins --examples
#   tests/run.sh --services-only -- bench/import.sh [target/release]      with PostgreSQL
#   bench/import.sh [target/release]                                      SQLite alone
#
# Prints how busy the machine was before and after: beside other work seconds say little, CPU seconds more. The tests'
# PostgreSQL runs with fsync off, for siaga and for its own loader alike.
#
# PLACES and DAYS say how much (3300 x 1150). The payload is in a publisher's order, by day. The loaders get the rows in the
# order of the table's key, which is the best they can get. Needs sqlite3, awk and GNU time; works in a folder of its own.
set -euo pipefail

built=$(realpath "${1:-target/release}")
places=${PLACES:-3300} days=${DAYS:-1150}
rows=$((places * days))
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
chmod 711 "$work"
cd "$work"
for name in $(compgen -e SIAGA_); do
    [[ $name == SIAGA_TEST_POSTGRES_URL ]] || unset "$name"
done
printf '[source]\nmax_size = "2048 MiB"\n' >siaga.toml

# payload DAYS: so many days of every place.
payload() {
    TZ=UTC awk -v places="$places" -v days="$1" 'BEGIN {
        srand(7)
        print "date,location,measure,value"
        for (day = 0; day < days; day++) {
            date = strftime("%Y-%m-%d", (18262 + day) * 86400, 1)
            for (place = 0; place < places; place++) printf "%s,P%05d,cases,%d\n", date, place, rand() * rand() * 500
        }
    }'
}
payload "$days" >first.csv
payload $((days + 1)) >more.csv
cat >spec.toml <<'SPEC'
id = "bench"
title = "bench"
any_location = true
SPEC

# row LABEL ROWS COMMAND…: one line of the table.
row() {
    local label=$1 count=$2
    shift 2
    /usr/bin/time -o took -f '%e %U %S %M' "$@" >said 2>&1 || { cat said >&2; exit 1; }
    awk -v label="$label" -v count="$count" '{
        printf "%-44s %9d %8.1f %10.0f %8.1f %8.0f\n", label, count, $1, count / ($1 > 0 ? $1 : 0.01), $2 + $3, $4 / 1024
    }' <took
}

import() { "$built/siaga" -q ingest --file "$1" --source-spec spec.toml; }
export -f import
export built

printf 'load before: %s\n' "$(cut -d' ' -f1-3 /proc/loadavg)"
printf '%-44s %9s %8s %10s %8s %8s\n' '' rows seconds 'rows/s' 'CPU s' 'peak MB'
export SIAGA_DATABASE_URL=sqlite://$work/siaga.sqlite
row 'siaga -> SQLite, first' "$rows" bash -c 'import first.csv'
row 'siaga -> SQLite, the same payload again' "$rows" bash -c 'import first.csv'
sqlite3 siaga.sqlite 'pragma wal_checkpoint(truncate)' >said
size=$(stat -c %s siaga.sqlite)
sqlite3 -csv siaga.sqlite 'select * from observation order by series_id, date, days, as_of' >rows.csv
sqlite3 siaga.sqlite '.schema observation' >schema.sql
sqlite3 loaded.sqlite 'pragma journal_mode = wal' '.read schema.sql' >said
row 'sqlite3 .import, the same rows' "$rows" \
    sqlite3 loaded.sqlite 'pragma synchronous = normal' '.mode csv' '.import rows.csv observation'
row 'siaga -> SQLite, with one more day' $((rows + places)) bash -c 'import more.csv'
held=$(sqlite3 siaga.sqlite 'select count(*) from observation')
[[ $held == $((rows + places)) ]] || { echo "the store holds $held figures" >&2; exit 1; }

if [[ -n ${SIAGA_TEST_POSTGRES_URL-} ]]; then
    psql "$SIAGA_TEST_POSTGRES_URL" -qc 'create database bench_import'
    export SIAGA_DATABASE_URL=${SIAGA_TEST_POSTGRES_URL%/*}/bench_import
    row 'siaga -> PostgreSQL, first' "$rows" bash -c 'import first.csv'
    row 'siaga -> PostgreSQL, the same payload again' "$rows" bash -c 'import first.csv'
    psql "$SIAGA_DATABASE_URL" -qc 'create table loaded (like observation including all)'
    # SQLite writes a figure that is nothing as nothing, as COPY reads it.
    row 'psql \copy, the same rows' "$rows" psql "$SIAGA_DATABASE_URL" -qc '\copy loaded from rows.csv csv'
    row 'siaga -> PostgreSQL, with one more day' $((rows + places)) bash -c 'import more.csv'
fi

printf '\nSQLite file after the first import: %d MB (%d bytes a figure)\n' $((size >> 20)) $((size / rows))
if [[ -x $built/examples/as_of ]]; then
    printf 'SQLite      '
    "$built/examples/as_of" "sqlite://$work/siaga.sqlite" "$places" "$days"
    if [[ -n ${SIAGA_TEST_POSTGRES_URL-} ]]; then
        printf 'PostgreSQL  '
        "$built/examples/as_of" "$SIAGA_DATABASE_URL" "$places" "$days"
    fi
fi
printf 'load after: %s\n' "$(cut -d' ' -f1-3 /proc/loadavg)"
