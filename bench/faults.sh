#!/usr/bin/env bash
# Three replicas on one PostgreSQL server with a standby: killed outright at any moment, the server too, one cut off; fifty rounds of
# tests/it/replica_faults.rs, which fails if anything is lost or done twice. Prints one table. Needs Debian's postgresql.
#
#   bench/faults.sh [ROUNDS]
#
# Everything is on loopback, in folders of its own; what it starts it stops.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
rounds=${1:-50}
[[ $rounds =~ ^[1-9][0-9]{0,3}$ ]] || { echo 'bench/faults.sh: write how many rounds, 1 to 9999' >&2; exit 2; }
export SIAGA_FAULT_ROUNDS=$rounds
cargo test --locked --test it needs_postgres_three_replicas_and_a_server_that_fail_lose_nothing -- --nocapture |
    sed -n '/^seed /,/once more with the same key$/p'
