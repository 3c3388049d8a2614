#!/usr/bin/env python3
"""Backs a store up and restores it under writing, damage and kill -9; every line must be there once.

    python3 Tests/Reliability/backup.py --logq .build/release/logq [--kills 50] [--seed S]

Real processes on real files: logs of four days grow, `logq ingest` or `logq ship` takes them in,
`logq backup` copies the store. Then days are damaged in five ways, or the whole store is lost, and
`logq restore` and another look at the logs must give exactly the lines of the files. --kills N kills a
backup N times and a restore N times at random moments; after each, what is there must be as good as
before, and another run must end as if there had been no kill.

The exit status is 1 if any case failed.
"""
import argparse
import collections
import datetime
import glob
import gzip
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

DAYS = ["2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20"]


class Failure(Exception):
    """A check that did not hold."""


class World:
    """Logs of three programs, a store, and a backup of it."""

    def __init__(self, logq, directory, rng):
        self.program, self.directory, self.rng = logq, directory, rng
        self.logs, self.store = f"{directory}/logs", f"{directory}/store"
        self.backup = f"{directory}/backup"
        self.number = 0
        self.environment = {**os.environ, "NO_COLOR": "1", "TZ": "Asia/Shanghai"}
        os.makedirs(self.logs)

    def write(self, days, lines=40, stack=0.1):
        """Adds lines to each log, of the given days in their order."""
        for name in ("a", "b", "c"):
            with open(f"{self.logs}/{name}.log", "a", encoding="utf-8") as log:
                for day in days:
                    for _ in range(self.rng.randrange(1, lines)):
                        log.write(self.event(day, stack))

    def event(self, day, stack):
        self.number += 1
        second = self.rng.randrange(3600, 80000)
        clock = datetime.timedelta(seconds=second)
        text = f"{day} 0{clock},000"[-23:] if second < 36000 else f"{day} {clock},000"
        line = f"{text} INFO  [main] c.e.Orders - order {self.number} of {day} is done\n"
        if self.rng.random() < stack:
            line += f"java.lang.IllegalStateException: number {self.number}\n" \
                    f"\tat c.e.Orders.run(Orders.java:{self.number})\n"
        return line

    # ------------------------------------------------------------ logq

    def command(self, *arguments, store=None):
        return [self.program, *arguments, "--data", store or self.store]

    def logq(self, *arguments, status=(0,), store=None):
        done = subprocess.run(self.command(*arguments, store=store), capture_output=True,
                              env=self.environment, stdin=subprocess.DEVNULL, timeout=300,
                              check=False)
        if done.returncode not in status:
            raise Failure(f"logq {' '.join(arguments)}: exit {done.returncode}: "
                          f"{done.stderr[-900:].decode(errors='replace')}")
        return done

    def ingest(self):
        self.logq("ingest", "--quiet", "--host", "h", "--tz", "UTC", self.logs)

    def back_up(self, status=(0,)):
        return json.loads(self.logq("backup", "--json", self.backup, status=status).stdout)

    def restore(self, *arguments, status=(0,)):
        return json.loads(
            self.logq("restore", self.backup, "--json", *arguments, status=status).stdout)

    def lines(self, store=None):
        done = self.logq("search", "--raw", "--order", "oldest", "--limit", "0", "", store=store,
                         status=(0, 1))
        return collections.Counter(done.stdout.split(b"\n"))

    def written(self):
        lines = collections.Counter()
        for path in glob.glob(f"{self.logs}/*.log*"):
            with (gzip.open if path.endswith(".gz") else open)(path, "rb") as log:
                lines.update(log.read().split(b"\n"))
        return lines

    def hold(self, when, store=None):
        """The store has the lines of the files, each as often as they do."""
        found, wanted = self.lines(store), self.written()
        found[b""] = wanted[b""] = 0
        lost, more = wanted - found, found - wanted
        if lost or more:
            raise Failure(f"{when}: {sum(lost.values())} lines lost, {sum(more.values())} too many"
                          f"; such as {list(lost)[:2]} {list(more)[:2]}")

    def settle(self, when):
        """The same before half a minute is over."""
        until = time.time() + 30
        while True:
            try:
                return self.hold(when)
            except Failure:
                if time.time() > until:
                    raise
                time.sleep(0.2)

    def nothing_twice(self, when, store=None):
        # Each line has a number of its own.
        twice = [x for x, n in self.lines(store).items() if n > 1 and x]
        if twice:
            raise Failure(f"{when}: {len(twice)} lines twice, such as {twice[:2]}")

    # ------------------------------------------------------------ damage

    def file(self, day):
        return f"{self.store}/partitions/{day}.db"

    def damage(self, day):
        path = self.file(day)
        way = self.rng.choice(["missing", "empty", "short", "bits", "header"])
        if way == "missing":
            for ending in ("", "-wal", "-shm"):
                if os.path.exists(path + ending):
                    os.unlink(path + ending)
            return way
        size = os.path.getsize(path)
        with open(path, "r+b") as file:
            if way == "empty":
                file.truncate(0)
            elif way == "short":
                file.truncate(size // 2)
            elif way == "header":
                file.write(bytes(100))
            else:
                for place in range(8192, size, 8192):
                    file.seek(place + self.rng.randrange(8192))
                    byte = file.read(1)
                    file.seek(-1, os.SEEK_CUR)
                    file.write(bytes([byte[0] ^ 1 << self.rng.randrange(8)]))
        return way

    def sums(self, directory):
        """The manifests of a backup agree with its files."""
        done = subprocess.run("sha256sum --strict --quiet -c *.sha256", shell=True,
                              cwd=directory + "/partitions", capture_output=True, check=False)
        if done.returncode:
            raise Failure(f"manifests of {directory}: {done.stdout!r} {done.stderr!r}")


# ---------------------------------------------------------------- cases


def one_day(world):
    """A day that is damaged in some way, after more was taken in than the backup has."""
    world.write(DAYS)
    world.ingest()
    world.back_up()
    world.write(world.rng.sample(DAYS, 2) + DAYS[-1:])
    world.ingest()
    if world.rng.random() < 0.5:
        world.logq("compact", "--quiet")
    if world.rng.random() < 0.3:
        world.write(DAYS[-1:])  # which is taken in after the restore only
    day = world.rng.choice(DAYS)
    way = world.damage(day)
    if world.rng.random() < 0.3:
        # A writer finds it first and sets it aside.
        world.write([day])
        world.logq("ingest", "--quiet", "--host", "h", "--tz", "UTC", world.logs, status=(0, 2, 3))
    report = world.restore("--from", day, "--to", day, "--tz", "UTC")
    if report["restored"] != [day]:
        raise Failure(f"{way} {day}: restored {report['restored']}")
    world.nothing_twice(f"{way} {day} restored")
    world.ingest()
    world.hold(f"{way} {day} restored and the logs taken in again")
    world.ingest()
    world.hold("another look")
    if glob.glob(f"{world.store}/partitions/*.damaged"):
        raise Failure("what was set aside is still there")
    return way


def whole_store(world):
    """A new machine: nothing is left but the backup and the logs."""
    world.write(DAYS)
    world.ingest()
    world.back_up()
    world.write(DAYS[-2:])
    world.ingest()
    world.back_up()
    world.hold("the backup, searched where it lies", store=world.backup)
    world.sums(world.backup)
    if world.rng.random() < 0.5:
        world.write(DAYS[-1:])
        world.ingest()
    shutil.rmtree(world.store)
    report = world.restore()
    if report["restored"] != DAYS:
        raise Failure(f"restored {report['restored']}")
    world.nothing_twice("restored")
    world.ingest()
    world.hold("restored and the logs taken in again")
    if world.restore()["restored"]:
        raise Failure("a second restore found something to do")


def beside_a_shipper(world):
    """Backups while logs grow under `logq ship`; each of them, restored, can be gone on from."""
    config = f"{world.directory}/ship.conf"
    with open(config, "w", encoding="utf-8") as file:
        file.write(f"store: {world.store}\nhost: h\nsource: app\nfiles: {world.logs}/*.log*\n"
                   "zone: UTC\n")
    shipper = subprocess.Popen([world.program, "ship", "--config", config],
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, env=world.environment)
    try:
        while not os.path.exists(world.store + "/catalog.db"):
            time.sleep(0.05)
        for turn in range(5):
            for _ in range(8):
                world.write([world.rng.choice(DAYS), DAYS[-1]], lines=20)
                time.sleep(0.1 * world.rng.random())
            world.back_up()
            world.sums(world.backup)
            copy = f"{world.directory}/copy{turn}"
            subprocess.run([world.program, "restore", world.backup, "--quiet", "--data", copy],
                           check=True, env=world.environment, capture_output=True)
            world.nothing_twice("a backup beside a shipper", store=copy)
            world.logq("ingest", "--quiet", "--host", "h", "--tz", "UTC", world.logs, store=copy)
            world.hold("a backup beside a shipper, gone on from", store=copy)
        # What comes now is in no backup. A day is restored under the running shipper, which reads
        # again what is missing, in files that it has closed long ago too.
        with gzip.open(f"{world.logs}/d.log.gz", "wt", encoding="utf-8") as log:
            log.writelines(world.event(day, 0.1) for day in DAYS for _ in range(9))
        world.settle("all is taken in")
        for day in DAYS:
            world.damage(day)
            world.restore("--from", day, "--to", day, "--tz", "UTC", "--replace")
            world.settle(f"{day} restored under a shipper")
    finally:
        shipper.terminate()
        shipper.wait()
    world.hold("the shipper stopped")


def kill(command, rng, longest, environment):
    """Runs a command and kills it at a random moment; returns whether it was still running."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, env=environment)
    try:
        process.wait(rng.random() * longest)
        return False
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return True


def killed_backups(world, kills):
    """What an interrupted backup leaves can be restored, and the next backup ends as it should."""
    world.write(DAYS, lines=400)
    world.ingest()
    started = time.time()
    world.back_up()
    longest = (time.time() - started) * 1.2
    hits = 0
    for turn in range(kills):
        world.write(world.rng.sample(DAYS, 2), lines=100)
        world.ingest()
        if world.rng.random() < 0.3:
            world.logq("compact", "--quiet")
        hits += kill(world.command("backup", world.backup), world.rng, longest, world.environment)
        if turn % 5 == 0:
            copy = f"{world.directory}/copy"
            world.logq("restore", world.backup, "--quiet", store=copy)
            world.nothing_twice("a killed backup, restored", store=copy)
            world.logq("ingest", "--quiet", "--host", "h", "--tz", "UTC", world.logs, store=copy)
            world.hold("a killed backup, gone on from", store=copy)
            shutil.rmtree(copy)
        if turn % 3 == 0:
            world.back_up()
            world.sums(world.backup)
            world.hold("the backup after a killed one", store=world.backup)
            left = glob.glob(f"{world.backup}/**/*.new*", recursive=True)
            if left:
                raise Failure(f"left: {left}")
    return f"{hits} of {kills} while it ran"


def killed_restores(world, kills):
    """After a killed restore each day is as it was or restored, and another restore does the rest."""
    world.write(DAYS, lines=400)
    world.ingest()
    world.back_up()
    hits, longest = 0, 0.5
    for turn in range(kills):
        world.write(world.rng.sample(DAYS, 2), lines=30)
        world.ingest()
        if world.rng.random() < 0.2:
            shutil.rmtree(world.store)
        else:
            for day in world.rng.sample(DAYS, 3):
                world.damage(day)
        command = world.command("restore", world.backup)
        for _ in range(world.rng.randrange(1, 3)):
            hits += kill(command, world.rng, longest, world.environment)
        started = time.time()
        world.restore()
        longest = max(0.05, 0.7 * longest + 0.3 * 1.2 * (time.time() - started))
        world.nothing_twice("restored after a kill")
        world.ingest()
        world.hold(f"turn {turn}: restored after a kill, and the logs taken in again")
        if turn % 4 == 0:
            world.back_up()
    return f"{hits} kills in {kills} turns"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--logq", required=True, help="the program to test")
    parser.add_argument("--kills", type=int, default=5, help="of a backup, and of a restore")
    parser.add_argument("--days", type=int, default=8, help="damaged days")
    parser.add_argument("--only", help="cases whose name has this word")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 30))
    parser.add_argument("--scratch", default=tempfile.gettempdir(), help="where files are made")
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    cases = [(f"one damaged day {n}", one_day) for n in range(options.days)]
    cases += [(f"whole store {n}", whole_store) for n in range(3)]
    cases += [("beside a shipper", beside_a_shipper)]
    cases += [("killed backups", lambda world: killed_backups(world, options.kills)),
              ("killed restores", lambda world: killed_restores(world, options.kills))]
    failed = []
    for name, body in cases:
        if options.only and options.only not in name:
            continue
        started = time.time()
        directory = tempfile.mkdtemp(prefix="backup-", dir=options.scratch)
        note, word = None, "ok"
        try:
            note = body(World(os.path.abspath(options.logq), directory,
                              random.Random(f"{options.seed} {name}")))
        except Failure as failure:
            note, word = str(failure), "FAIL"
            failed.append(name)
        finally:
            shutil.rmtree(directory, ignore_errors=True)
        print(f"{word:4} {name} ({time.time() - started:.1f} s){f': {note}' if note else ''}",
              flush=True)
    print(f"failed: {', '.join(failed) or 'none'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
