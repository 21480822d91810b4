#!/usr/bin/env bash
# The product in containers, as its documents start it: `bash tools/containers/run.sh`. Its last line has the totals. Where no engine can be
# had, or a download fails, nothing is tested, and it says so.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

LAB=$(mktemp -d "${TMPDIR:-/tmp}/chatkit-relay-containers-XXXXXX")
export LAB

finish() {
  bash tools/containers/engine.sh stop
  rm -rf "$LAB"
}
trap finish EXIT
trap 'exit 130' INT TERM

skip() {
  printf '\n!!! SKIPPED: the container tests did not run: %s\n\n0 passed, 0 failed, 1 skipped\n' "$*"
  exit 0
}

variables=$(bash tools/containers/engine.sh start 2> >(tee "$LAB/start.log" >&2)) || skip "$(tail -1 "$LAB/start.log")"
eval "$variables"

# Apart from the tests, because a registry that does not answer is no failure of theirs.
readonly NETWORK='npm error (code E(5[0-9][0-9]|AI_AGAIN|CONNREFUSED|CONNRESET|NOTFOUND|TIMEDOUT|NETUNREACH)|network)|Could not resolve|failed to resolve source metadata'
build=$LAB/build.log
if ! DOCKER_BUILDKIT=1 docker compose --progress plain build >"$build" 2>&1; then
  ! grep -qE "$NETWORK" "$build" || skip 'the registry did not answer while the image was built'
  { grep -iE 'error' "$build" | head -20 && tail -20 "$build"; } | sed -E 's#https?://[^/ ]+#(host)#g'
  printf '\nThe images could not be built.\n0 passed, 1 failed\n'
  exit 1
fi

CONTAINERS=true node tools/test.mjs --project containers
