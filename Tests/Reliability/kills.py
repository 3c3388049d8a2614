"""kill -9 at random moments, again and again, under steady writing and rotation."""
import collections
import random
import threading
import time

from harness import Failure
from model import Lines, Logs

EPOCH = 50


def add(suite, count):
    """Fifty kills a store: after each, nothing is there twice; after fifty, all is there once."""
    for number in range(0, count, EPOCH):
        seed = suite.seed + number
        kills = min(EPOCH, count - number)
        suite.case(f"{kills} kills --seed {seed}",
                   lambda world, seed=seed, kills=kills: run(world, seed, kills), quick=True)


class Program(threading.Thread):
    """Writes one log at its pace, and rotates it in its way."""

    def __init__(self, world, number, rng, ended):
        super().__init__(daemon=True)
        self.logs = Logs(world.logs.directory)
        self.name = f"app{number}.log"
        self.lines = Lines(rng)
        self.lines.number = number * 10_000_000
        self.rng, self.ended, self.rolls = rng, ended, 0
        self.rotate = [self.logback, self.shift, self.copytruncate][number % 3]
        self.problem = None

    def run(self):
        try:
            while not self.ended.is_set():
                data = self.lines.java(self.rng.choice([1, 10, 50]))
                cut = self.rng.randrange(len(data)) if self.rng.random() < 0.3 else 0
                for part in (data[:cut], data[cut:]) if cut else (data,):
                    self.logs.write(self.name, part)
                    time.sleep(self.rng.random() * 0.02)
                if self.rng.random() < 0.03:
                    self.rotate()
        except Exception as error:
            self.problem = error

    def logback(self):
        self.rolls += 1
        passing = f"{self.name}{time.monotonic_ns()}.tmp"
        self.logs.rename(self.name, passing)
        if self.rng.random() < 0.5:
            self.logs.write(self.name, self.lines.java())
        self.logs.compress(passing, f"{self.name}.{self.rolls}.gz", 3, self.pause)
        self.logs.delete(passing)

    def shift(self):
        for number in range(self.rolls, 0, -1):
            self.logs.rename(f"{self.name}.{number}", f"{self.name}.{number + 1}")
        self.rolls += 1
        self.logs.rename(self.name, f"{self.name}.1")

    def copytruncate(self):
        self.rolls += 1
        copy = f"{self.name}-20261120{self.rolls:03}"
        self.logs.copy_truncate(self.name, copy, parts=2, pause=self.pause)

    def pause(self):
        time.sleep(self.rng.random() * 0.03)


def run(world, seed, kills):
    rng = random.Random(seed)
    world.configure("app*.log* app*.tmp")
    ended = threading.Event()
    programs = [Program(world, number, random.Random(f"{seed} {number}"), ended)
                for number in range(5)]
    for program in programs:
        program.start()
    began = time.time()
    try:
        for kill in range(kills):
            world.start()
            time.sleep(rng.choice([0.02, 0.1, 0.3, 0.9]) * rng.random())
            world.kill()
            nothing_twice(world, kill)
    finally:
        ended.set()
        for program in programs:
            program.join()
    for program in programs:
        if program.problem:
            raise program.problem
        world.logs.contents += program.logs.contents
        world.logs.cut |= program.logs.cut
    for number, content in enumerate(world.logs.contents):
        content.number = number
    seconds = time.time() - began
    world.finish(deadline=120)
    size = sum(len(x.data) for x in world.logs.contents)
    world.note = f"{kills} kills in {seconds:.0f} s, {len(world.logs.contents)} generations, " \
        f"{size / 1e6:.1f} MB, {sum(x.lines.number % 10_000_000 for x in programs)} events"


def nothing_twice(world, kill):
    lines = world.stored().split(b"\n")
    # Lines are unlike each other, but for the beginnings of open ones.
    double = [(x, n) for x, n in collections.Counter(lines).items() if n > 1 and len(x) > 60]
    if double:
        raise Failure(f"after kill {kill + 1}: {len(double)} lines twice, such as {double[:2]}")
