"""Generated corpora whose incidents are known, taken in, and questions to them."""
import argparse
import datetime
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

FORMAT = "%Y-%m-%d %H:%M"


def parser(description):
    """The arguments of a benchmark on such corpora; `seeds` become a list."""
    arguments = argparse.ArgumentParser(description=description)
    arguments.add_argument("--logq", required=True)
    arguments.add_argument("--loggen", required=True, help="the generator of the corpora")
    arguments.add_argument("--seeds", type=seeds, default="1-10", help="1-10, or 3,5 (1-10)")
    arguments.add_argument("--mb", type=int, default=64)
    arguments.add_argument("--days", type=int, default=3)
    arguments.add_argument("--work", default=tempfile.gettempdir(), help="where corpora are made")
    return arguments


def seeds(text):
    if "-" in text:
        first, last = map(int, text.split("-"))
        return list(range(first, last + 1))
    return list(map(int, text.split(",")))


class Corpus:
    """A corpus below `work`, the times of its incidents, and a store of it."""

    def __init__(self, options, seed, work):
        self.options, self.seed, self.work = options, seed, work
        self.logs = os.path.join(work, "logs")
        subprocess.run(
            [sys.executable, options.loggen, "--out", self.logs, "--mb", str(options.mb), "--days",
             str(options.days), "--seed", str(seed), "--jobs", "1"],
            check=True, stdout=subprocess.DEVNULL)
        with open(self.logs + ".manifest.json", encoding="utf-8") as file:
            spans = json.load(file)["incidents"]
        self.incidents = [tuple(datetime.datetime.strptime(t, FORMAT) for t in span)
                          for span in spans]
        self.store = Store(options, self.logs, os.path.join(work, "store"))


class Store:
    """The logs of a directory for each host, taken in."""

    def __init__(self, options, logs, path):
        self.options, self.path = options, path
        self.environment = {**os.environ, "LOGQ_DATA": path}
        for host in sorted(os.listdir(logs)):
            subprocess.run(
                [options.logq, "ingest", "--host", host, "--tz", "+08:00", "--quiet",
                 os.path.join(logs, host)],
                check=True, env=self.environment)

    def ask(self, *arguments):
        """What a command answers as JSON, None where it has nothing, and how many ms it took."""
        start = time.monotonic()
        run = subprocess.run([self.options.logq, *arguments, "--tz", "+08:00", "--json"],
                             env=self.environment, capture_output=True, check=False)
        elapsed = (time.monotonic() - start) * 1000
        if run.returncode not in (0, 1):
            sys.exit(run.stderr.decode())
        return (json.loads(run.stdout) if run.stdout else None), elapsed


def corpora(options):
    """A corpus of each seed, one at a time: the files of the last one are removed."""
    for seed in options.seeds:
        work = tempfile.mkdtemp(prefix=f"incidents-{seed}-", dir=options.work)
        try:
            yield Corpus(options, seed, work)
        finally:
            shutil.rmtree(work)
