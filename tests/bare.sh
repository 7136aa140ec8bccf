#!/usr/bin/env bash
# README's two commands on a Debian 12 that has nothing but what README asks for: its packages and a Rust toolchain.
#
#   tests/bare.sh               make demo, then make test
#   tests/bare.sh demo          make demo: to its first page, on to 28 June 2021 at 100% work from home, stopped by Ctrl-C
#   tests/bare.sh test          make test
#   tests/bare.sh services      the beginning of make test: what is missing is installed, the services start, the browser is tried
#
#   BARE_MINUTES=N              the longest that one command may take (180)
#   BARE_FOLDER=PATH            where the machine's root is made, some 6 GB for make demo, 13 for both (/var/tmp)
#   BARE_TARGET=PATH            a folder for what cargo builds that outlives the run; for trying the script, since a bare machine has none
#
# Needs root and Debian's debootstrap. The root is made of what apt is set to, the project is a clone of the last commit, the toolchain
# is the one that builds the checkout. How apt, cargo, npm and pip reach the outside is taken over from this machine and never
# printed. Mounts and processes are in namespaces of their own and end with the script; the root is removed.
set -euo pipefail

self=$(realpath "${BASH_SOURCE[0]}")
checkout=$(dirname "$(dirname "$self")")
minutes=${BARE_MINUTES:-180}

die() {
    printf 'tests/bare.sh: %s\n' "$*" >&2
    exit 1
}

# ── the machine ─────────────────────────────────────────────────────────────────────────────────────────────────

# The repositories of Debian 12 that apt is set to: address and suite.
repositories() {
    # shellcheck disable=SC2016
    apt-get indextargets --format '$(ORIGIN) $(REPO_URI) $(RELEASE)' 'Created-By: Packages' |
        awk '$1 == "Debian" && $3 ~ /^bookworm(-updates|-security)?$/ { print $2, $3 }' | sort -u
}

# What README has installed first.
wanted_packages() {
    git -C "$checkout" show HEAD:README.md | sed -n 's/.*apt-get install -y \([a-z0-9 -]*\).*/\1/p' | head -n 1
}

make_root() {
    local mirror
    mirror=$(repositories | awk '$2 == "bookworm" { print $1; exit }')
    [[ -n $mirror ]] || die 'apt knows no repository of Debian 12 (bookworm); run apt-get update, or run this on a Debian 12'
    debootstrap --variant=minbase bookworm "$root" "$mirror" >"$work/debootstrap.log" 2>&1 ||
        { tail -n 20 "$work/debootstrap.log" >&2; die 'debootstrap failed'; }
    repositories | sed 's/^/deb /; s/$/ main/' >"$root/etc/apt/sources.list"
    apt-config dump Acquire >"$root/etc/apt/apt.conf.d/99acquire"
    # Nothing that is installed starts by itself: ports are this machine's.
    printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
    chmod 755 "$root/usr/sbin/policy-rc.d"
    cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
}

# take_over FROM TO: a settings file of this machine, if there is one.
take_over() {
    if [[ -f $1 ]]; then install -D -m 600 "$1" "$root$2"; fi
}

# What this machine says about the way to the outside: files, and variables for the commands in $outside.
take_over_the_way_out() {
    local name cargo=${CARGO_HOME:-$HOME/.cargo}
    take_over "$cargo/config.toml" /root/.cargo/config.toml
    take_over /etc/pip.conf /etc/pip.conf
    take_over "$HOME/.config/pip/pip.conf" /root/.config/pip/pip.conf
    take_over "$HOME/.npmrc" /root/.npmrc
    for name in $(compgen -e); do
        case $name in
            *_TOKEN) continue ;;    # what opens a door to write through is nobody's way out
            *_proxy | *_PROXY | CARGO_NET_* | CARGO_HTTP_* | CARGO_REGISTR* | CARGO_SOURCE_* | PIP_* | npm_config_* | NPM_CONFIG_* | \
                SSL_CERT_FILE | CURL_CA_BUNDLE | GIT_SSL_CAINFO | REQUESTS_CA_BUNDLE | NODE_EXTRA_CA_CERTS) ;;
            *) continue ;;
        esac
        if [[ -f ${!name} ]]; then
            install -D -m 644 "${!name}" "$root/etc/taken-over/$name"
            outside+=("$name=/etc/taken-over/$name")
        else
            outside+=("$name=${!name}")
        fi
    done
}

put_in_toolchain() {
    local toolchain
    toolchain=$(cd "$checkout" && rustc --print sysroot)
    [[ -x $toolchain/bin/cargo ]] || die "the Rust toolchain in $toolchain has no cargo"
    mkdir -p "$root/opt/rust" "$root/root/.cargo"
    mount --bind "$toolchain" "$root/opt/rust"
    mount -o remount,bind,ro "$root/opt/rust"
    if [[ -n ${BARE_TARGET:-} ]]; then
        mkdir -p "$BARE_TARGET" "$root/target"
        mount --bind "$BARE_TARGET" "$root/target"
        outside+=(CARGO_TARGET_DIR=/target)
    fi
}

put_in_project() {
    commit=$(git -C "$checkout" rev-parse --short HEAD)
    git -C "$checkout" bundle create -q "$root/root/siaga.bundle" HEAD
    in_root git -c advice.detachedHead=false clone -q /root/siaga.bundle /root/siaga || die 'the project cannot be cloned'
    rm "$root/root/siaga.bundle"
    [[ -z $(git -C "$checkout" status --porcelain) ]] || echo 'what is not committed is not tried'
}

# The way into the root, in the project once it is there, with nothing of this machine's environment but the way out: $into.
find_way_in() {
    local folder=/root
    [[ ! -d $root/root/siaga ]] || folder=/root/siaga
    into=(timeout --kill-after=30 "${minutes}m" chroot "$root" /usr/bin/env -i --chdir="$folder" HOME=/root LANG=C.UTF-8 TERM=dumb
        PATH=/opt/rust/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "${outside[@]}")
}

# in_root COMMAND… runs in the root.
in_root() {
    local into
    find_way_in
    "${into[@]}" "$@"
}

install_wanted() {
    local packages
    read -ra packages <<<"$(wanted_packages)"
    ((${#packages[@]} > 0)) || die 'README.md does not say what to install first (apt-get install -y …)'
    in_root apt-get update -qq >"$work/apt.log" 2>&1 &&
        in_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${packages[@]}" >>"$work/apt.log" 2>&1 ||
        { tail -n 20 "$work/apt.log" >&2; die "cannot install ${packages[*]}"; }
    echo "as README says: ${packages[*]}"
}

# ── the commands ────────────────────────────────────────────────────────────────────────────────────────────────

# fetch ADDRESS PATH: what a server on loopback answers, with its head.
fetch() {
    local host=${1#http://}
    (
        exec 3<>"/dev/tcp/${host%:*}/${host#*:}"
        printf 'GET %s HTTP/1.0\r\nHost: %s\r\n\r\n' "$2" "$host" >&3
        timeout 10 cat <&3
    ) 2>/dev/null
}

# Waits until the demonstration answers PATH with WORDS, or ends by itself.
until_it_says() {
    local path=$1 words=$2
    until [[ -n $address ]] && fetch "$address" "$path" | tr -d '\r' | grep -q -- "$words"; do
        kill -0 "$demo" 2>/dev/null || return 1
        sleep 0.5
        address=$(grep -om1 'http://127\.0\.0\.1:[0-9]*' "$work/demo.log") || address=
    done
}

# Waits until nobody lets anybody in any more, at most a minute. Whoever lets in and says nothing has not ended.
has_ended() {
    local try host=${address#http://}
    for ((try = 0; try < 120; try++)); do
        (exec 3<>"/dev/tcp/${host%:*}/${host#*:}") 2>/dev/null || return 0
        sleep 0.5
    done
    return 1
}

# `make demo` as a person runs it: opened once it prints an address, watched until the level has climbed, stopped by Ctrl-C.
try_demo() {
    local into demo address='' status=0
    find_way_in
    "${into[@]}" make demo >"$work/demo.log" 2>&1 &
    demo=$!
    if until_it_says / '^HTTP/1.[01] 200'; then
        echo "== the first page after $(minutes_of $((SECONDS - begun))) minutes"
    fi
    if until_it_says /api/v1/assessments/latest '"mode": *"wfh"'; then
        echo "== 100% work from home after $(minutes_of $((SECONDS - begun))) minutes"
        # To all that was started, as a terminal does: timeout passes it on to its group.
        kill -INT "$demo"
        wait "$demo" || status=$?
        # make says that it was interrupted, however siaga ended: that is read from what siaga said, and from its silence.
        if ((status == 130)); then status=0; fi
        has_ended || { echo "siaga still answers at $address" >&2; status=1; }
        if grep -q 'ERROR\|panicked\|^make: .*\] Error [0-9]' "$work/demo.log"; then status=1; fi
        return "$status"
    fi
    wait "$demo" || status=$?
    return $((status == 0 ? 1 : status))
}

# `make test`, its headings as they come.
try_test() { headings make test; }
try_services() { headings tests/run.sh --services-only -- true; }

headings() {
    in_root "$@" 2>&1 | tee "$work/$name.log" | { grep --line-buffered '^== .*: [0-9]* s$' || true; }
}

minutes_of() { awk -v seconds="$1" 'BEGIN { printf "%.1f", seconds / 60 }'; }

megabytes() { du -smx --exclude="$root/target" --exclude="$root/opt/rust" "$root" | cut -f1; }

# try NAME: a row of the table; what it printed last, if it fails.
try() {
    local name=$1 begun=$SECONDS status=0 result=passed
    echo "== ${commands[$name]}"
    { time "try_$name"; } 2>"$work/times" || status=$?
    if ((status == 124 || status == 137)); then result="stopped after $minutes minutes"; elif ((status)); then result="failed ($status)"; fi
    if ((status)); then failed=1; tail -n 40 "$work/$name.log" >&2; fi
    rows+=("$(printf '%-46s %-26s %8s %12s %8s' "${commands[$name]}" "$result" \
        "$(minutes_of "$(sed -n 's/^real //p' "$work/times")")" \
        "$(minutes_of "$(awk '/^(user|sys) / { sum += $2 } END { print sum }' "$work/times")")" "$(megabytes)")")
}

declare -A commands=([demo]='make demo' [test]='make test' [services]='tests/run.sh --services-only -- true')

# What runs in the namespaces: nothing that is mounted or started here outlives it.
inside() {
    local outside=() rows=() failed=0 name commit
    TIMEFORMAT=$'real %R\nuser %U\nsys %S'
    work=$1
    root=$work/root
    shift
    make_root
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount --rbind /sys "$root/sys"
    take_over_the_way_out
    put_in_toolchain
    install_wanted
    put_in_project
    printf 'Debian %s, %s, %s MB before the first command\n' "$(cat "$root/etc/debian_version")" "$(in_root rustc --version)" "$(megabytes)"
    for name in "$@"; do try "$name"; done
    printf '\n%-46s %-26s %8s %12s %8s\n' "$commit on a bare Debian 12" result minutes 'CPU minutes' MB
    printf '%s\n' "${rows[@]}"
    return "$failed"
}

# ── main ────────────────────────────────────────────────────────────────────────────────────────────────────────

if [[ ${1-} == --inside ]]; then
    shift
    inside "$@"
    exit
fi
(($# > 0)) || set -- demo test
for name in "$@"; do
    [[ -n ${commands[$name]-} ]] || { sed -n '2,11s/^# \{0,1\}//p' "$self"; [[ $name == --help || $name == -h ]] && exit; exit 2; }
done
[[ $minutes =~ ^[1-9][0-9]{0,3}$ ]] || die "BARE_MINUTES=$minutes is not a number of minutes, 1 to 9999"
((EUID == 0)) || die 'needs root, to make a root of another machine (debootstrap, chroot)'
for name in debootstrap git rustc unshare; do
    command -v "$name" >/dev/null || die "needs $name"
done
work=$(mktemp -d "${BARE_FOLDER:-/var/tmp}/siaga-bare.XXXXXX")
machine=
finish() {
    # With it everything in its namespaces ends; then nothing is mounted any more.
    [[ -z $machine ]] || { kill -KILL "$machine" && wait "$machine"; } 2>/dev/null || true
    rm -rf --one-file-system -- "$work"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
# Behind the script, so that it hears of a signal at once.
unshare --mount --pid --fork --kill-child=KILL -- "$BASH" "$self" --inside "$work" "$@" &
machine=$!
status=0
wait "$machine" || status=$?
machine=
exit "$status"
