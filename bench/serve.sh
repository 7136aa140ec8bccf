#!/usr/bin/env bash
# What serving costs: the mayor's page as anybody gets it, ready-made, beside nginx that serves the same bytes as a file; at a fixed
# rate; and pages that are not ready, of now and of the past. Needs oha, nginx, curl and a release build.
#
#   cargo build --release && bench/serve.sh [target/release/siaga]
#
# Serves on loopback from a folder of its own and stops what it starts. Server and load share the machine, for both alike.
set -euo pipefail

source "$(dirname "${BASH_SOURCE[0]}")/country.sh"
source "$(dirname "${BASH_SOURCE[0]}")/nginx.sh"

siaga=$(realpath "${1:-target/release/siaga}")
begin
"$siaga" -q demo --until 2021-06-28 --no-wait >/dev/null
export SIAGA_DATABASE_URL="sqlite://$work/var/demo/siaga.sqlite"
"$siaga" check --example >siaga.toml
started
beside_nginx "$address/public"

# ask LABEL ADDRESS [oha options]: median and 99th percentile in milliseconds, requests a second.
ask() {
    local label=$1 told
    shift
    read -ra told <<<"$(measured "$@")"
    ((told[4] == 0)) || { echo "$label: ${told[4]} answers were wrong" >&2; exit 1; }
    printf '%-52s %8s %8s %9s\n' "$label" "${told[0]}" "${told[1]}" "${told[3]}"
}

printf 'load before: %s\n' "$(cut -d' ' -f1-3 /proc/loadavg)"
printf 'page: %s bytes, compressed %s\n\n' "$(stat -c %s www/index.html)" "$(stat -c %s www/index.html.gz)"
printf '%-52s %8s %8s %9s\n' '' 'p50 ms' 'p99 ms' 'per s'
ask 'warming up' "$address/public" -n 2000 -c 16 >/dev/null
ask 'warming up' "http://127.0.0.1:$port/" -n 2000 -c 16 >/dev/null
ask 'nginx, the same bytes as a file, 16 at once' "http://127.0.0.1:$port/" -n 100000 -c 16
ask 'siaga, ready-made, 16 at once' "$address/public" -n 100000 -c 16
ask 'nginx, 5,000 a second' "http://127.0.0.1:$port/" -z 10s -q 5000 -c 32
ask 'siaga, ready-made, 5,000 a second' "$address/public" -z 10s -q 5000 -c 32
curl -s -o /dev/null -D headers -H 'Accept-Encoding: gzip' "$address/public"
grep -qi '^siaga-cache: hit' headers || { echo 'the page was not ready' >&2; cat headers >&2; exit 1; }

# Moments of the wave's last days, another one each time.
asked_at() { addresses "$1" 2021-06-20 8; }
asked_at '/public?n={N}'
ask 'siaga, page made, one at a time' asked.txt --urls-from-file -n 300 -c 1
asked_at '/public?as_of={T}'
ask 'siaga, as-of page made, one at a time' asked.txt --urls-from-file -n 300 -c 1
asked_at '/api/v1/observations?as_of={T}'
ask 'siaga, as-of figures by API, one at a time' asked.txt --urls-from-file -n 500 -c 1
asked_at '/api/v1/indicators?as_of={T}'
ask 'siaga, as-of indicators by API, one at a time' asked.txt --urls-from-file -n 300 -c 1
