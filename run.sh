#!/usr/bin/env bash
# Builds the two programs, starts claimchatd and plays the mixed load of all workflows against it.
#
#   ./run.sh                     the mixed load, scenarios/mixed.json
#   ./run.sh --build-only        stops after the build
#   ./run.sh --duration 10s …    arguments go to `claimstorm run` (see its --help)
#
# The exit code is claimstorm's: 0 pass, 1 failed, 2 bad usage, 3 not reachable, 4 invalid.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

build_only=false
arguments=()
for argument in "$@"; do
  if [[ $argument == --build-only ]]; then build_only=true; else arguments+=("$argument"); fi
done

.ci/install-dependencies.sh
[[ -f build/release/build.ninja ]] || cmake --preset release
cmake --build --preset release --target claimchatd claimstorm

if $build_only; then
  echo "Built build/release/bin/claimchatd and build/release/bin/claimstorm"
  exit 0
fi

# What is given last counts, except that a scenario or a target of one's own takes ours away.
scenario=(scenarios/mixed.json)
target=(--embedded)
out=(--out out/latest)
report=out/latest
previous=
for argument in "${arguments[@]}"; do
  case $argument in
    --target | --target=* | --embedded) target=() ;;
    --out | --out=*) out=() && report=${argument#--out=} ;;
    *.json) [[ $previous == --* ]] || scenario=() ;;
  esac
  [[ $previous == --out ]] && report=$argument
  previous=$argument
done
echo "The report will be in $report (report.html; result.json, junit.xml)"
# exec: Ctrl-C reaches claimstorm itself, which ends early, drains, and still writes the result.
exec build/release/bin/claimstorm run "${scenario[@]}" "${target[@]}" "${out[@]}" "${arguments[@]}"
