#!/usr/bin/env python3
"""Measures `logq ship` on files that grow and rotate, and prints Markdown.

    python3 Benchmarks/ship.py --logq .build/release/logq

Seven parts; `--only latency,rest` runs some of them:

    latency   10 000 lines/s to six files that rotate: from the writing of a line to its being found
    rest      1 000 followed files to which nothing is written: processor, memory
    backlog   10 GB that are there at the start: peak memory, rate, and how long a live file waits
    burst     100 MB appended within a second: until all of it is found
    rate      growing files under rotation, beside rsyslog's imfile and `tail -F | wc -l`
    search    searches beside the shipper at 10 000 lines/s, and on the same store at rest

Needs python3, about 1 GB of disk and 2.2 times the backlog; rsyslogd for its column (Debian:
rsyslog; it is run with a configuration of its own, not as a service). Processor time is that of
all threads of a process (CPUCLOCK_SCHED), memory the kernel's VmHWM.
"""
import argparse
import os
import shutil
import subprocess
import sys
import tempfile

import ship_latency
import ship_peers
import ship_volume

HERE = os.path.dirname(os.path.abspath(__file__))
PARTS = {
    "latency": ship_latency.latency, "rest": ship_latency.rest, "search": ship_latency.search,
    "burst": ship_volume.burst, "backlog": ship_volume.backlog, "rate": ship_peers.rate,
}


def main():
    options = arguments()
    os.makedirs(options.work, exist_ok=True)
    print("| part | what | measured |\n|---|---|---|", flush=True)
    for name in options.only:
        directory = tempfile.mkdtemp(prefix=f"ship-{name}-", dir=options.work)
        print(f"| {name} | load of the machine at its start | {os.getloadavg()[0]:.1f} |")
        try:
            for what, measured in PARTS[name](options, directory):
                print(f"| {name} | {what} | {measured} |", flush=True)
        finally:
            if options.keep:
                say(f"{directory} is kept")
            else:
                shutil.rmtree(directory)


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--logq", required=True, help="the program to measure")
    parser.add_argument("--only", default=",".join(PARTS), help="parts, between commas")
    parser.add_argument("--seconds", type=float, default=60, help="length of latency, rest (60)")
    parser.add_argument("--lines", type=int, default=10_000, help="lines a second (10000)")
    parser.add_argument("--files", type=int, default=1000, help="files at rest (1000)")
    parser.add_argument("--gigabytes", type=float, default=10, help="the backlog (10)")
    parser.add_argument("--longest", type=float, default=600,
                        help="seconds after which the rest of the backlog is left (600)")
    parser.add_argument("--burst", type=int, default=100, help="MB of the burst (100)")
    parser.add_argument("--rates", default="100,1000",
                        help="MB/s at which the writers of `rate` write (100,1000)")
    parser.add_argument("--peers", default="logq,rsyslog,tail", help="readers in `rate`")
    parser.add_argument("--runs", type=int, default=9, help="searches of a kind (9)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", default=os.path.join(tempfile.gettempdir(), "logq-benchmarks"),
                        help="where logs and stores live; corpus and backlog are kept")
    parser.add_argument("--keep", action="store_true", help="leave logs and stores there")
    options = parser.parse_args()
    options.logq = shutil.which(options.logq) or parser.error(f"no program at {options.logq}")
    options.logq = os.path.abspath(options.logq)
    options.work = os.path.abspath(options.work)
    options.only = options.only.split(",")
    options.rates = [float(rate) * 1e6 for rate in options.rates.split(",")]
    options.peers = options.peers.split(",")
    if unknown := set(options.only) - set(PARTS):
        parser.error(f"no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    options.corpus = lambda: made_corpus(options.work)
    return options


def made_corpus(work):
    corpus = os.path.join(work, "corpus-1024-2-7")
    # generate.py writes the manifest last, so its presence means a whole corpus.
    if not os.path.exists(corpus + ".manifest.json"):
        say(f"generating {corpus}")
        subprocess.run(
            [sys.executable, os.path.join(HERE, "generate.py"), "--out", corpus, "--mb", "1024",
             "--seed", "2", "--days", "7"], check=True, stdout=subprocess.DEVNULL)
    return corpus


def say(text):
    print(f"ship.py: {text}", file=sys.stderr)


if __name__ == "__main__":
    main()
