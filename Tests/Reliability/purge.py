#!/usr/bin/env python3
"""Kills purges at random moments; what matches must be gone in the end, and all else be there.

    python3 Tests/Reliability/purge.py --logq .build/release/logq [--kills 50] [--seed S]

Real processes on real files: logs of four days, of which one line in twenty has a secret, are taken
in, some days compacted, and a shipper goes on taking in one of the logs, whose last event may be a
secret that grows. `logq purge` is killed after a random time, N times, with a new secret word each time a
purge came to its end; after each kill no line without a secret may be missing or doubled. In the end no
line with one is left, an audit holds, and the receipts are whole.

The exit status is 1 if a check failed.
"""
import argparse
import collections
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

DAYS = ["2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20"]
WORDS = 12


class Failure(Exception):
    """A check that did not hold."""


class World:
    """Logs of two programs, a store, and a shipper of one of the logs."""

    def __init__(self, logq, directory, rng):
        self.program, self.directory, self.rng = logq, directory, rng
        self.logs, self.store = f"{directory}/logs", f"{directory}/store"
        self.number, self.shipper = 0, None
        self.environment = {**os.environ, "NO_COLOR": "1", "TZ": "Asia/Shanghai"}
        os.makedirs(self.logs)

    def write(self, name, day, lines):
        with open(f"{self.logs}/{name}.log", "a", encoding="utf-8") as log:
            for _ in range(lines):
                self.number += 1
                word = f"secret{self.rng.randrange(WORDS)}x" if self.rng.random() < .05 else "done"
                log.write(f"{day} 0{self.rng.randrange(1, 9)}:00:00,000 INFO  [main] c.e.Orders - "
                          f"order {self.number} is {word}\n")
                if self.rng.random() < .1:
                    log.write(f"java.lang.IllegalStateException: of {self.number}\n"
                              f"\tat c.e.Orders.run(Orders.java:{self.number})\n")

    def logq(self, *arguments, status=(0,)):
        done = subprocess.run([self.program, *arguments, "--data", self.store],
                              capture_output=True, env=self.environment,
                              stdin=subprocess.DEVNULL, timeout=300, check=False)
        if done.returncode not in status:
            raise Failure(f"logq {' '.join(arguments)}: exit {done.returncode}: "
                          f"{done.stderr[-900:].decode(errors='replace')}")
        return done

    def ship(self):
        path = f"{self.directory}/ship.conf"
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"store: {self.store}\nzone: UTC\nhost: h\n"
                       f"source: grows\nfiles: {self.logs}/*.log\n")
        self.shipper = subprocess.Popen([self.program, "ship", "--config", path],
                                        env=self.environment, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def stop(self):
        self.shipper.send_signal(signal.SIGTERM)
        self.shipper.wait(60)

    def events(self, text):
        """The first lines of a text's events."""
        return [line for line in text.splitlines() if " is " in line]

    def check(self, gone):
        """Every line without a word of `gone` is there once, as far as it was taken in."""
        written = []
        for name in ("a", "grows"):
            with open(f"{self.logs}/{name}.log", encoding="utf-8") as log:
                written += self.events(log.read())
        done = self.logq("search", "--raw", "--limit", "0", "order", status=(0, 3))
        found = collections.Counter(self.events(done.stdout.decode()))
        if doubled := [line for line, count in found.items() if count > 1]:
            raise Failure(f"{len(doubled)} lines are doubled, such as {doubled[0]}")
        wanted = {line for line in written if not any(word in line for word in gone)}
        if more := set(found) - set(written):
            raise Failure(f"{len(more)} lines were never written, such as {more.pop()}")
        if missing := wanted - set(found):
            raise Failure(f"{len(missing)} lines are missing, such as {missing.pop()}")
        return found


def purge(world, word, delay):
    """Runs a purge and kills it after `delay`; returns whether it came to its end before."""
    process = subprocess.Popen(
        [world.program, "purge", word, "--reason", "a test", "--yes", "--data", world.store],
        env=world.environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE)
    try:
        _, said = process.communicate(timeout=delay)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return False
    if process.returncode not in (0, 1):
        raise Failure(f"purge {word}: exit {process.returncode}: {said.decode()}")
    return True


def settle(world):
    """Waits until the shipper has all that was written."""
    for _ in range(200):
        done = world.logq("search", "--count", "order", status=(0, 1, 3))
        with open(f"{world.logs}/grows.log", encoding="utf-8") as log:
            last = world.events(log.read())[-1].split(" order ")[1].split()[0]
        if "secret" in open(f"{world.logs}/grows.log", encoding="utf-8").read().splitlines()[-1]:
            time.sleep(1)
            return
        if world.logq("search", "--count", f'"order {last} is"', status=(0, 1, 3)).stdout != b"0\n":
            return
        time.sleep(.1)
    raise Failure(f"the shipper does not come to the end: {done.stdout}")


def run(world, kills):
    for day in DAYS:
        world.write("a", day, 3000)
    world.logq("ingest", "--quiet", "--host", "h", "--tz", "UTC", world.logs)
    world.logq("compact", "--quiet")
    world.write("grows", DAYS[-1], 200)
    world.ship()
    killed, finished, gone, longest = 0, 0, set(), 3.0
    while killed < kills:
        word = f"secret{finished % WORDS}x"
        world.write("grows", DAYS[-1], world.rng.randrange(1, 30))
        settle(world)
        started = time.time()
        if purge(world, word, world.rng.random() * longest):
            longest = max(.2, time.time() - started)
            finished += 1
        else:
            killed += 1
        gone.add(word)
        world.check(gone)
    # A last event with a secret, which grows after it was purged.
    with open(f"{world.logs}/grows.log", "a", encoding="utf-8") as log:
        log.write(f"{DAYS[-1]} 09:00:00,000 INFO  [main] c.e.Orders - order 0 is secret0x\n")
        log.flush()
        time.sleep(3)
        for number in range(WORDS):
            world.logq("purge", f"secret{number}x", "--reason", "the end", "--yes", status=(0, 1))
        log.write("java.lang.IllegalStateException: secret0x\n\tat c.e.Orders.run(O.java:1)\n")
        log.flush()
        time.sleep(3)
    world.stop()
    gone = {f"secret{number}x" for number in range(WORDS)}
    found = world.check(gone)
    if left := [line for line in found if any(word in line for word in gone)]:
        raise Failure(f"{len(left)} lines are left, such as {left[0]}")
    if world.logq("search", "--count", "secret0x", status=(1,)).stdout != b"0\n":
        raise Failure("the event that grew came back")
    world.logq("audit")
    world.logq("purge", "--list")
    print(f"{killed} purges killed, {finished} not; {len(found)} lines are there once, none with a "
          f"secret; the audit holds, the receipts are whole")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--logq", required=True, help="the program to test")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 30))
    parser.add_argument("--scratch", default=None, help="where the logs and the store are")
    options = parser.parse_args()
    directory = tempfile.mkdtemp(prefix="purge-", dir=options.scratch)
    world = World(os.path.abspath(options.logq), directory, random.Random(options.seed))
    try:
        run(world, options.kills)
    except Failure as failure:
        print(f"FAILED with --seed {options.seed}, in {directory}: {failure}")
        sys.exit(1)
    finally:
        if world.shipper and world.shipper.poll() is None:
            world.shipper.kill()
            world.shipper.wait()
    shutil.rmtree(directory)


if __name__ == "__main__":
    main()
