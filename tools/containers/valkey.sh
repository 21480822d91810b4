#!/usr/bin/env bash
# A Valkey for the tests, of a newer Debian than the one that has none: `bash tools/containers/valkey.sh FOLDER` prints the program,
# which brings its own libraries. As root on a Debian; exit code 3 and a reason where it cannot be had.
set -euo pipefail

LAB=${1:?the folder where it goes}
readonly LAB RELEASE=trixie
source "$(dirname "${BASH_SOURCE[0]}")/debian.sh"
readonly ROOT=$LAB/root PROGRAM=$LAB/valkey-server

unavailable() {
  echo "$*" >&2
  exit 3
}

[[ $(uname -m) == x86_64 && -e $SOURCES ]] || unavailable 'Valkey is fetched on a Debian for amd64 only'
mkdir -p "$ROOT"
{ apt_of "$RELEASE" update && apt_of "$RELEASE" install -y --download-only --no-install-recommends valkey-server; } >"$LAB/apt.log" 2>&1 ||
  unavailable "Debian's Valkey could not be fetched: $(sed -E 's#https?://[^/ ]+#(host)#g' "$LAB/apt.log" | tail -2)"
for package in "$LAB/apt-$RELEASE"/cache/archives/*.deb; do dpkg -x "$package" "$ROOT"; done
# Built against a newer C library than this machine's: by its own loader.
cat >"$PROGRAM" <<END
#!/bin/sh
exec $ROOT/usr/lib64/ld-linux-x86-64.so.2 --library-path $ROOT/usr/lib/x86_64-linux-gnu $ROOT/usr/bin/valkey-server "\$@"
END
chmod 755 "$PROGRAM"
"$PROGRAM" --version >&2 || unavailable 'the Valkey that was fetched does not run here'
echo "$PROGRAM"
