#!/usr/bin/env bash
# The product in containers, as its documents start it: `bash tools/containers/run.sh`. Its last line has the totals. Where no engine can be
# had, a download fails or all of it takes too long, nothing is tested, and it says so. It ends within 18 minutes, and took 7 on two busy cores.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# Seconds for the engine with its base images, for our images, and for the tests. Only the last says something about the product: what the
# Dockerfile's commands do is a test of its own, and how fast packages arrive is up to their registry.
readonly ENGINE_SECONDS=270 BUILD_SECONDS=240 TEST_SECONDS=360
readonly GIGABYTES=8

LAB=$(mktemp -d "${TMPDIR:-/tmp}/chatkit-relay-containers-XXXXXX")
export LAB

# Of these tests alone, as test/containers/compose-project.ts has them: a developer's own images and `.env` are no part of this.
export RELAY_IMAGE=chatkit-relay:test RELAY_MIGRATE_IMAGE=chatkit-relay-migrate:test
export COMPOSE_DISABLE_ENV_FILE=1 COMPOSE_FILE=docker-compose.yml:test/containers/without-env.yml
readonly PROJECTS=(chatkit-relay-test chatkit-relay-wrong)

# Tests that were ended remove nothing themselves.
remove_projects() {
  local project
  for project in "${PROJECTS[@]}"; do timeout --kill-after=5 30 docker compose -p "$project" down -v --remove-orphans --timeout 5; done
  timeout --kill-after=5 20 docker image rm --force "$RELAY_IMAGE" "$RELAY_MIGRATE_IMAGE"
}

finish() {
  [[ -z $has_engine ]] || remove_projects >/dev/null 2>&1
  bash tools/containers/engine.sh stop
  rm -rf --one-file-system "$LAB"
}
has_engine=
trap finish EXIT
trap 'exit 130' INT TERM

skip() {
  printf '\n!!! SKIPPED: the container tests did not run: %s\n\n0 passed, 0 failed, 1 skipped\n' "$*"
  exit 0
}

free=$(df --output=avail -B 1G "$LAB" | tail -1)
((free >= GIGABYTES)) || skip "$LAB has less than $GIGABYTES GB left"

variables=$(timeout --kill-after=10 "$ENGINE_SECONDS" bash tools/containers/engine.sh start 2> >(tee "$LAB/start.log" >&2))
case $? in
  0) eval "$variables" && has_engine=yes ;;
  124 | 137) skip "the engine and its images were not there within $ENGINE_SECONDS s" ;;
  *) skip "$(tail -1 "$LAB/start.log")" ;;
esac

# Apart from the tests, because a registry that does not answer is no failure of theirs.
readonly NETWORK='npm error (code E(5[0-9][0-9]|AI_AGAIN|CONNREFUSED|CONNRESET|NOTFOUND|TIMEDOUT|NETUNREACH)|network)|Could not resolve|failed to resolve source metadata'
build=$LAB/build.log
DOCKER_BUILDKIT=1 timeout --kill-after=10 "$BUILD_SECONDS" docker compose --progress plain build >"$build" 2>&1
code=$?
if ((code == 124 || code == 137)); then
  skip "our images were not built within $BUILD_SECONDS s"
elif ((code != 0)); then
  ! grep -qE "$NETWORK" "$build" || skip 'the registry did not answer while the image was built'
  { grep -iE 'error' "$build" | head -20 && tail -20 "$build"; } | sed -E 's#https?://[^/ ]+#(host)#g'
  printf '\nThe images could not be built.\n0 passed, 1 failed\n'
  exit 1
fi

CONTAINERS=true timeout --kill-after=20 "$TEST_SECONDS" node tools/test.mjs --project containers
code=$?
if ((code == 124 || code == 137)); then
  printf '\nThe container tests did not end within %s s.\n0 passed, 1 failed\n' "$TEST_SECONDS"
fi
exit "$code"
