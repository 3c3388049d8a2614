#!/bin/bash
# Runs all tests.
#
#     scripts/test.sh [ARGUMENTS OF swift test]
#
# Packages of Debian that are missing are installed first (see setup.sh).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Archives of fault records are compared with what these programs make of them.
scripts/setup.sh zip unzip
swift test --disable-xctest "$@"
