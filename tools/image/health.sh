#!/usr/bin/env bash
# Whether the process of this container answers: its health check, which starts no Node.js for it. Needs bash alone.
set -u
mapfile -d '' -t command </proc/1/cmdline
port=$PORT
case ${command[*]} in *apps/worker/*) port=${WORKER_HEALTH_PORT:-} ;; esac
# A worker without a port: that it runs is all that can be known.
[[ -n $port ]] || exit 0
exec 3<>"/dev/tcp/127.0.0.1/$port" || exit 1
printf 'GET /health/live HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n' >&3
read -r -t 2 status <&3
[[ $status == HTTP/1.?\ 200\ * ]]
