#!/usr/bin/env bash
# A Docker engine with Compose and the images that the product builds on, for the container tests:
#   engine.sh start     prints the variables to use it, as lines of a shell; exit code 3 and a reason where there can be none
#   engine.sh stop      stops what `start` started, and puts the machine's network back
# An engine that runs here is used as it is, or not at all: it is given no image that is not what its name says, and no second engine is
# started beside it, which would share its bridge and its rules. Without one, as root on a Debian, Debian's own is started, with everything
# it keeps in LAB. There, images that cannot be pulled are replaced by stand-ins, made by debootstrap of Debian's packages: the same commands,
# variables, users and folders, so that the Dockerfile and the compose file work with them unchanged.
set -euo pipefail

LAB=${LAB:-${TMPDIR:-/tmp}/chatkit-relay-containers}
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly LAB HERE POLICY=/usr/sbin/policy-rc.d OWN_HOST=unix://$LAB/docker.sock
source "$HERE/debian.sh"
source "$HERE/network.sh"
# Of the compose file's syntax.
readonly COMPOSE_AT_LEAST=2.24.0
# The release with such a Compose, and Postgres 18.
readonly NEWER=forky
readonly NODE=node:24-bookworm-slim POSTGRES=postgres:18-bookworm REDIS=redis:7-bookworm

say() { printf '%(%H:%M:%S)T  %s\n' -1 "$*" >&2; }
unavailable() {
  echo "$*" >&2
  exit 3
}
# Nothing that is printed names a host.
quiet() {
  local log=$LAB/log/$1
  shift
  "$@" >"$log" 2>&1 && return
  sed -E 's#https?://[^/ ]+#(host)#g' "$log" | tail -15 >&2
  return 1
}

# ── Debian's packages ──

install_packages() {
  local missing=() package
  for package in "$@"; do dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package"); done
  ((${#missing[@]})) || return 0
  say "installing ${missing[*]}"
  forbid_services
  quiet apt.log apt-get update && DEBIAN_FRONTEND=noninteractive quiet apt.log apt-get install -y --no-install-recommends "${missing[@]}"
  local code=$?
  restore_services
  return "$code"
}

# The engine is started here, with folders of its own, and not by the distribution's service. What this machine says about its services
# is put aside for as long.
forbid_services() {
  [[ ! -d $LAB/policy ]] || return 0
  mkdir "$LAB/policy"
  [[ ! -e $POLICY && ! -L $POLICY ]] || mv "$POLICY" "$LAB/policy/"
  printf '#!/bin/sh\nexit 101\n' >"$POLICY"
  chmod 755 "$POLICY"
}

restore_services() {
  [[ -d $LAB/policy ]] || return 0
  rm -f "$POLICY"
  mv "$LAB"/policy/* "$POLICY" 2>/dev/null || true
  rm -r "$LAB/policy"
}

# ── The engine ──

plugins() {
  [[ -x $LAB/config/cli-plugins/docker-compose ]] && return
  say "Compose and Buildx, of Debian $NEWER"
  mkdir -p "$LAB"/{debs,config/cli-plugins}
  quiet plugins.log apt_of "$NEWER" update
  (cd "$LAB/debs" && quiet plugins.log apt_of "$NEWER" download docker-compose docker-buildx)
  local package
  for package in "$LAB"/debs/*.deb; do dpkg -x "$package" "$LAB/plugins"; done
  ln -sf "$LAB"/plugins/usr/libexec/docker/cli-plugins/docker-{compose,buildx} "$LAB/config/cli-plugins/"
}

# A process that has ended stays as a zombie where the first process of a sandbox does not reap.
is_alive() {
  local state
  state=$(sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$1/status" 2>/dev/null) || return 1
  [[ -n $state && $state != [ZX] ]]
}

# SECONDS PID: whether it has ended by then.
ends_within() {
  local tries
  for ((tries = 0; tries < $1 * 5; tries++)); do
    is_alive "$2" || return 0
    sleep 0.2
  done
  return 1
}

start_engine() {
  docker info >/dev/null 2>&1 && return
  say 'starting dockerd'
  remember_network
  # An oom score below 0 asks for a right that root may not have in a sandbox.
  setsid dockerd --data-root "$LAB/docker" --exec-root "$LAB/run" --pidfile "$LAB/dockerd.pid" -H "$DOCKER_HOST" \
    --oom-score-adjust 0 >>"$LAB/log/dockerd.log" 2>&1 </dev/null &
  local pid=$! _
  echo "$pid" >"$LAB/engine.pid"
  for _ in {1..120}; do
    docker info >/dev/null 2>&1 && return
    is_alive "$pid" || break
    sleep 0.5
  done
  tail -5 "$LAB/log/dockerd.log" >&2
  return 1
}

# FILE SECONDS: the process whose id is in it, with so much time to end by itself.
end_process() {
  local pid
  pid=$(cat "$1" 2>/dev/null) && is_alive "$pid" || return 0
  kill -TERM "$pid" 2>/dev/null || return 0
  ends_within "$2" "$pid" && return
  say "process $pid does not stop within $2 s: KILL"
  kill -KILL "$pid" 2>/dev/null || true
  ends_within 5 "$pid" || say "process $pid does not end at all"
}

# What a dockerd that was killed has left mounted.
unmount() {
  awk -v lab="$LAB/" 'index($5, lab) == 1 { print $5 }' /proc/self/mountinfo | tac | while read -r at; do umount -l "$at" 2>/dev/null || true; done
}

stop_engine() {
  restore_services
  # Without it, the engine is not this script's.
  [[ -e $LAB/engine.pid ]] || return 0
  end_process "$LAB/engine.pid" 30
  # A child of dockerd, which a dockerd that was killed does not end.
  end_process "$LAB/run/containerd/containerd.pid" 5
  restore_network
  unmount
  rm "$LAB/engine.pid"
}

# ── The images that ours and the compose file begin with ──

has_image() { docker image inspect "$1" >/dev/null 2>&1; }

# A pull that cannot work takes a minute to say so: one image is tried, and decides for the others.
can_pull() {
  [[ -e $LAB/pulls ]] || { timeout 40 docker pull -q "$REDIS" >"$LAB/log/pull.log" 2>&1 && echo yes >"$LAB/pulls"; } || echo no >"$LAB/pulls"
  [[ $(cat "$LAB/pulls") = yes ]]
}

debian_image() {
  local release=$1 image=$2 packages=$3 root=$LAB/root-$1 script=/usr/share/debootstrap/scripts/$1
  has_image "$image" && return
  say "debootstrap $release"
  [[ -e $script ]] || script=/usr/share/debootstrap/scripts/trixie
  rm -rf "$root"
  quiet "debootstrap-$release.log" debootstrap --variant=minbase --include="$packages" "$release" "$root" \
    "$(sed -n 's/^URIs: //p' "$SOURCES" | head -1)" "$script"
  # What this machine trusts, for registries that only it knows.
  cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
  rm -f "$root"/etc/apt/sources.list "$root"/var/cache/apt/archives/*.deb
  sources_of "$release" >"$root/etc/apt/sources.list.d/debian.sources"
  tar -C "$root" -c . | docker import - "$image" >/dev/null
  rm -rf "$root"
}

stand_in() {
  say "image $1"
  cp -r "$HERE/stand-ins/$2/." "$LAB/image-$2/"
  quiet "image-$2.log" docker buildx build --load -t "$1" "$LAB/image-$2"
}

node_image() {
  local at=$LAB/image-node package
  # The packages are named as Node.js names its machines: x64, arm64.
  package=node-linux-$(node -p process.arch)
  debian_image bookworm debian:bookworm-minimal ca-certificates
  mkdir -p "$at"/files/usr/local/{bin,lib/node_modules,etc}
  (cd "$at" && quiet npm.log npm pack "$package@24" npm@11 --silent --pack-destination .)
  tar xzf "$(ls -v "$at/$package"-24*.tgz | tail -1)" -C "$at/files/usr/local" --strip-components=1 --exclude='package/include/*' --exclude=package/package.json
  rm -rf "$at/files/usr/local/lib/node_modules/npm"
  tar xzf "$(ls -v "$at"/npm-11*.tgz | tail -1)" -C "$at/files/usr/local/lib/node_modules"
  mv "$at"/files/usr/local/lib/node_modules/{package,npm}
  ln -sf ../lib/node_modules/npm/bin/npm-cli.js "$at/files/usr/local/bin/npm"
  ln -sf ../lib/node_modules/npm/bin/npx-cli.js "$at/files/usr/local/bin/npx"
  # npm finds its registry as it does on this machine.
  printf 'registry=%s\ncafile=/etc/ssl/certs/ca-certificates.crt\nupdate-notifier=false\n' "$(npm config get registry)" >"$at/files/usr/local/etc/npmrc"
  stand_in "$NODE" node
}

redis_image() {
  debian_image bookworm debian:bookworm-minimal ca-certificates
  mkdir -p "$LAB/image-redis"
  stand_in "$REDIS" redis
}

postgres_image() {
  debian_image "$NEWER" debian:with-postgres ca-certificates,postgresql-18
  mkdir -p "$LAB/image-postgres"
  stand_in "$POSTGRES" postgres
}

own_images() {
  local pair
  for pair in "$NODE=node_image" "$REDIS=redis_image" "$POSTGRES=postgres_image"; do
    has_image "${pair%%=*}" && continue
    if can_pull; then docker pull -q "${pair%%=*}" >/dev/null; else "${pair##*=}"; fi
    has_image "${pair%%=*}" || return 1
  done
}

pulled_images() {
  local image
  for image in "$NODE" "$REDIS" "$POSTGRES"; do
    has_image "$image" || timeout 80 docker pull -q "$image" >/dev/null 2>&1 || unavailable "the engine that runs here has no $image, and cannot pull it"
  done
}

# ── What the tests need of an engine ──

compose_version() {
  local version
  version=$(docker compose version --short 2>/dev/null) || return 1
  echo "${version#v}"
}

is_compose_new() {
  local version
  version=$(compose_version) && printf '%s\n' "$COMPOSE_AT_LEAST" "$version" | sort -V -C
}

# False where the engine is on another machine, or its socket comes from outside of this container.
sees_files() {
  [[ $(docker run --rm -v "$HERE:/probe:ro" --entrypoint cat "$REDIS" /probe/engine.sh 2>/dev/null | cksum) = $(cksum <"$HERE/engine.sh") ]]
}

publishes_ports() {
  local id port answer='' _
  id=$(docker run -d --rm -p 127.0.0.1::6379 "$REDIS" 2>/dev/null) || return 1
  port=$(docker port "$id" 6379/tcp 2>/dev/null | sed -n 's/^127\.0\.0\.1://p')
  for _ in {1..20}; do
    # In a shell of its own, which a refused connection ends.
    answer=$( { exec 3<>"/dev/tcp/127.0.0.1/$port" && printf 'PING\r\n' >&3 && read -r -t 2 line <&3 && echo "$line"; } 2>/dev/null) && break
    sleep 0.5
  done
  docker rm -f "$id" >/dev/null 2>&1 || true
  [[ $answer == +PONG* ]]
}

start() {
  mkdir -p "$LAB/log"
  if docker info >/dev/null 2>&1; then
    say 'an engine runs here'
    is_compose_new || unavailable "Docker Compose $COMPOSE_AT_LEAST or newer is needed beside the engine that runs here, and there is $(compose_version || echo none)"
    pulled_images
  else
    [[ $(id -u) -eq 0 ]] || unavailable 'no Docker engine answers here, and only root can start one'
    [[ -r $SOURCES ]] || unavailable "no Docker engine answers here, and this is no Debian with $SOURCES"
    export DOCKER_HOST=$OWN_HOST DOCKER_CONFIG=$LAB/config
    [[ -e $LAB/engine.pid || ! -e /sys/class/net/docker0 ]] ||
      unavailable 'the bridge docker0 is that of an engine that does not answer: start it, or remove what it left (ip link del docker0)'
    install_packages docker.io iptables debootstrap || unavailable "Debian's Docker could not be installed"
    plugins || unavailable 'Compose and Buildx could not be downloaded'
    start_engine || unavailable 'dockerd does not start on this machine'
    own_images || unavailable 'the base images could neither be pulled nor made'
  fi
  sees_files || unavailable 'the engine does not see the files of this machine: it is elsewhere, or its socket is mounted'
  publishes_ports || unavailable 'a port that the engine publishes on 127.0.0.1 cannot be reached from here'
  say "engine $(docker version --format '{{.Server.Version}}'), Compose $(compose_version)"
  [[ ${DOCKER_HOST:-} != "$OWN_HOST" ]] || printf 'export DOCKER_HOST=%q DOCKER_CONFIG=%q\n' "$DOCKER_HOST" "$DOCKER_CONFIG"
}

case ${1:-} in
  start) start ;;
  stop) stop_engine ;;
  *) sed -n '2,/^set/{/^#/p}' "${BASH_SOURCE[0]}" | sed 's/^# \{0,1\}//'; exit 2 ;;
esac
