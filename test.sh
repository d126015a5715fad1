#!/usr/bin/env bash
# Builds everything in the release preset and runs all tests. Arguments go to ctest:
#
#   ./test.sh -R reference-server/log
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

.ci/install-dependencies.sh test
cmake --preset release
cmake --build --preset release
exec ctest --test-dir build/release --output-on-failure --no-tests=error -j4 "$@"
