"""The stores that the parts of retention.py work on, each made once and copied for every run."""
import datetime
import os
import re
import shutil
import subprocess
import sys

import measure

HERE = os.path.dirname(os.path.abspath(__file__))
# Ages only: what the machine's disk or clock would decide must not change what is measured.
POLICY = "indexed: 30d\narchived: 90d\n"


class Unknown(Exception):
    """The program does not have the command yet."""


class Bench:
    """A corpus, the program, and a directory for what they make."""

    def __init__(self, options, corpus, scratch):
        self.options, self.corpus, self.scratch = options, corpus, scratch
        self.raw = measure.tree_bytes(corpus)[1]
        self.made = {}
        self.policy = os.path.join(scratch, "retention.policy")
        with open(self.policy, "w") as file:
            file.write(POLICY)

    def path(self, *names):
        return os.path.join(self.scratch, *names)

    def run(self, command, store=None, accept=(0,)):
        """Runs once; exits on a failure, and raises `Unknown` for a command that is not there."""
        environment = {"LOGQ_DATA": store} if store else None
        result = measure.run(command, self.scratch, environment)
        if result.exit_code in accept:
            return result
        errors = measure.last_errors(self.scratch)
        if command[0] == self.options.logq and result.exit_code == 2 and "unknown" in errors:
            raise Unknown(errors)
        sys.exit(f"retention.py: {' '.join(command)}: exit {result.exit_code}\n{errors}")

    def logq(self, *arguments, store, accept=(0,)):
        return self.run([self.options.logq, *arguments], store, accept)

    def job(self, store, now):
        """The nightly job of the given night."""
        return self.logq("retention", "run", "--any-time", "--policy", self.policy, "--now",
                         f"{now:%Y-%m-%dT%H:%M:%SZ}", store=store)

    def copy(self, name, of):
        """A fresh copy of a store, its bytes on the disk so that nobody waits for them later."""
        target = self.path(name)
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(of, target)
        os.sync()
        return target

    # Stores

    def taken(self):
        """Taken in host by host, and nothing done to it since."""
        return self.once("taken", self.take_in)

    def merged(self):
        return self.once("merged", lambda path: self.merge(self.copy_into(path, self.taken())))

    def archived(self):
        return self.once(
            "archived", lambda path: self.archive(self.copy_into(path, self.merged())))

    def once(self, name, make):
        if name not in self.made:
            say(f"store: {name}")
            self.made[name] = self.path(name)
            make(self.made[name])
        return self.made[name]

    def copy_into(self, path, source):
        shutil.copytree(source, path)
        return path

    def take_in(self, path):
        for host in sorted(os.listdir(self.corpus)):
            self.logq("ingest", "--host", host, "--tz", "+08:00", "--quiet",
                      os.path.join(self.corpus, host), store=path)

    def merge(self, store):
        """The job in the night after the last day; compaction where there is no job."""
        try:
            return self.job(store, self.end(store))
        except Unknown:
            return self.logq("compact", "--quiet", store=store)

    def archive(self, store):
        """The job in the night in which the last day is 30 days old."""
        return self.job(store, self.end(store) + datetime.timedelta(days=30))

    def delete(self, store):
        """The job in the night in which the last day is 90 days old."""
        return self.job(store, self.end(store) + datetime.timedelta(days=90))

    @staticmethod
    def end(store):
        """Two hours after the end of the last day."""
        days = [x[:10] for x in os.listdir(os.path.join(store, "partitions"))
                if re.fullmatch(r"\d{4}-\d\d-\d\d\.db", x)]
        return datetime.datetime.fromisoformat(max(days)) + datetime.timedelta(days=1, hours=2)


def made_corpus(work, megabytes, seed, days):
    corpus = os.path.join(work, f"corpus-{megabytes}-{seed}-{days}")
    # generate.py writes the manifest last, so its presence means a whole corpus.
    if not os.path.exists(corpus + ".manifest.json"):
        say(f"generating {corpus}")
        subprocess.run(
            [sys.executable, os.path.join(HERE, "generate.py"), "--out", corpus, "--mb",
             str(megabytes), "--seed", seed, "--days", str(days)],
            check=True, stdout=subprocess.DEVNULL)
    return corpus


def say(text):
    print(f"retention.py: {text}", file=sys.stderr)
