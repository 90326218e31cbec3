#!/usr/bin/env bash
# Every figure of the whole binary, one JSON object a line. Usage: infra/bench/all.sh PATH/TO/lopmo (a release build)
# The ladder, the search and the lists of a province are measured by benches of their crates, which are run here too.
set -uo pipefail
cd "$(dirname "$0")/../.."
export LOPMO_BENCH_BINARY=$1
export PATH=$PWD/frontend/node_modules/.bin:$PATH
failed=0
for figure in start upload segments pages sitting; do
  node "infra/bench/$figure.mjs" || { failed=1; echo "{\"bench\":\"$figure\",\"error\":\"did not finish\"}"; }
done
if [ -z "${LOPMO_BENCH_QUICK:-}" ]; then
  node infra/bench/lecture.mjs || { failed=1; echo '{"bench":"lecture","error":"did not finish"}'; }
  cargo bench --quiet -p media --bench ladder || failed=1
  cargo bench --quiet -p search --bench search || failed=1
  cargo bench --quiet -p papers --bench reading || failed=1
  cargo bench --quiet -p questions --bench bank || failed=1
  cargo bench --quiet -p scoring --bench marking || failed=1
  cargo bench --quiet -p content --bench province || failed=1
  cargo bench --quiet -p identity --bench province || failed=1
  cargo bench --quiet -p rehearsal --bench load || failed=1
  # It mounts a file system and cuts its power.
  if [ "$(id -u)" = 0 ]; then cargo bench --quiet -p rehearsal --bench survive || failed=1
  else echo '{"bench":"survive","error":"needs root"}'; fi
fi
exit $failed
