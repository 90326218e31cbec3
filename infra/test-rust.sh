#!/usr/bin/env bash
# All Rust tests; nextest where it is installed, since it shows one closing line.
set -euo pipefail
cd "$(dirname "$0")/.."
if cargo nextest --version >/dev/null 2>&1; then
  cargo nextest run --workspace --no-fail-fast --status-level fail --final-status-level fail
else
  cargo test --workspace --no-fail-fast --quiet
fi
