#!/usr/bin/env bash
# Runs a command with a throwaway PostgreSQL and S3 server beside it, unless the environment names some already.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d /tmp/lopmo-services.XXXXXX)
chmod 755 "$folder"
stop() {
  if [ -e "$folder/postgres/started" ]; then "$here/test-postgres.sh" stop "$folder/postgres" || true; fi
  if [ -e "$folder/s3/started" ]; then "$here/test-s3.sh" stop "$folder/s3" || true; fi
  rm -rf "$folder"
}
trap stop EXIT
free_port() { node -e 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})'; }
if [ -z "${LOPMO_TEST_POSTGRES:-}" ]; then
  mkdir "$folder/postgres"
  LOPMO_TEST_POSTGRES=$(LOPMO_TEST_POSTGRES_PORT=$(free_port) "$here/test-postgres.sh" start "$folder/postgres")
  export LOPMO_TEST_POSTGRES
  touch "$folder/postgres/started"
fi
if [ -z "${LOPMO_TEST_S3:-}" ]; then
  mkdir "$folder/s3"
  LOPMO_TEST_S3=$(LOPMO_TEST_S3_PORT=$(free_port) "$here/test-s3.sh" start "$folder/s3")
  export LOPMO_TEST_S3
  touch "$folder/s3/started"
fi
"$@"
