#!/bin/sh
# Brings the Debian packages that the tests and the benchmarks need, where they are missing:
#   redis-server   a real Redis, for the state that workers share
#   chromium       a real browser, for the sandbox's page and the agent's panel
set -eu

wanted=""
command -v redis-server >/dev/null 2>&1 || wanted="$wanted redis-server"
command -v chromium >/dev/null 2>&1 || wanted="$wanted chromium"
if [ -z "$wanted" ]; then
  echo "redis-server and chromium are there."
  exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
  echo "Missing:$wanted, and so is apt-get: install Redis 7 or later, and Chromium, by hand." >&2
  exit 1
fi
as_root=""
if [ "$(id -u)" -ne 0 ]; then as_root="sudo"; fi
echo "Installing with apt-get:$wanted"
$as_root apt-get update -qq
# Redis' own service is not wanted: the tests start their own, on free ports.
# shellcheck disable=SC2086 # a list of words
$as_root env RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive \
  apt-get install -y -qq --no-install-recommends $wanted
