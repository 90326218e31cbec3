#!/usr/bin/env bash
# Every parser under libFuzzer in turn. Usage: infra/fuzz.sh [TARGET…]; FUZZ_SECONDS each (300 unless told).
# Needs stable Rust and a C++ compiler. What it finds is kept in fuzz/artifacts; what it learns in fuzz/found,
# which is not in the tree: a finding that was fixed goes to fuzz/corpus/TARGET, where the tests replay it.
set -uo pipefail
cd "$(dirname "$0")/.."
seconds=${FUZZ_SECONDS:-300}
build=${FUZZ_BUILD:-${CARGO_TARGET_DIR:-target}/fuzz}
# The flags of cargo-fuzz, without its sanitisers: nothing here is unsafe.
export FUZZ_FLAGS="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=16"
RUSTC_WRAPPER=$PWD/infra/fuzz-rustc.sh CARGO_TARGET_DIR=$build cargo build --quiet --release --manifest-path fuzz/Cargo.toml || exit 1
program=$build/release/papers
targets=("$@")
[ ${#targets[@]} -gt 0 ] || mapfile -t targets < <(sed -n 's/^    ("\([a-z_]*\)", .*/\1/p' fuzz/src/targets.rs)
failed=0
for target in "${targets[@]}"; do
  mkdir -p "fuzz/found/$target" "fuzz/artifacts/$target" "fuzz/corpus/$target"
  log=fuzz/artifacts/$target/log
  if FUZZ_TARGET=$target "$program" "fuzz/found/$target" "fuzz/corpus/$target" -max_total_time="$seconds" \
    -timeout=10 -rss_limit_mb=1024 -max_len=20000 -artifact_prefix="fuzz/artifacts/$target/" -print_final_stats=1 >"$log" 2>&1; then
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    peak=$(sed -n 's/^stat::peak_rss_mb: *//p' "$log")
    echo "{\"fuzz\":\"$target\",\"seconds\":$seconds,\"runs\":${runs:-0},\"peak_mb\":${peak:-0},\"found\":0}"
  else
    failed=1
    echo "{\"fuzz\":\"$target\",\"found\":1,\"log\":\"$log\"}"
  fi
done
exit $failed
