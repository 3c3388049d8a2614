#!/bin/bash
# Installs what building and testing logq needs from Debian, and nothing that is there already.
#
#     scripts/setup.sh [FURTHER PACKAGES]
#
# Swift itself is not in Debian 12: a toolchain, version 6.3 or later, has to be on PATH. Runs
# without questions, as root or with sudo; where all packages are there, neither is needed.
set -euo pipefail

# Headers of the system libraries, then what a Swift toolchain needs to run and to link with.
packages=(
    libsqlite3-dev zlib1g-dev libminizip-dev libzstd-dev libssl-dev pkg-config tzdata
    binutils git libc6-dev libcurl4 libgcc-12-dev libncurses6 libstdc++-12-dev libxml2
    "$@"
)

fail() {
    echo "setup.sh: $*" >&2
    exit 1
}

is_installed() {
    [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

install_packages() {
    local missing=() as_root=()
    for package in "${packages[@]}"; do
        is_installed "$package" || missing+=("$package")
    done
    ((${#missing[@]} > 0)) || return 0
    if ((EUID != 0)); then
        command -v sudo >/dev/null || fail "these packages are missing: ${missing[*]};" \
            "install them as root with: apt-get install ${missing[*]}"
        as_root=(sudo)
    fi
    echo "installing ${missing[*]}"
    as_root+=(env DEBIAN_FRONTEND=noninteractive)
    "${as_root[@]}" apt-get update -qq </dev/null
    "${as_root[@]}" apt-get install -qq --no-install-recommends "${missing[@]}" \
        </dev/null >/dev/null
}

check_swift() {
    command -v swift >/dev/null || fail "no swift on PATH; install Swift 6.3 or later for" \
        "Debian 12 (see swift.org/install), then put its usr/bin on PATH"
    local version number
    version=$(swift --version 2>&1) || fail "swift does not run: $version"
    number=$(sed -n 's/.*Swift version \([0-9]*\)\.\([0-9]*\).*/\1 \2/p' <<<"$version" | head -n 1)
    [[ $number =~ ^[0-9]+\ [0-9]+$ ]] || fail "cannot tell the version of swift from: $version"
    ((${number% *} * 1000 + ${number#* } >= 6003)) ||
        fail "swift on PATH has version ${number/ /.}; logq needs 6.3 or later"
}

command -v dpkg-query >/dev/null || fail "this script knows Debian and its relatives only;" \
    "install the equivalents of: ${packages[*]}"
install_packages
check_swift
