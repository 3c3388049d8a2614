"""R15: random sequences of writes, rotations, deletions, stops and kills, against the model.

A sequence is drawn whole before it is run: a row of actions, each with numbers in 0..<1 that
choose among what is there when its turn comes. So any part of a sequence is a sequence, and a
failing one is shrunk by leaving steps out.
"""
import random
import subprocess
import time

from harness import Failure, World
from model import Lines

ACTIVE = ["app.log", "control.log"]
ACTIONS = {
    "write": 30, "big write": 2, "rename": 6, "date": 4, "copytruncate": 5, "copytruncate load": 2,
    "pack": 6, "finish packing": 5, "delete": 2, "wait": 6, "settle": 3, "stop": 4, "kill": 5,
    "start": 10, "once": 4, "once killed": 4,
}


def add(suite, count):
    for number in range(count):
        seed = suite.seed + number
        suite.case(f"R15 sequence --seed {seed}", lambda world, seed=seed: run(world, seed),
                   quick=True)


def draw(seed):
    rng = random.Random(seed)
    names, weights = list(ACTIONS), list(ACTIONS.values())
    return [(rng.choices(names, weights)[0], rng.random(), rng.random(), rng.random())
            for _ in range(rng.choice([8, 15, 30, 60]))]


def run(world, seed):
    steps = draw(seed)
    try:
        Sequence(world, seed).run(steps)
    except Failure as failure:
        shown = "\n".join(f"  {i}: {x}" for i, x in enumerate(world.did))
        shrunk = shrink(world, seed, steps) if world.suite.keep else ""
        raise Failure(f"{failure}\nsteps:\n{shown}{shrunk}") from None


def shrink(world, seed, steps):
    """Leaves steps out as long as it still fails, for a minute."""
    until = time.time() + 60
    size, best = len(steps) // 2, None
    while size > 0 and time.time() < until:
        at = 0
        while at < len(steps) and time.time() < until:
            fewer = steps[:at] + steps[at + size:]
            other = World(world.suite, world.name, f"{world.directory}/shrink-{time.time_ns()}")
            try:
                Sequence(other, seed).run(fewer, deadline=6)
                at += size
            except Failure as failure:
                steps, best = fewer, (failure, other.did)
            finally:
                other.end()
        size //= 2
    if not best:
        return ""
    shown = "\n".join(f"  {i}: {x}" for i, x in enumerate(best[1]))
    return f"\nshrunk: {best[0]}\n{shown}"


class Sequence:
    def __init__(self, world, seed):
        self.world, self.logs = world, world.logs
        rng = random.Random(f"content {seed}")
        self.lines = Lines(rng, rng.choice(["utf-8", "utf-8", "gbk"]),
                           rng.choice(["\n", "\n", "\r\n"]), rng.choice([1, 1, 1000, 600_000]))
        # What two logs of one service begin with: more than what files are recognised by.
        self.banner = b"".join(b"2026-11-20 09:00:00.%03d [main] INFO  c.e.Boot - starting %d\n"
                               % (i, i) for i in range(60)) if rng.random() < 0.2 else b""
        self.rests = {}
        self.packing = {}
        self.number = 0
        world.did = []
        world.configure("*.log* *.tmp")

    def run(self, steps, deadline=30):
        for action, *numbers in steps:
            getattr(self, action.replace(" ", "_"))(*numbers)
        for name in list(self.packing):
            self.end_packing(name)
        for name in ACTIVE:
            if name in self.logs.at:
                self.append(name, self.rest(name) + self.lines.java())
        self.note("catch up")
        self.world.finish(audit=not any(x.kept is not None for x in self.logs.contents),
                          deadline=deadline)

    def note(self, text):
        self.world.did.append(text)

    # ------------------------------------------------------------ writing

    def rest(self, name):
        return self.rests.pop(name, b"")

    def append(self, name, data):
        if name not in self.logs.at or not self.logs.at[name].data:
            data = self.banner + data
        self.note(f"write {len(data)} bytes to {name}, ending in {data[-12:]!r}")
        self.logs.write(name, data)

    def active(self, number):
        return ACTIVE[int(number * 1.3) % 2]

    def write(self, a, b, c, most=5000):
        """Some bytes, cut anywhere; the rest of the line comes with the next write."""
        name = self.active(a)
        count = int(most ** b) + 1
        data = self.rest(name)
        while len(data) < count:
            data += self.lines.java()
        if c < 0.5:
            count = len(data)
        self.rests[name] = data[count:]
        self.append(name, data[:count])

    def big_write(self, a, b, c):
        self.write(a, b, c, most=3_000_000)

    # ------------------------------------------------------------ rotating

    def end_line(self, name, number):
        """Mostly the line is ended before; it may stay cut, or go on in the new file."""
        if number < 0.6 and name in self.logs.at and name in self.rests:
            rest = self.rest(name)
            if rest:
                self.append(name, rest)
        elif number < 0.9:
            self.rest(name)

    def rename(self, a, b, c):
        name = self.active(a)
        if name not in self.logs.at:
            return
        self.end_line(name, b)
        for packing in list(self.packing):
            self.end_packing(packing)
        self.note(f"shift {name}, {name}.1, …")
        for number in range(20, 0, -1):
            for ending in ("", ".gz"):
                old = f"{name}.{number}{ending}"
                if old in self.logs.at:
                    self.logs.rename(old, f"{name}.{number + 1}{ending}")
        self.logs.rename(name, f"{name}.1")
        if c < 0.5:
            self.logs.create(name)

    def date(self, a, b, c):
        name = self.active(a)
        if name not in self.logs.at:
            return
        self.end_line(name, b)
        self.number += 1
        to = name.replace(".log", f".2026-11-20.{self.number}.log")
        if c < 0.3:
            to = f"{name}{time.monotonic_ns()}.tmp"
        self.note(f"rename {name} to {to}")
        self.logs.rename(name, to)

    def copytruncate(self, a, b, c, between=b""):
        name = self.active(a)
        if name not in self.logs.at or not self.logs.at[name].data:
            return
        self.end_line(name, b)
        self.number += 1
        to = f"{name}-20261120{self.number:02}"
        self.note(f"copy {name} to {to}, write {len(between)} bytes, truncate")
        pause = (lambda: time.sleep(0.05)) if c < 0.3 else (lambda: None)
        self.logs.copy_truncate(name, to, between, parts=1 + int(c * 3), pause=pause)

    def copytruncate_load(self, a, b, c):
        between = self.lines.java(1 + int(c * 4))
        self.copytruncate(a, b, c, between[:-5] if b < 0.3 else between)

    def old(self, number):
        """A file that rotation has left, by chance."""
        names = [x for x in self.logs.at if x not in ACTIVE and x not in self.packing
                 and x not in [to for to, _ in self.packing.values()]]
        return names[int(number * len(names))] if names else None

    def pack(self, a, b, c):
        """Makes the .gz of an old file, or its first part; the plain file stays for now."""
        name = self.old(a)
        if not name or name.endswith(".gz") or name + ".gz" in self.logs.at:
            return
        to = name.replace(".tmp", ".log") + ".gz"
        self.note(f"pack {name} to {to}{', half of it' if b < 0.5 else ''}")
        self.logs.compress(name, to, members=1 + int(c * 2))
        if b < 0.5:
            with open(self.logs.path(to), "rb") as file:
                data = file.read()
            with open(self.logs.path(to), "wb") as file:
                file.write(data[:int(len(data) * c)])
            self.packing[name] = (to, data)
        elif c < 0.6:
            self.note(f"delete {name}")
            self.logs.delete(name)

    def finish_packing(self, a, b, c):
        for name in list(self.packing)[:1]:
            self.end_packing(name)

    def end_packing(self, name):
        to, data = self.packing.pop(name)
        self.note(f"finish packing {name}, delete it")
        with open(self.logs.path(to), "r+b") as file:
            file.seek(0, 2)
            file.write(data[file.tell():])
        self.logs.delete(name)

    def delete(self, a, b, c):
        """An old file goes; mostly one that was read, or of which there is another."""
        name = self.old(a)
        if not name:
            return
        content = self.logs.at[name]
        if content.shipped < content.must and b < 0.9:
            return
        self.note(f"delete {name}, {content.shipped} of {len(content.data)} bytes known as read")
        self.logs.delete(name)

    # ------------------------------------------------------------ the shipper

    def wait(self, a, b, c):
        self.note("wait")
        time.sleep(a * a * 0.7)

    def settle(self, a, b, c):
        if self.world.process:
            self.note("catch up")
            self.world.settle()

    def start(self, a, b, c):
        if not self.world.process:
            self.note("start")
            self.world.start()

    def stop(self, a, b, c):
        if self.world.process:
            self.note("stop")
            self.world.stop()

    def kill(self, a, b, c):
        if self.world.process:
            self.note("kill")
            self.world.kill()

    def once(self, a, b, c):
        if not self.world.process:
            self.note("--once")
            self.world.once(status=(0, 3))

    def once_killed(self, a, b, c):
        if self.world.process:
            return
        self.note(f"--once, killed after {a * 0.06:.3f} s")
        process = subprocess.Popen(
            self.world.command("--once"), env=self.world.suite.environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(a * 0.06)
        process.kill()
        process.wait()
