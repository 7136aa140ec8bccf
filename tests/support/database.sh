#!/usr/bin/env bash
# A PostgreSQL server of a test's own, which the test may stop and start again.
#
#   tests/support/database.sh make FOLDER     a new cluster; starts it; prints its address
#   tests/support/database.sh restart FOLDER  as if the machine had failed: nobody is waited for
#   tests/support/database.sh down FOLDER     the same, and it stays down
#   tests/support/database.sh up FOLDER       starts it again, on the port it had
#   tests/support/database.sh end FOLDER      stops it for good
set -euo pipefail

what=$1 folder=$2
bin=$(dirname "$(find /usr/lib/postgresql -path '*/bin/initdb' | sort -V | tail -n 1)")
data=$folder/data

as_owner() {
    if ((EUID == 0)); then              # PostgreSQL refuses to run as root
        env --chdir="$folder" setpriv --reuid=postgres --regid=postgres --init-groups -- "$@"
    else
        env --chdir="$folder" "$@"
    fi
}

up() {
    as_owner "$bin/pg_ctl" -D "$data" -l "$folder/log" -w -t 60 -o "-p $(cat "$folder/port")" start >/dev/null
}

case $what in
    make)
        unset "${!PG@}"
        password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
        printf '%s' "$password" >"$folder/password"
        python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])' >"$folder/port"
        if ((EUID == 0)); then chown -R postgres:postgres "$folder"; fi
        as_owner "$bin/initdb" --pgdata="$data" --username=siaga --pwfile="$folder/password" --auth=scram-sha-256 \
            --encoding=UTF8 --locale=C.UTF-8 --no-sync >/dev/null
        as_owner tee -a "$data/postgresql.conf" >/dev/null <<END
listen_addresses = '127.0.0.1'
unix_socket_directories = '$folder'
max_connections = 100
END
        up
        port=$(cat "$folder/port")
        PGPASSWORD=$password "$bin/createdb" -h 127.0.0.1 -p "$port" -U siaga siaga
        echo "postgres://siaga:$password@127.0.0.1:$port/siaga"
        ;;
    restart)
        as_owner "$bin/pg_ctl" -D "$data" -w -t 60 -m immediate stop >/dev/null
        up
        ;;
    down | end) as_owner "$bin/pg_ctl" -D "$data" -w -t 60 -m immediate stop >/dev/null ;;
    up) up ;;
    *)
        sed -n '2,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
        exit 2
        ;;
esac
