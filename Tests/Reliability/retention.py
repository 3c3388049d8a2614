#!/usr/bin/env python3
"""Kills the nightly job at every step, fills its disk, searches beside it; its end must be the same.

    python3 Tests/Reliability/retention.py --logq .build/release/logq [--kills 300 | --all] [--quick]

Real processes on real files. A store has days to remove, to archive, to trim and to merge. strace(1)
kills `logq retention run` as it enters its N-th rename, unlink, fsync, fdatasync, pwrite64, ftruncate,
openat or write: --all for each N that there is, --kills N for so many of them at random. After each kill
a search must give every day whole, as it was or as it is to be, and another run must leave what an
undisturbed one leaves: the same days, lines, blocks, removals and manifests, and no other files.
Further cases: searches all the time while it runs, a shipper that writes beside jobs that are killed,
and (as root) a disk without a free byte.

The exit status is 1 if any case failed.
"""
import collections
import datetime
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
import time

import steps
from harness import Failure

TODAY = datetime.date(2026, 11, 22)
NOW = f"{TODAY}T03:00"
AGES = [95, 92, 91, 60, 40, 31, 12, 8, 3, 1, 0]
POLICY = """indexed: 30d
archived: 90d
rule: debug
level: <=DEBUG
indexed: 7d
archived: 7d
"""
LINE = re.compile(rb"^(\d{4}-\d\d-\d\d) \S+ (\S+) ")


class World:
    """Logs, a store of them, and what the policy makes of it."""

    def __init__(self, logq, directory, rng):
        self.program, self.directory, self.rng = logq, directory, rng
        self.logs, self.store = f"{directory}/logs", f"{directory}/store"
        self.environment = {**os.environ, "NO_COLOR": "1", "TZ": "UTC"}
        self.number = 0
        os.makedirs(self.logs, exist_ok=True)

    def write(self, name, ages, lines):
        with open(f"{self.logs}/{name}.log", "a", encoding="utf-8") as log:
            for age in ages:
                day = TODAY - datetime.timedelta(days=age)
                for second in sorted(self.rng.sample(range(86400 // 2), lines)):
                    self.number += 1
                    level = self.rng.choice(["DEBUG", "INFO ", "WARN ", "ERROR"])
                    log.write(f"{day} {datetime.timedelta(seconds=36000 + second // 2)},000 {level} "
                              f"[main] c.e.Pay - 订单 n{self.number:07} took {second} ms\n")

    def make(self):
        """A store whose days have several blocks of two sources."""
        for _ in range(3):
            for name in ("pay", "web"):
                self.write(name, AGES, 5)
            self.logq("ingest", "--quiet", "--host", "h", "--tz", "UTC", self.logs)
        with open(f"{self.store}/retention.policy", "w", encoding="utf-8") as policy:
            policy.write(POLICY)

    def on(self, store):
        """The same world with another store."""
        other = World(self.program, self.directory, self.rng)
        other.store = store
        return other

    # ------------------------------------------------------------ logq

    def command(self, *arguments):
        return [self.program, *arguments, "--data", self.store]

    def job(self):
        return self.command("retention", "run", "--any-time", "--now", NOW, "--quiet")

    def logq(self, *arguments, status=(0,)):
        return self.run(self.command(*arguments), status)

    def run(self, command, status=(0,)):
        done = subprocess.run(command, capture_output=True, env=self.environment, timeout=300,
                              stdin=subprocess.DEVNULL, check=False)
        if status and done.returncode not in status:
            raise Failure(f"{' '.join(command[1:4])}: exit {done.returncode}: "
                          f"{done.stderr[-900:].decode(errors='replace')}")
        return done

    # ------------------------------------------------------------ what must hold

    def lines(self):
        done = self.logq("search", "--raw", "--order", "oldest", "--limit", "0", "", status=(0, 1))
        return by_day(done.stdout)

    def written(self):
        found = collections.defaultdict(collections.Counter)
        for name in os.listdir(self.logs):
            with open(f"{self.logs}/{name}", "rb") as log:
                for day, lines in by_day(log.read()).items():
                    found[day] += lines
        return found

    def whole(self, when, before, after):
        """Every day is as it was or as it is to be."""
        found = self.lines()
        for day in before:
            had = found.get(day, collections.Counter())
            if had not in (before[day], after[day]):
                raise Failure(f"{when}: {day.decode()} has {had.total()} lines, "
                              f"not {before[day].total()} or {after[day].total()}")
        if extra := set(found) - set(before):
            raise Failure(f"{when}: days out of nowhere: {extra}")

    def state(self):
        """All that must be the same whatever happened on the way."""
        names = os.listdir(self.store) + os.listdir(f"{self.store}/partitions")
        # A reader leaves an empty log and shared memory beside what is still written to.
        live = ("catalog.db-", f"{TODAY}.db-")
        state = {"files": sorted(x for x in names if not x.startswith(live))}
        with sqlite3.connect(f"file:{self.store}/catalog.db?mode=ro", uri=True) as catalog:
            state["days"] = catalog.execute("SELECT number FROM day ORDER BY 1").fetchall()
            state["removals"] = catalog.execute(
                "SELECT day, reason, generation, events, bytes FROM removal ORDER BY 1, 2, 3"
            ).fetchall()
        for name in state["files"]:
            path = f"{self.store}/partitions/{name}"
            if name.endswith(".sha256"):
                with open(path, encoding="utf-8") as manifest:
                    state[name] = [x for x in manifest if not x.startswith("# made")
                                   and not x.startswith("# version") and x.startswith("#")]
                check = subprocess.run(["sha256sum", "-c", "--quiet", name], check=False,
                                       cwd=f"{self.store}/partitions", capture_output=True)
                if check.returncode:
                    raise Failure(f"{name}: {check.stdout.decode()}")
            elif os.path.exists(path):
                with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as day:
                    state[name] = [day.execute(query).fetchall() for query in (
                        "SELECT generation, first_offset, end_offset, events, raw_bytes, state, "
                        "digest FROM block JOIN source ON source.id = source ORDER BY 1, 2, 3, 7",
                        "SELECT * FROM removed ORDER BY 1, 2")]
        return state

    def same(self, when, wanted):
        found = self.state()
        for key in sorted(set(found) | set(wanted)):
            if found.get(key) != wanted.get(key):
                raise Failure(f"{when}: {key}: {found.get(key)}\n     not {wanted.get(key)}")


def by_day(text):
    days = collections.defaultdict(collections.Counter)
    for line in text.split(b"\n"):
        if match := LINE.match(line):
            days[match[1]][line] += 1
    return days


def kept(before):
    """What the policy keeps, said once more."""
    after = {}
    for day, lines in before.items():
        age = (TODAY - datetime.date.fromisoformat(day.decode())).days - 1
        after[day] = collections.Counter(
            {line: count for line, count in lines.items()
             if age < 7 or age < 90 and LINE.match(line)[2] != b"DEBUG"})
    return after


class Fixture:
    """A store before the job, and what an undisturbed run makes of it."""

    def __init__(self, logq, directory, rng):
        self.world = World(logq, directory, rng)
        self.world.make()
        self.before = self.world.written()
        self.after = kept(self.before)
        self.world.whole("before", self.before, self.before)
        done = self.copy("undisturbed")
        done.run(done.job())
        done.whole("undisturbed", self.after, self.after)
        self.wanted = done.state()
        done.run(done.job())
        done.same("a second run", self.wanted)

    def copy(self, name):
        path = f"{self.world.directory}/{name}"
        shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(self.world.store, path)
        return self.world.on(path)

    def end(self, world, when):
        """The next night brings the store to where it should be."""
        world.run(world.job())
        world.whole(when, self.after, self.after)
        world.same(when, self.wanted)


# ---------------------------------------------------------------- kills

def kill(fixture, call, number, slot):
    world = fixture.copy(f"kill-{slot}")
    if not steps.killed(world, world.job(), call, number):
        return False
    when = f"killed at {call} {number}"
    try:
        world.whole(when, fixture.before, fixture.after)
        fixture.end(world, when)
    except Failure as failure:
        raise Failure(f"{failure}\n     kept: {world.store}") from None
    shutil.rmtree(world.store)
    return True


def kills(fixture, options, rng):
    world = fixture.copy("counted")
    every = [(call, number + 1) for call, count in steps.counts(world, world.job()).items()
             for number in range(count)]
    results, chosen = steps.kill_at(
        every, lambda *step: kill(fixture, *step), options, rng)
    return f"{sum(results)} kills at {chosen}"


# ---------------------------------------------------------------- searches beside it

def searches(fixture, options, rng):
    """Whoever searches sees each day whole, at every moment."""
    looks = 0
    for _ in range(1 if options.quick else 10):
        world = fixture.copy("searched")
        process = subprocess.Popen(world.job(), env=world.environment, stdin=subprocess.DEVNULL)
        while process.poll() is None:
            world.whole("beside the job", fixture.before, fixture.after)
            looks += 1
        if process.returncode:
            raise Failure(f"exit {process.returncode} beside searches")
        world.whole("afterwards", fixture.after, fixture.after)
        world.same("afterwards", fixture.wanted)
    return f"{looks} searches"


# ---------------------------------------------------------------- a shipper beside it

class Writer(threading.Thread):
    """Appends events of today and late ones, until it is told to end."""

    def __init__(self, world):
        super().__init__(daemon=True)
        self.world, self.ended = world, threading.Event()

    def run(self):
        while not self.ended.is_set():
            self.world.write("pay", [0, 0, self.world.rng.choice([1, 3, 5])], 3)
            time.sleep(0.02)


def shipper(fixture, options, rng):
    """Jobs are killed while a shipper writes to days that they write anew; nothing is lost."""
    world = World(fixture.world.program, f"{fixture.world.directory}/shipped", rng)
    world.make()
    config = f"{world.directory}/ship.conf"
    with open(config, "w", encoding="utf-8") as file:
        file.write(f"store: {world.store}\nhost: h\nreserve: 1MB\nballast: 0\nsource: app\n"
                   f"files: {world.logs}/*.log\nservice: app\nzone: UTC\n")
    ship = subprocess.Popen([world.program, "ship", "--config", config],
                            env=world.environment, stdin=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL)
    writer = Writer(world)
    writer.start()
    try:
        for _ in range(3 if options.quick else 40):
            job = subprocess.Popen(world.job(), env=world.environment, stdin=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
            try:
                job.wait(rng.random() * 1.5)
            except subprocess.TimeoutExpired:
                job.kill()
                job.wait()
        writer.ended.set()
        writer.join()
        wanted = kept(world.written())
        deadline = time.time() + 60
        while True:
            job = world.run(world.job(), status=(0, 3))
            found = world.lines()
            if job.returncode == 0 and all(found.get(x, {}) == wanted[x] for x in wanted):
                break
            if time.time() > deadline:
                differ = [x.decode() for x in wanted if found.get(x, {}) != wanted[x]]
                raise Failure(f"not caught up: {differ}, job {job.returncode}: {job.stderr!r}")
            time.sleep(0.5)
    finally:
        writer.ended.set()
        ship.terminate()
        status = ship.wait(30)
    if status:
        raise Failure(f"the shipper ended with {status}")
    world.logq("audit", f"{world.logs}/pay.log", f"{world.logs}/web.log")
    return f"{sum(x.total() for x in wanted.values())} lines"


# ---------------------------------------------------------------- a full disk

class Disk:
    """A copy of the store on a disk of its own, which is filled."""

    def __init__(self, fixture, name):
        self.mount = f"{fixture.world.directory}/{name}"
        os.makedirs(self.mount)
        size = sum(os.path.getsize(os.path.join(path, name)) for path, _, names
                   in os.walk(fixture.world.store) for name in names)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size + (4 << 20)}", "tmpfs",
                        self.mount], check=True)
        shutil.copytree(fixture.world.store, f"{self.mount}/store")
        self.world = fixture.world.on(f"{self.mount}/store")
        for name in ("catalog.db-shm", "catalog.db-wal"):  # as after a writer that ended last
            if os.path.exists(f"{self.world.store}/{name}"):
                os.unlink(f"{self.world.store}/{name}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        subprocess.run(["umount", "-l", self.mount], check=True)

    def fill(self, but=0):
        with open(f"{self.mount}/filler", "wb", buffering=0) as filler:
            try:
                while True:
                    filler.write(bytes(4096))
            except OSError:
                filler.truncate(filler.tell() - but)
        if os.statvfs(self.mount).f_bavail * 4096 != but:
            raise Failure("the disk is not full")

    def empty(self):
        os.unlink(f"{self.mount}/filler")

    def days(self):
        return [x[:-3] for x in os.listdir(f"{self.world.store}/partitions") if x.endswith(".db")]

    def run(self, policy):
        with open(f"{self.mount}.policy", "w", encoding="utf-8") as file:
            file.write(policy)
        return self.world.run([*self.world.job(), "--policy", f"{self.mount}.policy"],
                              status=(0, 3))


def full_disk(fixture, options, rng):
    """Without a free byte the job removes what is past its age, and goes on from there."""
    with Disk(fixture, "disk") as disk:
        disk.fill()
        done = disk.run(POLICY)
        gone = {x.decode() for x in fixture.before if not fixture.after[x]}
        if left := gone.intersection(disk.days()):
            raise Failure(f"still there: {left}, exit {done.returncode}: {done.stderr.decode()}")
        disk.world.whole("on a full disk", fixture.before, fixture.after)
        disk.empty()
        fixture.end(disk.world, "with room again")
    return f"exit {done.returncode}"


def size_limit(fixture, options, rng):
    """Without a free byte the oldest days go for the size of the store."""
    with Disk(fixture, "limited") as disk:
        before = disk.days()
        disk.fill()
        done = disk.run("indexed: forever\narchived: forever\nsize: 1MB\n")
        if disk.days() and sorted(before)[-len(disk.days()):] != sorted(disk.days()):
            raise Failure(f"{disk.days()} are left of {before}")
        if not 0 < len(disk.days()) < len(before):
            raise Failure(f"{disk.days()} are left, exit {done.returncode}: {done.stderr.decode()}")
        return f"{len(disk.days())} of {len(before)} days are left"


def no_room(fixture, options, rng):
    """Where a day has no room to be written anew, and nothing goes, all stays as it was."""
    with Disk(fixture, "crowded") as disk:
        before = sorted(disk.days())
        disk.fill(but=96 << 10)
        done = disk.run("indexed: 30d\narchived: forever\n")
        if done.returncode != 3 or b"no space left" not in done.stderr:
            raise Failure(f"exit {done.returncode}: {done.stderr.decode()}")
        disk.world.whole("without room", fixture.before, fixture.before)
        names = os.listdir(f"{disk.world.store}/partitions")
        if sorted(disk.days()) != before or any(".new" in x for x in names):
            raise Failure(f"left: {sorted(names)}")
        disk.empty()
        fixture.end(disk.world, "with room again")
    return f"{done.stderr.count(b'no space left')} days waited"


def main():
    options = steps.arguments(__doc__.split("\n", maxsplit=1)[0], kills=300, quick=12)
    return steps.run(options, "retention", Fixture, strace=[kills], others=[searches, shipper],
                     root=[full_disk, size_limit, no_room])


if __name__ == "__main__":
    sys.exit(main())
