#!/bin/sh
# Brings the Debian packages that the tests and the benchmarks need, where they are missing:
#   redis-server   a real Redis, for the state that workers share
set -eu

if command -v redis-server >/dev/null 2>&1; then
  echo "redis-server is there: $(redis-server --version)"
  exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
  echo "redis-server is missing, and so is apt-get: install Redis 7 or later by hand." >&2
  exit 1
fi
as_root=""
if [ "$(id -u)" -ne 0 ]; then as_root="sudo"; fi
echo "Installing redis-server with apt-get."
$as_root apt-get update -qq
# Its own service is not wanted: the tests start their own, on free ports.
$as_root env RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive \
  apt-get install -y -qq --no-install-recommends redis-server
redis-server --version
