#!/usr/bin/env bash
# Starts a throwaway S3 server for the tests and prints its address. Keys: lopmo / lopmo-secret, bucket lopmo-test.
# Usage: infra/test-s3.sh start|stop FOLDER
set -euo pipefail
action=$1
folder=$2
tools=${LOPMO_TEST_TOOLS:-/var/tmp/lopmo-tools}
port=${LOPMO_TEST_S3_PORT:-54330}
case $action in
  start)
    mkdir -p "$folder/objects/lopmo-test"
    if ! { [ -f "$folder/pid" ] && kill -0 "$(cat "$folder/pid")" 2>/dev/null; }; then
      "$tools/bin/s3s-fs" --host 127.0.0.1 --port "$port" --access-key lopmo --secret-key lopmo-secret "$folder/objects" \
        >"$folder/log" 2>&1 </dev/null &
      echo $! >"$folder/pid"
      # Until it accepts connections; a server that ended says why.
      until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
        kill -0 "$(cat "$folder/pid")" 2>/dev/null || { cat "$folder/log" >&2; exit 1; }
        sleep 0.05
      done
    fi
    echo "http://127.0.0.1:$port"
    ;;
  stop)
    kill "$(cat "$folder/pid")"
    rm -f "$folder/pid"
    ;;
esac
