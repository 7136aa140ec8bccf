#!/usr/bin/env bash
# What `make test` does, from a fresh clone of this repository on Debian 12, as root or with sudo.
#
#   tests/run.sh                            every check, cheap to dear; stops at the first that fails
#   tests/run.sh --services-only -- CMD …   start PostgreSQL, the mail server and Alertmanager, run CMD,
#                                           stop them again
#   SKIP_SERVICES=1 tests/run.sh            without root: installs nothing, starts nothing; nextest's summary
#                                           says how many tests were skipped for want of a service
#
# A Rust toolchain is all that has to be there. What else is missing is installed from Debian, npm and PyPI. The services
# are private to the run: own folder, own ports, loopback only. What this script starts it stops, by process id.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
export PATH="$PATH:${CARGO_HOME:-$HOME/.cargo}/bin"

python=/usr/bin/python3     # Debian's own: the one that sees Debian's python packages
nextest_version=0.9.143     # for a machine without cargo-nextest; any recent one will do

work=                       # the run's folder, removed at the end
postgres_pid=
smtp_pid=
alertmanager_pid=
step_name=
step_started=0
durations=()

# ── talk ────────────────────────────────────────────────────────────────────────────────────────────────────────

die() {
    printf 'tests/run.sh: %s\n' "$*" >&2
    exit 1
}

# step NAME COMMAND… runs a command under a heading and notes how long it took.
step() {
    step_name=$1
    step_started=$SECONDS
    shift
    printf '\n== %s\n' "$step_name"
    "$@"
    note_duration
    step_name=
}

note_duration() {
    durations+=("$(printf '%5d s  %s' $((SECONDS - step_started)) "$step_name")")
    printf '== %s: %d s\n' "$step_name" $((SECONDS - step_started))
}

# ── end ─────────────────────────────────────────────────────────────────────────────────────────────────────────

# stop PID SIGNAL asks politely, waits up to ten seconds, then insists.
stop() {
    local pid=$1 signal=$2 tries=0
    [[ -n $pid ]] || return 0
    kill "-$signal" "$pid" 2>/dev/null || return 0
    while kill -0 "$pid" 2>/dev/null && ((tries < 100)); do
        sleep 0.1
        tries=$((tries + 1))
    done
    kill -KILL "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
}

finish() {
    local status=$?
    trap - EXIT INT TERM
    set +e
    stop "$alertmanager_pid" TERM
    stop "$smtp_pid" TERM
    stop "$postgres_pid" INT        # "fast": ends sessions, leaves nothing behind
    [[ -n $work ]] && rm -rf -- "$work"
    if [[ -n $step_name ]]; then
        printf '\ntests/run.sh: failed in "%s" after %d s\n' "$step_name" $((SECONDS - step_started)) >&2
    fi
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# ── what has to be installed ────────────────────────────────────────────────────────────────────────────────────

as_root() {
    if ((EUID == 0)); then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "needs root or sudo for: $* (SKIP_SERVICES=1 runs what can be run without)"
    fi
}

initdb_path() {
    find /usr/lib/postgresql -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1
}

install_packages() {
    local missing=()
    command -v cc >/dev/null || missing+=(build-essential pkg-config)
    [[ -n $(initdb_path) ]] || missing+=(postgresql)
    command -v chromium >/dev/null || missing+=(chromium)
    "$python" -c 'import aiosmtpd' 2>/dev/null || missing+=(python3-aiosmtpd)
    "$python" -c 'import ensurepip' 2>/dev/null || missing+=(python3-venv)
    command -v prometheus-alertmanager >/dev/null || missing+=(prometheus-alertmanager)
    command -v node >/dev/null || missing+=(nodejs)
    command -v npm >/dev/null || missing+=(npm)
    command -v pdftotext >/dev/null || missing+=(poppler-utils)
    command -v prometheus >/dev/null || missing+=(prometheus)
    command -v soffice >/dev/null || missing+=(libreoffice-writer-nogui)
    if ((${#missing[@]} == 0)); then
        echo 'Debian packages: all there'
        return
    fi
    echo "Debian packages to install: ${missing[*]}"
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# install_npm FOLDER: what the folder's lock names, without install scripts.
install_npm() {
    local lock=$1/package-lock.json stamp=$1/node_modules/.installed-from
    if cmp -s "$lock" "$stamp"; then
        echo "$1: as locked"
        return
    fi
    npm ci --prefix "$1" --ignore-scripts --no-audit --no-fund
    cp "$lock" "$stamp"
}

# playwright-core drives Debian's chromium; it downloads no browser of its own and runs no install script.
install_browser_driver() {
    install_npm tests/browser
}

# oidc-provider is the provider that siaga signs in through; each test starts one of its own.
install_provider() {
    install_npm tests/provider
    export SIAGA_TEST_PROVIDER=$root/tests/provider/provider.mjs
}

# What exports are read back with: Debian has some of it, and not all.
install_readers() {
    local wanted=tests/support/requirements.txt venv=tests/support/.venv
    if ! cmp -s "$wanted" "$venv/.installed-from"; then
        "$python" -m venv "$venv"
        "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$wanted"
        cp "$wanted" "$venv/.installed-from"
    fi
    export SIAGA_TEST_PYTHON=$root/$venv/bin/python
    "$SIAGA_TEST_PYTHON" --version
}

install_nextest() {
    if cargo nextest --version >/dev/null 2>&1; then
        cargo nextest --version | head -n 1
    else
        env -u CARGO_TARGET_DIR cargo install --locked cargo-nextest --version "$nextest_version"
    fi
}

check_toolchain() {
    local tool
    command -v cargo >/dev/null || die 'needs a Rust toolchain (cargo is not on PATH; the version is in Cargo.toml)'
    for tool in fmt clippy; do
        cargo "$tool" --version >/dev/null 2>&1 || die "needs cargo $tool (rustup component add rustfmt clippy)"
    done
    cargo --version
}

# ── services ────────────────────────────────────────────────────────────────────────────────────────────────────

free_port() {
    "$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# setpriv's --pdeathsig ends the service even if this script is killed outright.
start_postgres() {
    local bin port password attempt tries
    local data=$work/postgres/data socket=$work/postgres
    local as_owner=(setpriv)
    bin=$(dirname "$(initdb_path)")
    unset "${!PG@}"                     # a developer's own PGHOST or PGUSER must not steer the tests
    password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    mkdir -m 700 "$work/postgres"
    (umask 077 && printf '%s' "$password" >"$work/postgres/password")
    if ((EUID == 0)); then              # PostgreSQL refuses to run as root
        as_owner+=(--reuid=postgres --regid=postgres --init-groups)
        chown -R postgres:postgres "$work/postgres"
    fi
    env --chdir="$socket" "${as_owner[@]}" --pdeathsig INT -- "$bin/initdb" --pgdata="$data" --username=siaga \
        --pwfile="$work/postgres/password" --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --no-sync \
        >"$work/postgres.log" 2>&1 || { cat "$work/postgres.log" >&2; die 'initdb failed'; }

    for attempt in 1 2 3 4 5; do        # somebody may take the port between the look and the start
        port=$(free_port)
        env --chdir="$socket" "${as_owner[@]}" --pdeathsig INT -- "$bin/postgres" -D "$data" -p "$port" \
            -c listen_addresses=127.0.0.1 -c unix_socket_directories="$socket" -c max_connections=200 \
            -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
            </dev/null >>"$work/postgres.log" 2>&1 &
        postgres_pid=$!
        for ((tries = 0; tries < 300; tries++)); do
            kill -0 "$postgres_pid" 2>/dev/null || break
            if "$bin/pg_isready" -q -h 127.0.0.1 -p "$port"; then
                PGPASSWORD=$password "$bin/createdb" -h 127.0.0.1 -p "$port" -U siaga siaga_test
                export SIAGA_TEST_POSTGRES_URL="postgres://siaga:$password@127.0.0.1:$port/siaga_test"
                echo "PostgreSQL $("$bin/postgres" --version | awk '{print $3}') on 127.0.0.1:$port"
                return
            fi
            sleep 0.1
        done
        stop "$postgres_pid" INT
        postgres_pid=
    done
    tail -n 20 "$work/postgres.log" >&2
    die "PostgreSQL did not start in $attempt attempts"
}

start_smtp() {
    local tries ports
    mkdir -m 700 "$work/mail"
    setpriv --pdeathsig TERM -- "$python" "$root/tests/support/smtp_server.py" "$work/mail" \
        </dev/null >"$work/smtp.ports" 2>"$work/smtp.log" &
    smtp_pid=$!
    for ((tries = 0; tries < 100; tries++)); do
        ports=()
        [[ -s $work/smtp.ports ]] && mapfile -t ports <"$work/smtp.ports"
        if ((${#ports[@]} == 3)); then
            export SIAGA_TEST_SMTP=127.0.0.1:${ports[0]}
            export SIAGA_TEST_SMTP_STARTTLS=127.0.0.1:${ports[1]}
            export SIAGA_TEST_SMTP_TLS=127.0.0.1:${ports[2]}
            export SIAGA_TEST_MAILDIR=$work/mail
            echo "mail server on $SIAGA_TEST_SMTP, STARTTLS on port ${ports[1]}, TLS on port ${ports[2]}"
            return
        fi
        kill -0 "$smtp_pid" 2>/dev/null || break
        sleep 0.1
    done
    cat "$work/smtp.log" >&2
    die 'the mail server did not start'
}

# Debian's Alertmanager, alone and telling nobody: the tests ask it what it was told.
start_alertmanager() {
    local port attempt tries
    local folder=$work/alertmanager
    mkdir -m 700 "$folder"
    printf 'route:\n  receiver: nobody\nreceivers:\n  - name: nobody\n' >"$folder/alertmanager.yml"
    for attempt in 1 2 3 4 5; do        # somebody may take the port between the look and the start
        port=$(free_port)
        setpriv --pdeathsig TERM -- prometheus-alertmanager --config.file="$folder/alertmanager.yml" \
            --storage.path="$folder/data" --web.listen-address="127.0.0.1:$port" --cluster.listen-address= \
            </dev/null >>"$work/alertmanager.log" 2>&1 &
        alertmanager_pid=$!
        for ((tries = 0; tries < 100; tries++)); do
            kill -0 "$alertmanager_pid" 2>/dev/null || break
            if (: >"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
                export SIAGA_TEST_ALERTMANAGER=http://127.0.0.1:$port
                echo "Alertmanager on $SIAGA_TEST_ALERTMANAGER"
                return
            fi
            sleep 0.1
        done
        stop "$alertmanager_pid" TERM
        alertmanager_pid=
    done
    tail -n 20 "$work/alertmanager.log" >&2
    die "Alertmanager did not start in $attempt attempts"
}

announce_browser() {
    SIAGA_TEST_CHROMIUM=$(command -v chromium)
    export SIAGA_TEST_CHROMIUM SIAGA_TEST_BROWSER=1
    node tests/browser/launch.mjs
}

# LibreOffice opens the circulars as an office does.
announce_office() {
    SIAGA_TEST_SOFFICE=$(command -v soffice)
    export SIAGA_TEST_SOFFICE
    echo "office: $SIAGA_TEST_SOFFICE"
}

# Prometheus reads siaga's numbers; each test starts one of its own.
announce_prometheus() {
    SIAGA_TEST_PROMETHEUS=$(command -v prometheus)
    export SIAGA_TEST_PROMETHEUS
    prometheus --version 2>&1 | head -n 1
}

make_work_folder() {
    work=$(mktemp -d /tmp/siaga-test.XXXXXX)    # short: a socket's path may have 107 characters at most
    chmod 711 "$work"
}

services() {
    step 'install what is missing' install_packages
    step 'install the browser driver' install_browser_driver
    step 'install the sign-in provider' install_provider
    step 'install what reads exports and tries the document' install_readers
    step 'start PostgreSQL' start_postgres
    step 'start the mail server' start_smtp
    step 'start Alertmanager' start_alertmanager
    step 'try the browser' announce_browser
    step 'find the office' announce_office
    step 'find Prometheus' announce_prometheus
}

# ── checks ──────────────────────────────────────────────────────────────────────────────────────────────────────

# A test dependency that adds a feature to a crate of the program would have most of it, polars included, built twice.
same_features() {
    local program tests twice
    program=$(cargo tree --locked -e normal,build --prefix none -f '{p} {f}' | sed 's/ (\*)$//' | sort -u)
    tests=$(cargo tree --locked -e normal,build,dev --prefix none -f '{p} {f}' | sed 's/ (\*)$//' | sort -u)
    twice=$(comm -13 <(printf '%s\n' "$program") <(printf '%s\n' "$tests") |
        while read -r name version rest; do
            if printf '%s\n' "$program" | grep -qF "$name $version "; then printf '%s %s: %s\n' "$name" "$version" "$rest"; fi
        done)
    [ -z "$twice" ] || die "test dependencies change the features of: $twice"
}

document() {
    RUSTDOCFLAGS='-D warnings' cargo doc --no-deps --document-private-items --locked
}

check_dependencies() {
    if command -v cargo-deny >/dev/null; then
        cargo deny check bans licenses sources
    else
        echo 'skipped: cargo-deny is not installed'
    fi
}

target_folder() {
    cargo metadata --no-deps --locked --format-version 1 | sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p'
}

# The program as a stranger runs it: an empty folder, no settings, none of the tests' variables.
smoke() {
    local target folder=$work/smoke
    cargo build --locked --bin siaga
    target=$(target_folder)
    mkdir "$folder"
    (
        cd "$folder"
        unset "${!SIAGA_@}"
        "$target/debug/siaga" demo --until 2021-06-28 --no-wait --fresh >summary.txt
    )
    cat "$folder/summary.txt"
    grep -q '^2021-06-28 wfh 4 ' "$folder/summary.txt" || die 'the demo does not end at 100% work from home'
}

# The unit, the archive, what they refuse; with the program that smoke has built.
packaging() {
    tests/packaging.sh "$(target_folder)/debug/siaga"
}

# ── main ────────────────────────────────────────────────────────────────────────────────────────────────────────

all_checks() {
    local profile=ci
    step 'toolchain' check_toolchain
    make_work_folder
    if [[ ${SKIP_SERVICES:-0} == 1 ]]; then
        echo 'SKIP_SERVICES=1: tests that need a service are skipped; the summary of nextest counts them'
        profile=default
    else
        services
    fi
    step 'install the test runner' install_nextest
    step 'one set of features' same_features
    step 'format' cargo fmt --check
    step 'lint' cargo clippy --all-targets --locked -- -D warnings
    step 'tests' cargo nextest run --locked --profile "$profile"
    step 'doc tests' cargo test --doc --locked
    step 'documentation' document
    step 'dependencies' check_dependencies
    step 'smoke: siaga demo' smoke
    step 'packaging' packaging
    printf '\n'
    printf '%s\n' "${durations[@]}"
    printf 'all checks passed in %d s\n' "$SECONDS"
}

case ${1-} in
    '') all_checks ;;
    --services-only)
        shift
        [[ ${1-} == -- ]] && shift
        (($# > 0)) || die 'usage: tests/run.sh --services-only -- COMMAND…'
        make_work_folder
        services
        step "$1" "$@"
        ;;
    *)
        sed -n '2,11s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
        [[ $1 == --help || $1 == -h ]] || exit 2
        ;;
esac
