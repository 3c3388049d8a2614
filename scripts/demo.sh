#!/bin/bash
# Builds logq, takes in the sample logs that come with the project, and asks them something.
#
#     scripts/demo.sh
#
# The store is made anew in .build/demo; nothing outside of .build is written, but for packages
# of Debian that are missing (see setup.sh).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

store=.build/demo
binary=.build/release/logq

# Shows a command as it would be typed, then runs it.
run() {
    local word
    printf '\n$'
    for word in "$@"; do
        if [[ $word == *[!a-zA-Z0-9_./:=+-]* ]]; then word="'$word'"; fi
        printf ' %s' "$word"
    done
    printf '\n'
    "$@"
}

scripts/setup.sh
echo "building logq, which takes a few minutes the first time"
scripts/build.sh

rm -rf "$store"
export LOGQ_DATA=$store
for directory in Tests/Samples/*/; do
    run "$binary" ingest --host "$(basename "$directory")" --tz Asia/Shanghai "$directory"
done
run "$binary" status
run "$binary" search --tz Asia/Shanghai --order oldest -n 4 '数据库连接超时 OR status:502'
run "$binary" search --count 'service:nginx status:>=500'

cat <<END

The binary is $binary. It is one file that runs on any Linux machine of this kind,
without Swift and further libraries. Go on with the samples:

    export LOGQ_DATA=$store
    $binary search --tz Asia/Shanghai 'level:>=WARN'
    $binary help search
END
