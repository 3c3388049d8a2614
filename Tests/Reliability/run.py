#!/usr/bin/env python3
"""Rotates, kills and fills disks under `logq ship`, and checks that each line came in exactly once.

    python3 Tests/Reliability/run.py --logq .build/release/logq [--only R6]... [--quick]
    python3 Tests/Reliability/run.py --logq LOGQ --sequences 1000 [--seed S]
    python3 Tests/Reliability/run.py --logq LOGQ --kills 1000

The cases are named as in the list of what must survive what: R1 to R14. R15 are random sequences
of writes, rotations, stops and kills against a model: --sequences N runs N of them instead of the
cases, with the seeds S, S+1, …, and a failing one prints its steps. --kills N kills one shipper N
times under steady writing and rotation. --quick is the choice for each commit, about a minute.

The exit status is 1 if any case failed. Needs python3 and 1 GB of disk, best ext4, which gives a
new file the inode of the last one. Cases that need root (mounts, users) or a package that is not
there are left out; what is missing is said at the start and at each of them.
"""
import argparse
import os
import random
import shutil
import sys
import tempfile

import harness
import kills
import random_sequences
import reading
import rotation
import rotators
import storing
import tomcat


# What real rotation and other clocks need: a program or file, and the Debian package that has it.
PACKAGES = {
    "logrotate": "logrotate", "nginx": "nginx", "javac": "default-jdk-headless",
    reading.FAKETIME: "faketime", rotators.JARS + "/logback-classic.jar": "liblogback-java",
    rotators.JARS + "/log4j-core.jar": "liblog4j2-java", tomcat.HOME + "/lib": "tomcat10-common",
    tomcat.HOME + "/skel": "tomcat10-user",
}


def say_what_is_missing():
    packages = [package for name, package in PACKAGES.items()
                if not shutil.which(name) and not os.path.exists(name)]
    if packages:
        print(f"cases are left out; for all: apt-get install {' '.join(packages)}", flush=True)
    if os.geteuid() != 0:
        print("not root: cases with mounts or another user are left out", flush=True)


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
    say_what_is_missing()
    suite = harness.Suite(options)
    if options.sequences:
        random_sequences.add(suite, options.sequences)
    elif options.kills:
        kills.add(suite, options.kills)
    else:
        for part in (rotation, reading, storing, rotators, tomcat):
            part.add(suite)
        random_sequences.add(suite, 8 if options.quick else 200)
        kills.add(suite, 10 if options.quick else 50)
    suite.run()
    if suite.incomplete:
        print(f"{len(suite.incomplete)} searches beside the shipper were incomplete, such as: "
              f"{suite.incomplete[0]}")
    print(f"{suite.ran} cases, {len(suite.failed)} failed: {', '.join(suite.failed) or 'none'}")
    return 1 if suite.failed else 0


if __name__ == "__main__":
    sys.exit(main())
