#!/bin/sh
# Installs the Debian packages that the tests and the benchmarks need, if they are missing:
#   redis-server   a real Redis, for the state that workers share
#   chromium       a real browser, for the sandbox's page and the agent's panel
set -eu

missing=""
command -v redis-server >/dev/null 2>&1 || missing="$missing redis-server"
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
if [ -z "$missing" ]; then
  echo "redis-server and chromium are installed."
  exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
  echo "Missing:$missing. There is no apt-get: install Redis 7 or later and Chromium yourself." >&2
  exit 1
fi
as_root=""
if [ "$(id -u)" -ne 0 ]; then as_root="sudo"; fi
echo "Installing with apt-get:$missing"
$as_root apt-get update -qq
# The Redis service is not started: the tests start their own servers on free ports.
# shellcheck disable=SC2086 # a list of words
$as_root env RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive \
  apt-get install -y -qq --no-install-recommends $missing
