#!/usr/bin/env bash
# What serving costs: the mayor's page as anybody gets it, ready-made, beside nginx that serves the same bytes as a file; at a fixed
# rate; and pages that are not ready, of now and of the past. Needs oha, nginx, curl and a release build.
#
#   cargo build --release && bench/serve.sh [target/release/siaga]
#
# Serves on loopback from a folder of its own and stops what it starts. Server and load share the machine, for both alike.
set -euo pipefail

source "$(dirname "${BASH_SOURCE[0]}")/nginx.sh"

siaga=$(realpath "${1:-target/release/siaga}")
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

"$siaga" -q demo --until 2021-06-28 --no-wait >/dev/null
export SIAGA_DATABASE_URL="sqlite://$work/var/demo/siaga.sqlite" SIAGA_SERVER_LISTEN=127.0.0.1:0
"$siaga" check --example >siaga.toml
"$siaga" serve >/dev/null 2>serve.log &
server=$!
address=
for _ in $(seq 100); do
    address=$(grep -o 'http://127.0.0.1:[0-9]*' serve.log | head -n 1) && [[ -n $address ]] && break
    sleep 0.1
done
[[ -n $address ]] || { cat serve.log >&2; exit 1; }

beside_nginx "$address/public"

# ask LABEL ADDRESS [oha options]: median and 99th percentile in milliseconds, requests a second.
ask() {
    local label=$1 asked=$2
    shift 2
    oha --no-tui --output-format json -H 'Accept-Encoding: gzip' "$@" "$asked" >result.json
    python3 - "$label" <<'PY'
import json, sys
result = json.load(open("result.json"))
assert set(result["statusCodeDistribution"]) == {"200"}, result["statusCodeDistribution"]
spread = result["latencyPercentiles"]
print(f"{sys.argv[1]:<52} {spread['p50'] * 1000:>8.2f} {spread['p99'] * 1000:>8.2f} {result['summary']['requestsPerSec']:>9.0f}")
PY
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

# addresses PATTERN: twenty thousand addresses that nobody has asked before; N is a number, T a moment from 20 to 27 June.
addresses() {
    python3 - "$address$1" >asked.txt <<'PY'
import random, sys
random.seed(7)
for n in range(20000):
    moment = f"2021-06-{random.randint(20, 27)}T{random.randint(0, 23):02}:{random.randint(0, 59):02}:{random.randint(0, 59):02}%2B07:00"
    print(sys.argv[1].replace("{N}", str(n)).replace("{T}", moment))
PY
}
addresses '/public?n={N}'
ask 'siaga, page made, one at a time' asked.txt --urls-from-file -n 300 -c 1
addresses '/public?as_of={T}'
ask 'siaga, as-of page made, one at a time' asked.txt --urls-from-file -n 300 -c 1
addresses '/api/v1/observations?as_of={T}'
ask 'siaga, as-of figures by API, one at a time' asked.txt --urls-from-file -n 500 -c 1
addresses '/api/v1/indicators?as_of={T}'
ask 'siaga, as-of indicators by API, one at a time' asked.txt --urls-from-file -n 300 -c 1
