# Packages of another release of Debian beside those of this machine, for scripts that source this. What they keep is in LAB.

readonly SOURCES=/etc/apt/sources.list.d/debian.sources

# The sources of this machine, for another release.
sources_of() {
  if grep -q "^Suites: $1 " "$SOURCES"; then
    sed '/^# /d' "$SOURCES"
  else
    awk 'BEGIN { RS = ""; ORS = "\n\n" } !/-security/' "$SOURCES" | sed -E "s/^Suites: .*/Suites: $1/; /^# /d"
  fi
}

# apt-get for another release, with a state of its own.
apt_of() {
  local at=$LAB/apt-$1
  mkdir -p "$at"/{sources,lists/partial,cache/archives/partial,preferences}
  touch "$at/status"
  sources_of "$1" >"$at/sources/debian.sources"
  shift
  apt-get -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$at/sources" -o Dir::Etc::preferencesparts="$at/preferences" \
    -o Dir::State="$at" -o Dir::State::status="$at/status" -o Dir::Cache="$at/cache" -o APT::Sandbox::User=root "$@"
}
