#!/usr/bin/env bash
# What signing in costs: the same page asked for by anybody and by somebody signed in, one after the other and many at
# once, and how quickly other pages answer while passwords are hashed. Needs oha, curl and a release build.
#
#   cargo build --release && bench/doors.sh [target/release/siaga]
#
# Serves on loopback from a folder of its own and stops what it starts.
set -euo pipefail

source "$(dirname "${BASH_SOURCE[0]}")/country.sh"

siaga=$(realpath "${1:-target/release/siaga}")
begin

"$siaga" -q demo --until 2021-06-28 --no-wait >/dev/null
export SIAGA_DATABASE_URL="sqlite://$work/var/demo/siaga.sqlite"
link=$("$siaga" -q user add analis --role analyst 2>/dev/null | grep -o '/invitation/.*')
started
password='kereta malam ke sukabumi'
cookie=$(curl -s -o /dev/null -D - -H "Origin: $address" --data-urlencode "password=$password" \
    --data-urlencode "repeated=$password" "$address$link" |
    grep -io '__Host-siaga=[^;]*')
[[ -n $cookie ]] || { echo 'signing in gave no cookie' >&2; exit 1; }

# ask LABEL REQUESTS AT_ONCE [oha options]: median and 99th percentile in milliseconds.
ask() {
    local label=$1 requests=$2 at_once=$3
    shift 3
    oha --no-tui --output-format json -n "$requests" -c "$at_once" "$@" "$address/public" >result.json
    python3 - "$label" "$at_once" <<'PY'
import json, sys
result = json.load(open("result.json"))
assert result["statusCodeDistribution"] == {"200": sum(result["statusCodeDistribution"].values())}, result["statusCodeDistribution"]
spread = result["latencyPercentiles"]
print(f"{sys.argv[1]:<34} {sys.argv[2]:>7} {spread['p50'] * 1000:>9.2f} {spread['p99'] * 1000:>9.2f} {result['summary']['requestsPerSec']:>9.0f}")
PY
}

printf '%-34s %7s %9s %9s %9s\n' '/public' 'at once' 'p50 ms' 'p99 ms' 'per s'
ask 'warming up' 200 2 >/dev/null
for at_once in 1 8; do
    ask 'anybody' 2000 "$at_once"
    ask 'signed in' 2000 "$at_once" -H "Cookie: $cookie"
done
# Passwords are hashed by the hundred while pages are asked for.
oha --no-tui --output-format json -n 300 -c 8 -m POST -H "Origin: $address" -T application/x-www-form-urlencoded \
    -d 'name=analis&password=salah-salah-salah' "$address/sign-in" >storm.json &
storm=$!
ask 'anybody, while passwords are tried' 1000 1
wait "$storm"
