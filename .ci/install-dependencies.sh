#!/usr/bin/env bash
# Installs what building claimstorm needs, on Debian 12; with the argument `test` also what the tests
# need (a browser and a Korean font, unless CLAIMS_NO_BROWSER is set), with `ci` all that .ci/run
# needs. Asks dpkg first: when all is there it is silent and changes nothing.
set -euo pipefail

packages=(
  build-essential cmake ninja-build ccache pkg-config g++
  libboost1.81-dev libboost-json1.81-dev libboost-system1.81-dev
  nlohmann-json3-dev libsqlite3-dev libssl-dev libfmt-dev libcli11-dev libutf8proc-dev
  libpaho-mqttpp-dev libpaho-mqtt-dev
  libgtest-dev libgmock-dev libbenchmark-dev mosquitto-clients libvalijson-dev
)
add_browser() {
  [[ -z ${CLAIMS_NO_BROWSER:-} ]] || return 0
  packages+=(chromium fonts-nanum)
  # Node may come from elsewhere than Debian, with npm in it.
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then packages+=(nodejs npm); fi
}
case "${1:-}" in
  "") ;;
  test) add_browser ;;
  ci)
    add_browser
    packages+=(clang-16 clang-tidy-16 clang-format-16 libclang-rt-16-dev)
    ;;
  *)
    echo "usage: $0 [test|ci]" >&2
    exit 2
    ;;
esac

# Fills the array `missing` with what dpkg does not know as installed.
find_missing() {
  local installed package
  # dpkg-query fails when it knows none of some name; what it does know is printed all the same.
  # shellcheck disable=SC2016  # the fields are dpkg-query's, not the shell's
  installed=$(dpkg-query --show --showformat='${Package} ${db:Status-Status}\n' \
    "${packages[@]}" 2>/dev/null) || true
  missing=()
  for package in "${packages[@]}"; do
    grep --quiet --line-regexp --fixed-strings "$package installed" <<<"$installed" ||
      missing+=("$package")
  done
}

is_debian_12() {
  [[ -r /etc/os-release ]] || return 1
  local system
  # shellcheck source=/dev/null
  system=$(. /etc/os-release && echo "${ID:-} ${VERSION_ID:-}")
  [[ $system == "debian 12" ]]
}

if ! is_debian_12; then
  {
    echo "Packages are installed on Debian 12 only. Elsewhere, install what corresponds to:"
    printf '  %s\n' "${packages[@]}"
    echo "and build with CMake: cmake --preset release && cmake --build --preset release"
  } >&2
  exit 1
fi

find_missing
((${#missing[@]})) || exit 0

as_root=()
if ((EUID != 0)); then
  if ! command -v sudo >/dev/null; then
    echo "Run as root, or install sudo; missing: ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi
install_missing() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install --yes --no-install-recommends "${missing[@]}"
}

echo "Installing: ${missing[*]}"
# The lists of packages may be old or, on a fresh machine, absent: fetch them once and try again.
if ! install_missing; then
  echo "Fetching the lists of packages and trying again"
  "${as_root[@]}" apt-get update
  install_missing
fi
find_missing
if ((${#missing[@]})); then
  echo "Still missing: ${missing[*]}" >&2
  exit 1
fi
