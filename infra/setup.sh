#!/usr/bin/env bash
# Installs the system packages that are missing (Debian 12, Ubuntu 24.04), and nothing else.
# Usage: infra/setup.sh run|test     `test` adds what only tests and benchmarks use.
set -euo pipefail
cd "$(dirname "$0")/.."
purpose=${1:-run}

packages=(build-essential clang libclang-dev pkg-config ffmpeg libavcodec-dev libavformat-dev libavutil-dev libavfilter-dev libswscale-dev
  libswresample-dev libavdevice-dev ca-certificates curl libreoffice-writer-nogui)
if [ "$purpose" = test ]; then
  packages+=(postgresql postgresql-client chromium espeak-ng nginx-light wrk fonts-dejavu-core python3)
fi

installed=$(dpkg-query -W -f='${Package} ${db:Status-Status}\n' "${packages[@]}" 2>/dev/null || true)
missing=()
for package in "${packages[@]}"; do
  grep -qx "$package installed" <<<"$installed" || missing+=("$package")
done

if [ ${#missing[@]} -gt 0 ]; then
  as_root=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { echo "These packages are missing, and there is no sudo: ${missing[*]}" >&2; exit 1; }
    as_root=(sudo)
  fi
  echo "installing: ${missing[*]}" >&2
  "${as_root[@]}" apt-get update -qq
  # Installed services must not start by themselves (PostgreSQL, nginx): tests start their own.
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

for tool in cargo node npm; do
  command -v "$tool" >/dev/null || { echo "$tool is missing: install Rust (1.95 or newer) and Node (20 or newer) first" >&2; exit 1; }
done

if [ "$purpose" = test ]; then
  # Tools of the tests, kept outside the clone so that CI builds them once.
  tools=${LOPMO_TEST_TOOLS:-/var/tmp/lopmo-tools}
  if [ ! -x "$tools/bin/s3s-fs" ]; then
    echo "building s3s-fs, a small S3 server, once (about 3 minutes)" >&2
    CARGO_TARGET_DIR="$tools/target" cargo install --quiet --locked --debug --root "$tools" --version 0.14.1 --features binary s3s-fs
    rm -rf "$tools/target"
  fi
fi
