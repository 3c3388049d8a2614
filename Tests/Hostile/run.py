#!/usr/bin/env python3
"""Feeds logq what breaks log pipelines, and checks that nothing is lost, shown raw, or crashes.

    python3 Tests/Hostile/run.py --logq .build/release/logq [--only WORD]... [--quick]

Each case has a store of its own and is one line of the output; what a failed check expected and
got stands below it. The exit status is 1 if any case failed. --quick leaves out the cases that
need gigabytes. Needs python3 and 4 GB of disk; no other package. Where cmark-gfm is installed, it reads the
Markdown of reports too.
"""
import argparse
import os
import random
import sys
import tempfile

import content
import files
import harness
import queries
import reports
import sizes


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--logq", required=True, help="the program to test")
    parser.add_argument("--only", action="append", help="cases whose name has this word")
    parser.add_argument("--quick", action="store_true", help="without the cases of gigabytes")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 30))
    parser.add_argument("--scratch", default=tempfile.gettempdir(), help="where files are made")
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    suite = harness.Suite(
        os.path.abspath(options.logq), options.only, options.scratch, options.seed)
    content.run(suite)
    queries.run(suite)
    files.run(suite)
    reports.run(suite)
    sizes.run(suite, options.quick)
    print(f"{suite.ran} cases, {len(suite.failed)} failed: {', '.join(suite.failed) or 'none'}")
    return 1 if suite.failed else 0


if __name__ == "__main__":
    sys.exit(main())
