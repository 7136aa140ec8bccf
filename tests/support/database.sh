#!/usr/bin/env bash
# A PostgreSQL server of a test's own, which the test may stop and start again.
#
#   tests/support/database.sh make FOLDER     a new cluster; starts it; prints its address
#   tests/support/database.sh restart FOLDER  as if the machine had failed: nobody is waited for
#   tests/support/database.sh down FOLDER     the same, and it stays down
#   tests/support/database.sh up FOLDER       starts it again, on the port it had
#   tests/support/database.sh standby FOLDER OF
#                                             a hot standby of the server in the folder OF; starts it; prints its address
#   tests/support/database.sh promote FOLDER  the standby becomes a server of its own
#   tests/support/database.sh freeze FOLDER   it hangs: every process of it is held
#   tests/support/database.sh thaw FOLDER     it goes on
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

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])' >"$folder/port"
}

# all SIGNAL: to the server and to every process that it has started.
all() {
    local server
    server=$(head -n 1 "$data/postmaster.pid")
    # shellcheck disable=SC2046  # one id a word
    kill "-$1" "$server" $(ps -o pid= --ppid "$server")
}

case $what in
    make)
        unset "${!PG@}"
        password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
        printf '%s' "$password" >"$folder/password"
        free_port
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
    standby)
        unset "${!PG@}"
        of=$3 password=$(cat "$3/password")
        cp "$of/password" "$folder/password"
        free_port
        if ((EUID == 0)); then chown -R postgres:postgres "$folder"; fi
        as_owner "$bin/pg_basebackup" --pgdata="$data" --write-recovery-conf --wal-method=stream --checkpoint=fast --no-sync \
            --dbname="host=127.0.0.1 port=$(cat "$of/port") user=siaga password=$password"
        as_owner tee -a "$data/postgresql.conf" >/dev/null <<<"unix_socket_directories = '$folder'"
        up
        echo "postgres://siaga:$password@127.0.0.1:$(cat "$folder/port")/siaga"
        ;;
    promote) as_owner "$bin/pg_ctl" -D "$data" -w -t 60 promote >/dev/null ;;
    freeze) all STOP ;;
    thaw) all CONT ;;
    restart)
        as_owner "$bin/pg_ctl" -D "$data" -w -t 60 -m immediate stop >/dev/null
        up
        ;;
    end)
        all CONT
        as_owner "$bin/pg_ctl" -D "$data" -w -t 60 -m immediate stop >/dev/null
        ;;
    down) as_owner "$bin/pg_ctl" -D "$data" -w -t 60 -m immediate stop >/dev/null ;;
    up) up ;;
    *)
        sed -n '2,14s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
        exit 2
        ;;
esac
