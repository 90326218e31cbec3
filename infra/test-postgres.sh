#!/usr/bin/env bash
# Starts a throwaway PostgreSQL for the tests and prints its URL.
# Usage: infra/test-postgres.sh start|stop FOLDER   (a superuser's process may not run it, so root becomes "postgres")
set -euo pipefail
action=$1
folder=$2
bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
as_owner() {
  if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}
case $action in
  start)
    mkdir -p "$folder"
    if [ "$(id -u)" = 0 ]; then chown postgres "$folder"; fi
    if [ ! -f "$folder/data/PG_VERSION" ]; then
      as_owner "$bin/initdb" -D "$folder/data" -U lopmo --auth=trust --encoding=UTF8 --locale=C.UTF-8 >"$folder/initdb.log"
    fi
    port=${LOPMO_TEST_POSTGRES_PORT:-54329}
    if ! as_owner "$bin/pg_ctl" -D "$folder/data" status >/dev/null; then
      # Durability is tested on its own; here the tests need speed. Benches of durable writes set it on.
      as_owner "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/postgres.log" \
        -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$folder -c fsync=${LOPMO_TEST_POSTGRES_FSYNC:-off} -c max_connections=300" start >/dev/null
    fi
    echo "postgres://lopmo@127.0.0.1:$port/postgres"
    ;;
  stop)
    as_owner "$bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null
    ;;
esac
