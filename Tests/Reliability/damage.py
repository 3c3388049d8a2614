#!/usr/bin/env python3
"""Damages the files of a small store at random, and checks that no answer is silently another.

    python3 Tests/Reliability/damage.py --logq .build/release/logq [--times 300] [--seed S]

Takes generated logs of three days in and then, --times times, half of them after merging: damages
one file (a flipped bit, overwritten or zeroed bytes, a cut, gone), asks three queries, and puts the
file back. An answer must be the right one, or come with exit status 3, or 2 where it is the catalogue,
and standard error must name the file. A tenth as often, other logs of the same days are taken in
after the damage: a second time at the latest that must work, and they must be found. The exit
status is 1 if any of it was not so. Needs python3 and 100 MB of disk.
"""
import argparse
import collections
import os
import random
import shutil
import subprocess
import sys
import tempfile

GENERATE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Benchmarks/generate.py")
QUERIES = ("level:ERROR", "status:>=500 path:/api*", "timeout OR refused")


class Store:
    def __init__(self, logq, scratch):
        self.logq = logq
        self.path = os.path.join(scratch, "store")
        self.others = os.path.join(scratch, "others")
        for corpus, megabytes, seed in ((os.path.join(scratch, "corpus"), "8", "5"),
                                        (self.others, "2", "6")):
            subprocess.run([sys.executable, GENERATE, "--out", corpus, "--mb", megabytes, "--days",
                            "3", "--seed", seed], check=True, stdout=subprocess.DEVNULL)
        self.run("ingest", "--quiet", "--tz", "+08:00", os.path.join(scratch, "corpus"))
        self.days = [os.path.join(self.path, "partitions", name)
                     for name in sorted(os.listdir(os.path.join(self.path, "partitions")))
                     if name.endswith(".db")]

    def run(self, *arguments):
        return subprocess.run([self.logq, *arguments, "--data", self.path], check=True,
                              capture_output=True, text=True, timeout=120)

    def take_others_in(self):
        """The exit status and what was said."""
        done = subprocess.run([self.logq, "ingest", "--quiet", "--tz", "+08:00", "--host", "other",
                               "--data", self.path, self.others],
                              capture_output=True, text=True, timeout=120)
        return done.returncode, done.stderr.strip()

    def count_others(self):
        done = subprocess.run([self.logq, "search", "--count", "--data", self.path, "host:other"],
                              capture_output=True, text=True, timeout=120)
        return done.stdout.strip(), done.returncode, done.stderr.strip()

    def answers(self):
        """For each query the count, the exit status and what was said."""
        found = []
        for query in QUERIES:
            done = subprocess.run([self.logq, "search", "--count", "--data", self.path, query],
                                  capture_output=True, text=True, timeout=120)
            found.append((done.stdout.strip(), done.returncode, done.stderr.strip()))
        return found


def damage(path, rng):
    """Does something to the file and says what."""
    size = os.path.getsize(path)
    at = rng.randrange(size)
    kind = rng.choice(["bit"] * 6 + ["bytes", "zeros", "cut", "gone"])
    if kind == "gone" and not path.endswith("catalog.db"):
        os.remove(path)
        return "gone"
    if kind == "cut":
        os.truncate(path, at)
        return f"cut at {at} of {size}"
    with open(path, "r+b") as file:
        if kind == "bit":
            bit = rng.randrange(8)
            file.seek(at)
            byte = file.read(1)[0]
            file.seek(at)
            file.write(bytes([byte ^ 1 << bit]))
            return f"bit {bit} of byte {at} flipped"
        at -= at % 512
        count = min(rng.choice([512, 4096]), size - at)
        file.seek(at)
        file.write(rng.randbytes(count) if kind == "bytes" else bytes(count))
        return f"{count} {'random bytes' if kind == 'bytes' else 'zeros'} at {at}"


def judge(answer, right, name):
    """None for an answer that may be given, else what is wrong with it."""
    (count, status, said), (expected, fine, _) = answer, right
    if status == fine and count == expected:
        return None
    if name not in said:
        return f"{count} instead of {expected}, exit {status}, without a word of {name}: {said}"
    if status == 3 and (not count or int(count) <= int(expected)):
        return None
    return None if status == 2 and name == "catalog.db" else f"{count}, exit {status}: {said}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--logq", required=True, help="the program to test")
    parser.add_argument("--times", type=int, default=300, help="how often a file is damaged (300)")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 30))
    parser.add_argument("--scratch", default=tempfile.gettempdir(), help="where files are made")
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    with tempfile.TemporaryDirectory(dir=options.scratch) as scratch:
        store = Store(os.path.abspath(options.logq), scratch)
        wrong = check(store, options) + check_writing(store, options)
    sys.exit(1 if wrong else 0)


def check(store, options):
    tally = collections.Counter()
    for merged in (False, True):
        if merged:
            store.run("compact", "--quiet")
        right = store.answers()
        if any(status for _, status, _ in right):
            sys.exit(f"the whole store answers {right}")
        for number in range(options.times // 2):
            rng = random.Random(f"{options.seed} {merged} {number}")
            path = rng.choice(store.days * 4 + [os.path.join(store.path, "catalog.db")])
            with open(path, "rb") as file:
                whole = file.read()
            what = damage(path, rng)
            for query, answer, expected in zip(QUERIES, store.answers(), right):
                problem = judge(answer, expected, os.path.basename(path))
                tally["wrong" if problem else "named" if answer[1] > 1 else "right"] += 1
                if problem:
                    print(f"{os.path.basename(path)}, {what}: {query}: {problem}", flush=True)
            with open(path, "wb") as file:
                file.write(whole)
    print(f"{sum(tally.values())} answers: {tally['right']} right, {tally['named']} said which file "
          f"is damaged, {tally['wrong']} wrong")
    return tally["wrong"]


def check_writing(store, options):
    """Damages days of the merged store, and takes other logs in."""
    whole = store.path + ".whole"
    os.rename(store.path, whole)
    copy(whole, store.path)
    store.take_others_in()
    right = store.count_others()[0]
    tally = collections.Counter()
    for number in range(options.times // 10):
        rng = random.Random(f"{options.seed} writing {number}")
        copy(whole, store.path)
        path = rng.choice(store.days)
        name, what = os.path.basename(path), damage(path, rng)
        runs = [store.take_others_in() for _ in range(2)]
        found = store.count_others()
        goes_on = runs[1][0] == 0 or runs[1][0] == 3 and name in runs[1][1]
        is_found = found[:2] == (right, 0) or found[1] == 3 and name in found[2]
        aside = os.path.exists(path + ".damaged")
        tally["set aside" if aside else "as it was" if goes_on and is_found else "wrong"] += 1
        if not goes_on or not is_found:
            tally["wrong"] += aside
            print(f"{name}, {what}, then written to: {runs}, {found}", flush=True)
    print(f"written to: {dict(tally)}")
    return tally["wrong"]


def copy(whole, path):
    shutil.rmtree(path, ignore_errors=True)
    shutil.copytree(whole, path)


if __name__ == "__main__":
    main()
