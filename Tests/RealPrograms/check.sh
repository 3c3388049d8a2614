#!/bin/bash
# Takes in what real programs write on the spot, and counts it.
#
#     Tests/RealPrograms/check.sh LOGQ [DIR]
#
# Runs make-logs.sh (nginx, Tomcat, Logback, Log4j2, from Debian's packages) into DIR, or takes what
# is there; takes each file in with LOGQ, a binary, and compares the events of each file with those
# that its program wrote. No event may be unparsed.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
logq=$(realpath "${1:?usage: check.sh LOGQ [DIR]}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
logs=${2:-$work/logs}
[ -e "$logs/expected.tsv" ] || "$here/make-logs.sh" "$logs"

failed=0
while IFS=$'\t' read -r file expected; do
    export LOGQ_DATA=$work/store
    rm -rf "$LOGQ_DATA"
    summary=$("$logq" ingest --json --tz +08:00 "$logs/$file")
    events=$(grep -o '"events":[0-9]*' <<<"$summary" | cut -d: -f2)
    unparsed=$(grep -o '"unparsed":[0-9]*' <<<"$summary" | cut -d: -f2)
    verdict=ok
    if [ "$events" != "$expected" ] || [ "$unparsed" != 0 ]; then
        verdict=FAIL
        failed=$((failed + 1))
    fi
    printf '%-4s %-55s %6s events, %6s expected, %s unparsed\n' \
        "$verdict" "$file" "$events" "$expected" "$unparsed"
done <"$logs/expected.tsv"
[ "$failed" = 0 ] || {
    echo "check.sh: $failed files differ" >&2
    exit 1
}
