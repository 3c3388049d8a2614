#!/usr/bin/env python3
"""Rotates, kills and fills disks under `logq ship`, and checks that each line came in exactly once.

    python3 Tests/Reliability/run.py --logq .build/release/logq [--only R6]... [--quick]
    python3 Tests/Reliability/run.py --logq LOGQ --sequences 1000 [--seed S]
    python3 Tests/Reliability/run.py --logq LOGQ --kills 1000

The cases are named as in the list of what must survive what: R1 to R14. R15 are random sequences
of writes, rotations, stops and kills against a model: --sequences N runs N of them instead of the
cases, with the seeds S, S+1, …, and a failing one prints its steps. --kills N kills one shipper N
times under steady writing and rotation. --quick is the choice for each commit, under a minute.

The exit status is 1 if any case failed. Needs python3, root (for mounts and users) and 1 GB
of disk, best ext4, which gives a new file the inode of the last one. Real rotation needs logrotate,
nginx, default-jdk-headless, liblogback-java and liblog4j2-java, the clock faketime: what is missing
is said and left out.
"""
import argparse
import random
import sys
import tempfile

import harness
import kills
import random_sequences
import reading
import rotation
import rotators
import storing


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--logq", required=True, help="the program to test")
    parser.add_argument("--only", action="append", help="cases whose name has this word")
    parser.add_argument("--quick", action="store_true", help="the choice for each commit")
    parser.add_argument("--sequences", type=int, metavar="N", help="N random sequences")
    parser.add_argument("--kills", type=int, metavar="N", help="kill one shipper N times")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 30))
    parser.add_argument("--jobs", type=int, default=4, help="cases at once")
    parser.add_argument("--scratch", default=tempfile.gettempdir(), help="where files are made")
    parser.add_argument("--keep", action="store_true", help="leave the files of failed cases")
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    suite = harness.Suite(options)
    if options.sequences:
        random_sequences.add(suite, options.sequences)
    elif options.kills:
        kills.add(suite, options.kills)
    else:
        for part in (rotation, reading, storing, rotators):
            part.add(suite)
        random_sequences.add(suite, 12 if options.quick else 200)
        kills.add(suite, 10 if options.quick else 50)
    suite.run()
    if suite.incomplete:
        print(f"{len(suite.incomplete)} searches beside the shipper were incomplete, such as: "
              f"{suite.incomplete[0]}")
    print(f"{suite.ran} cases, {len(suite.failed)} failed: {', '.join(suite.failed) or 'none'}")
    return 1 if suite.failed else 0


if __name__ == "__main__":
    sys.exit(main())
