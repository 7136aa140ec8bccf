# For the other scripts here: a folder of its own, figures of a country by chance, the program that serves on loopback, an address that is asked
# many times. The caller says where the program is ($siaga); work goes on in $work.
# shellcheck shell=bash disable=SC2034,SC2154

# begin: a folder of its own, without the settings of whoever calls, but with the address of a test server ($postgres); what was started
# ends with the script.
begin() {
    local name
    work=$(mktemp -d)
    server= peer=
    trap finish EXIT
    chmod 755 "$work"
    cd "$work"
    postgres=${SIAGA_TEST_POSTGRES_URL-}
    for name in $(compgen -e SIAGA_); do unset "$name"; done
    export SIAGA_SERVER_LISTEN=127.0.0.1:0
}

finish() {
    local process
    for process in $server $peer; do
        kill "$process" 2>/dev/null && wait "$process" 2>/dev/null || true
    done
    rm -rf -- "$work"
}

# figures PLACES DAYS [known]: twelve measures (or as many as MEASURES says) of so many days, until yesterday, of every place; the first is the city of the settings. With
# a third word each figure was known on the morning after, else when it is taken in.
figures() {
    TZ=UTC awk -v places="$1" -v days="$2" -v known="${3-}" -v measures="${MEASURES:-12}" -v until="$(($(date +%s) / 86400 - 1))" 'BEGIN {
        srand(7)
        count = split("cases deaths recovered tests tests_positive admissions active inpatients staff_cases icu_occupied", moving, " ")
        if (measures < count) count = measures
        print "date,location,measure,value" (known ? ",as_of" : "")
        for (day = until - days + 1; day <= until; day++) {
            date = strftime("%Y-%m-%d", day * 86400, 1)
            end = known ? "," strftime("%Y-%m-%d", (day + 1) * 86400, 1) "T01:00:00Z\n" : "\n"
            for (place = 0; place < places; place++) {
                code = place == 0 ? "3271" : sprintf("P%05d", place)
                for (n = 1; n <= count; n++) printf "%s,%s,%s,%d%s", date, code, moving[n], (n == 4 ? 200 : 0) + 10 + rand() * 50, end
                if (measures >= 12) printf "%s,%s,beds_occupied,%d%s%s,%s,beds_available,500%s", date, code, 100 + rand() * 100, end, date, code, end
            }
        }
    }'
}

# a_publisher: what a payload of figures is read by (spec.toml), and how large it may be (siaga.toml).
a_publisher() {
    printf '[source]\nmax_size = "2048 MiB"\n' >siaga.toml
    printf 'id = "bench"\ntitle = "bench"\nany_location = true\n' >spec.toml
}

# started: starts the server; tells the milliseconds to its first page ($took), which is page.html, and its address ($address).
started() {
    local begun line
    begun=$(date +%s%N)
    : >serve.log    # the one before stands in it until the new one is up
    "$siaga" serve >/dev/null 2>>serve.log &
    server=$!
    address=
    while [[ -z $address ]]; do
        line=$(grep -o 'http://127.0.0.1:[0-9]*' serve.log 2>/dev/null | head -n 1) || true
        address=$line
        kill -0 "$server" || { cat serve.log >&2; exit 1; }
    done
    until curl -sf -o page.html "$address/public"; do kill -0 "$server" || { cat serve.log >&2; exit 1; }; done
    took=$((($(date +%s%N) - begun) / 1000000))
}

stopped() {
    kill "$server" && wait "$server" || true
    server=
}

memory() { awk -v key="$1" '$1 == key ":" { printf "%.0f", $2 / 1024 }' "/proc/$server/status"; }

# measured ADDRESS [oha options]: milliseconds in the middle, of 99 in 100, the longest; requests a second; what went wrong.
measured() {
    local asked=$1
    shift
    oha --no-tui --output-format json -H 'Accept-Encoding: gzip' "$@" "$asked" >result.json
    python3 - <<'PY'
import json
result = json.load(open("result.json"))
wrong = sum(count for code, count in result["statusCodeDistribution"].items() if code != "200")
wrong += sum(count for what, count in result["errorDistribution"].items() if "deadline" not in what)
spread, summary = result["latencyPercentiles"], result["summary"]
told = [spread["p50"], spread["p99"], summary["slowest"]]
print(*(f"{(seconds or 0) * 1000:.2f}" for seconds in told), f"{summary['requestsPerSec']:.0f}", wrong)
PY
}

# addresses PATTERN FIRST DAYS: asked.txt, twenty thousand addresses that nobody has asked before; N is a number, T a moment of so many days.
addresses() {
    python3 - "$address$1" "$2" "$3" >asked.txt <<'PY'
import datetime, random, sys
random.seed(7)
pattern, first, days = sys.argv[1], datetime.date.fromisoformat(sys.argv[2]), int(sys.argv[3])
midnight = datetime.datetime.combine(first, datetime.time())
for n in range(20000):
    moment = midnight + datetime.timedelta(seconds=random.randrange(days * 86400))
    print(pattern.replace("{N}", str(n)).replace("{T}", f"{moment.isoformat()}%2B07:00"))
PY
}
