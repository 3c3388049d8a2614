#!/bin/bash
# Runs all tests.
#
#     scripts/test.sh [ARGUMENTS OF swift test]
#
# Packages of Debian that are missing are installed first (see setup.sh).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scripts/setup.sh
swift test --disable-xctest "$@"
