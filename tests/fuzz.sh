#!/usr/bin/env bash
# Feeds every parser with mutated input, guided by coverage, on the stable toolchain.
#
#   tests/fuzz.sh               60 seconds a target
#   tests/fuzz.sh 600           600 seconds a target
#   tests/fuzz.sh 600 payload   one target
#
# A finding stops the script and leaves its input in target/fuzz/found; make it a test of the parser, then mend it.
# Inputs that reach new code stay in target/fuzz/corpus and are the start of the next run.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
seconds=${1:-60}
targets=("${@:2}")
((${#targets[@]} > 0)) || targets=(payload spec policy settings lists words)
products=${SIAGA_FUZZ_TARGET_DIR:-$root/target/fuzz}
corpus=$products/corpus
found=$products/found

# Only the parsers themselves are instrumented: the rest of the program would be built anew for nothing. What runs inside the
# compiler (macros, build scripts) is not: it has no fuzzer to report to. Cargo names the target for everything else.
host=$(rustc -vV | sed -n 's/^host: //p')
wrapper=$products/instrument
mkdir -p "$products"
cat >"$wrapper" <<'SCRIPT'
#!/usr/bin/env bash
rustc=$1
shift
[[ " $* " == *' --target '* ]] || exec "$rustc" "$@"
case " $* " in
    *' --crate-name siaga '* | *' --crate-name csv '* | *' --crate-name csv_core '* | *' --crate-name toml '* \
        | *' --crate-name toml_parser '* | *' --crate-name serde_json '* | *' --crate-name calamine '* \
        | *' --crate-name quick_xml '* | *' --crate-name zip '* | *' --crate-name croner '*)
        exec "$rustc" "$@" -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
            -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
            -Cllvm-args=-sanitizer-coverage-trace-compares
        ;;
esac
exec "$rustc" "$@"
SCRIPT
chmod +x "$wrapper"

# seed TARGET NAME: what stands on standard input becomes a beginning of that target's corpus.
seed() {
    mkdir -p "$corpus/$1"
    cat >"$corpus/$1/seed-$2"
}

# Shipped files are the beginnings; payloads know their spec by the first line.
plant() {
    local file name
    for file in "$root"/data/source/*.toml; do
        name=$(basename "$file" .toml)
        seed spec "$name" <"$file"
    done
    for file in "$root"/data/sample/*.csv; do
        { echo tidy; head -n 40 "$file"; } | seed payload "tidy-$(basename "$file")"
    done
    for file in "$root"/tests/fuzz/seed/payload/*; do
        [[ -f $file ]] && seed payload "$(basename "$file")" <"$file"
    done
    for file in "$root"/data/policy/*.toml; do
        seed policy "$(basename "$file")" <"$file"
    done
    for file in "$root"/data/location/*.csv; do
        { printf l; head -n 30 "$file"; } | seed lists "location-$(basename "$file")"
    done
    { printf u; cat "$root"/data/unit/kota_bogor.csv; } | seed lists unit
    { printf o; cat "$root"/data/order/indonesia.csv; } | seed lists order
    printf '%s' '[city]
location = "3271"
[server]
listen = "127.0.0.1:0"
trusted_proxies = ["10.0.0.0/8"]
[source]
timeout = "30s"
max_size = "64 MiB"
' | seed settings example
    local word nth=0
    for word in 'Rabu (23/6/2021)' 'Senin, 28 Juni 2021' '28/6/2021' 2021-06-28 2021-06-28T17:00:00+07:00 1.833 81,6 \
        -1,5 1e3 '0 30 * * * *' '0 0 20 * * Mon-Fri'; do
        nth=$((nth + 1))
        printf '%s' "$word" | seed words "$nth"
    done
}

plant
RUSTC_WRAPPER=$wrapper CARGO_TARGET_DIR=$products/build \
    cargo build --manifest-path "$root/tests/fuzz/Cargo.toml" --target "$host" --bins
mkdir -p "$found"
for target in "${targets[@]}"; do
    echo "== $target: $seconds s"
    log=$products/$target.log
    status=0
    "$products/build/$host/debug/$target" "$corpus/$target" -max_total_time="$seconds" -rss_limit_mb=1024 -timeout=10 \
        -max_len=65536 -artifact_prefix="$found/$target-" -print_final_stats=1 >"$log" 2>&1 || status=$?
    grep -E '^(stat::|SUMMARY|Done|==)|panicked|Test unit written' "$log" || echo "$target said nothing: see $log"
    if ((status != 0)); then
        echo "$target: a finding (exit $status), see $log and $found"
        exit 1
    fi
done
echo "all targets: nothing found"
