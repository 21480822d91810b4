#!/usr/bin/env bash
# Builds and tags the images of a release, and writes its bill of materials:
#   tools/release/images.sh NAME                         for this machine's processor, kept in its engine
#   tools/release/images.sh NAME --push                  for PLATFORMS (linux/amd64,linux/arm64), into a registry
# NAME is registry and repository, `registry.example.com/chatkit-relay`; the migration's image is NAME-migrate. The version is that of
# package.json, the revision the commit, and the time the commit's, so that the same commit gives the same labels.
# Tags: 1.4.2, 1.4 and latest; a version with a suffix (1.5.0-rc.1) gets only its own.
# It refuses while prisma/compat/<version>.json is older than the newest migration (`npm run compatibility`).
# OUT (release) is the folder of sbom.cdx.json (CycloneDX) and sbom.spdx.json (SPDX), made of package-lock.json.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

name=${1:-}
mode=${2:---load}
out=${OUT:-release}
[[ -n $name && ($mode = --push || $mode = --load) ]] || {
  sed -n '2,/^set/{/^#/p}' "${BASH_SOURCE[0]}" | sed 's/^# \{0,1\}//'
  exit 2
}
[[ -z $(git status --porcelain) ]] || {
  echo 'The checkout has changes that are not committed: a release is of a commit.' >&2
  exit 1
}

version=$(node -p "require('./package.json').version")
# What the next version's migrations must leave usable.
used=prisma/compat/$version.json
migrated=$(git log -1 --format=%H -- prisma/migrations)
written=$(git log -1 --format=%H -- "$used")
[[ -n $written ]] && git merge-base --is-ancestor "$migrated" "$written" || {
  echo "$used is missing or older than the newest migration: npm run compatibility, and commit it." >&2
  exit 1
}
revision=$(git rev-parse HEAD)
created=$(TZ=UTC git log -1 --date=format-local:%Y-%m-%dT%H:%M:%SZ --format=%cd)
tags=("$version")
[[ $version == *-* ]] || tags+=("${version%.*}" latest)

mkdir -p "$out"
for format in cyclonedx:cdx spdx:spdx; do
  npm sbom --package-lock-only --omit=dev --sbom-format="${format%%:*}" >"$out/sbom.${format##*:}.json"
done

build() {
  local image=$1 tag
  shift
  local args=(--build-arg "VERSION=$version" --build-arg "REVISION=$revision" --build-arg "CREATED=$created")
  [[ -z ${NODE_IMAGE:-} ]] || args+=(--build-arg "NODE_IMAGE=$NODE_IMAGE")
  [[ $mode = --load ]] || args+=(--platform "${PLATFORMS:-linux/amd64,linux/arm64}")
  for tag in "${tags[@]}"; do args+=(--tag "$image:$tag"); done
  docker buildx build "$mode" "${args[@]}" "$@" .
  printf '%s\n' "${tags[@]/#/$image:}"
}

build "$name"
build "$name-migrate" --target migrate
