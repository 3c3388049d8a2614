#!/usr/bin/env python3
"""Measures the commands on fault records, whole processes, in a store with very many of them.

    python3 Benchmarks/incidents.py --logq .build/release/logq --store DIR

DIR is one that the tests have filled (10 000 records with ten pins each, the same for every run):

    LOGQ_MANY_RECORDS=DIR swift test --filter ManyRecords

Each command runs once unmeasured and then `--runs` times, in turn with the others; the table has the
median and the longest time and the processor time, and beside them what the command answers. With
`--most` the exit status is 1 when a median is above so many milliseconds. A plain `--version`
shows what starting a process costs.
"""
import argparse
import os
import shutil
import statistics
import sys
import tempfile

import measure


def main():
    options = arguments()
    scratch = tempfile.mkdtemp(prefix="incidents-")
    try:
        sys.exit(measured(options, scratch))
    finally:
        shutil.rmtree(scratch)


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--logq", required=True, help="the program to measure")
    parser.add_argument("--store", required=True, help="a store that the tests have filled")
    parser.add_argument("--runs", type=int, default=25, help="measured runs (25)")
    parser.add_argument("--most", type=float, help="the most milliseconds a median may have")
    options = parser.parse_args()
    options.logq = shutil.which(options.logq) or parser.error(f"no program at {options.logq}")
    if not os.path.exists(os.path.join(options.store, "incidents.db")):
        parser.error(f"there are no fault records in {options.store}")
    return options


# A record in the middle of the store, so that nothing is at an end of a table.
RECORD = "INC-2025-1700"

QUESTIONS = {
    "start of a process": ["--version"],
    "list": ["incident", "list"],
    "list --status identified": ["incident", "list", "--status", "identified"],
    "list --service --severity": ["incident", "list", "--service", "node", "--severity", "P0"],
    "list --overdue": ["incident", "list", "--overdue"],
    "list --since 30d": ["incident", "list", "--since", "30d"],
    "list --json": ["incident", "list", "--json"],
    "show": ["incident", "show", RECORD],
    "show --entries --pins": ["incident", "show", RECORD, "--entries", "--pins"],
    "lint of one": ["incident", "lint", RECORD],
    "stats": ["incident", "stats"],
    "stats --by service --since": [
        "incident", "stats", "--by", "service", "--since", "2026-01-01"],
    "similar to one": ["incident", "similar", RECORD],
    "similar to a text": ["incident", "similar", "连接池耗尽 connection pool"],
    "list -n 0 (all of them)": ["incident", "list", "-n", "0"],
    "lint of all that are open": ["incident", "lint"],
}
# What reads or prints all records is for programs; it is shown, not judged.
UNJUDGED = {"list -n 0 (all of them)", "lint of all that are open"}


def measured(options, scratch):
    environment = {"LOGQ_DATA": options.store, "LC_ALL": "C.UTF-8", "TZ": "Asia/Shanghai"}
    commands = {name: ([options.logq, *words], environment)
                for name, words in QUESTIONS.items() if is_known(options, words, scratch)}
    results = measure.interleaved(commands, options.runs, scratch)
    size = os.path.getsize(os.path.join(options.store, "incidents.db"))
    print(f"{size / 1e6:.0f} MB, {options.runs} runs, load {os.getloadavg()[0]:.1f}\n")
    print("| command | median ms | longest ms | CPU ms | peak MB | lines | status |")
    print("|---|---|---|---|---|---|---|")
    slow = []
    for name, runs in results.items():
        median = measure.median_ms(runs)
        cpu = statistics.median(run.cpu for run in runs) * 1000
        status = {run.exit_code for run in runs}
        print(f"| {name} | {median:.1f} | {max(run.wall for run in runs) * 1000:.1f} | {cpu:.1f} "
              f"| {max(run.peak_bytes for run in runs) / 1e6:.0f} "
              f"| {runs[0].output.count(10)} | {', '.join(map(str, sorted(status)))} |")
        if options.most and median > options.most and name not in UNJUDGED:
            slow.append(name)
    if slow:
        print(f"\nabove {options.most} ms: {', '.join(slow)}")
    return 1 if slow else 0


def is_known(options, words, scratch):
    """Whether the program has the command: 'similar' came later than the others."""
    return measure.run([options.logq, *words[:2], "--help"], scratch).exit_code == 0


if __name__ == "__main__":
    main()
