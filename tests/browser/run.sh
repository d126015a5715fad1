#!/usr/bin/env bash
# Opens the report in a real browser: tests/browser/run.sh CLAIMSTORM
#
# Fetches playwright-core from npm where it is not there yet. Ends with 77 (skipped) when
# CLAIMS_NO_BROWSER is set.
set -euo pipefail
claimstorm=$(realpath "${1:?usage: $0 CLAIMSTORM}")
cd "$(dirname "${BASH_SOURCE[0]}")"

if [[ -n ${CLAIMS_NO_BROWSER:-} ]]; then
  echo "CLAIMS_NO_BROWSER is set: no browser is started"
  exit 77
fi
# Without download addresses the lock file holds with every mirror of the registry.
if grep --quiet '"resolved"' package-lock.json; then
  echo "package-lock.json names download addresses; write it with npm install --omit-lockfile-registry-resolved" >&2
  exit 1
fi
if [[ ! node_modules/.package-lock.json -nt package-lock.json ]]; then
  npm ci --ignore-scripts --no-audit --no-fund
fi
CLAIMSTORM=$claimstorm exec node --test report.test.mjs
