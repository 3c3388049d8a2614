#!/usr/bin/env python3
"""Kills changes of fault records at every step, many at once, on a full disk, and the logs under them.

    python3 Tests/Reliability/incidents.py --logq .build/release/logq [--kills 200 | --all] [--quick]

Real processes on real files. A store has logs of several days and a record that rests on some of their
lines. strace(1) kills each command that changes a record as it enters its N-th rename, unlink, fsync,
fdatasync, pwrite64, ftruncate, openat or write: --all for each N that there is, --kills N for so many of
them at random. Then the record must be as it was or as it was to be, and the command run once more must
bring it there. Further cases: twenty processes that pin and add steps at once; a disk without a free byte
(as root); the logs archived and removed by jobs that are killed, while the pins must stay what they are.

chain.py checks the records after each of these, from their description alone. The exit status is 1 if any
case failed.
"""
import datetime
import os
import shutil
import subprocess
import sys

import chain
import retention
import steps
from harness import Failure
from retention import AGES, TODAY

RECORD = f"INC-{datetime.datetime.now(datetime.timezone.utc).year}-0001"
PINS = 6
SECRET = "secret4711"


class Fixture:
    """A store with a record: some revisions, steps, pins, and one pin that was removed."""

    def __init__(self, logq, directory, rng):
        self.world = world = retention.World(logq, directory, rng)
        world.make()
        world.logq("incident", "new", "--title", f"older title with {SECRET}")
        with open(f"{directory}/edit.json", "w", encoding="utf-8") as file:
            file.write('{"title": "支付失败", "services": ["pay"], "tags": ["a", "b"]}')
        world.logq("incident", "edit", "1", "--json", f"{directory}/edit.json")
        world.logq("incident", "pin", "1", "level:ERROR", "--limit", str(PINS),
                   "--note", f"{SECRET} {'x' * 20_000}")
        world.logq("incident", "unpin", "1", "P2", "--reason", "another fault")
        world.logq("incident", "step", "1", "looked at it", "--pin", "P1")
        self.before = self.record(world)
        self.before.in_logs()

    def record(self, world):
        return chain.records(world.store)[RECORD]

    def copy(self, name, of=None):
        path = f"{self.world.directory}/{name}"
        shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(of.store if of else self.world.store, path)
        return self.world.on(path)


class Change:
    """A command that changes the record, and what it must come to, however often it was begun."""

    def __init__(self, *arguments, kinds, after=None, again=(0,)):
        self.arguments, self.kinds, self.again = arguments, kinds, again
        self.after = after or (lambda fixture, world, record: None)
        self.name = arguments[1]

    def command(self, world):
        return world.command(*self.arguments)

    def happened(self, fixture, world):
        """Whether the change was made: the entries are those before, with its own behind or without."""
        found = chain.records(world.store)
        if self.name == "new":
            names = sorted(found)
            if found[RECORD].root != fixture.before.root or len(names) > 2:
                raise Failure(f"records: {names}")
            return len(names) == 2
        return self.grown(fixture.before, found[RECORD])

    def grown(self, before, record):
        had = len(before.entries)
        for old, new in zip(before.entries, record.entries):
            if {**old, "content": None} != {**new, "content": None}:
                raise Failure(f"entry {old['number']} was changed")
        kinds = [x["kind"] for x in record.entries[had:]]
        if kinds not in ([], self.kinds):
            raise Failure(f"behind the change are {kinds}, not {self.kinds}")
        if not kinds and (record.root, record.shown()) != (before.root, before.shown()):
            raise Failure("without the change the record is not what it was")
        return bool(kinds)


def changes(fixture):
    def pinned(_, world, record):
        record.in_logs()
        if len(record.shown()) != PINS - 1 + 3:
            raise Failure(f"{len(record.shown())} pins")

    def edited(_, world, record):
        if record.now()["title"] != "支付失败":
            raise Failure(f"the title is {record.now()['title']}")

    def stepped(_, world, record):
        if [x["text"] for x in record.now()["steps"]] != ["looked at it", "rolled back"]:
            raise Failure(f"steps: {record.now()['steps']}")

    def purged(_, world, record):
        if chain.has(world.store, SECRET.encode()):
            raise Failure("what was purged is still in a file")

    pins = [f"P{number}" for number in range(1, PINS + 1)]
    json = f"{fixture.world.directory}/edit.json"
    return [
        Change("incident", "new", "--title", "another", kinds=[]),
        Change("incident", "pin", "1", "level:WARN", "--limit", "3", kinds=["pin"] * 3,
               after=pinned),
        Change("incident", "edit", "1", "--json", json, "--severity", "P1", kinds=["edit"],
               after=edited),
        Change("incident", "step", "1", "rolled back", kinds=["step"], after=stepped),
        Change("incident", "unpin", "1", "P3", "P4", "--reason", "x", kinds=["unpin"] * 2,
               again=(2,)),
        Change("incident", "purge", "1", *pins, "--entry", "1", "--reason", "erasure", "--yes",
               kinds=["purge"], after=purged, again=(1,)),
    ]


# ---------------------------------------------------------------- kills

def counts(fixture, change):
    """How many of each call the command makes when nobody disturbs it; it must do what it should."""
    world = fixture.copy("counted")
    found = steps.counts(world, change.command(world))
    if not change.happened(fixture, world):
        raise Failure(f"{change.name} changes nothing")
    change.after(fixture, world, fixture.record(world))
    return found


def kill(fixture, change, call, number, slot):
    when = f"{change.name} killed at {call} {number}"
    world = fixture.copy(f"kill-{slot}")
    try:
        was_killed = steps.killed(world, change.command(world), call, number)
        happened = change.happened(fixture, world)
        if change.name in ("pin", "unpin", "purge") or not happened:
            world.run(change.command(world), status=change.again if happened else (0,))
        if not change.happened(fixture, world):
            raise Failure("run once more, it changes nothing")
        change.after(fixture, world, fixture.record(world))
    except Failure as failure:
        raise Failure(f"{when}: {failure}\n     kept: {world.store}") from None
    shutil.rmtree(world.store)
    return was_killed, happened


def kills(fixture, options, rng):
    every = [(change, call, number + 1) for change in changes(fixture)
             for call, count in counts(fixture, change).items() for number in range(count)]
    results, chosen = steps.kill_at(
        every, lambda *step: kill(fixture, *step), options, rng)
    behind = sum(was_killed and happened for was_killed, happened in results)
    return f"{sum(x for x, _ in results)} kills at {chosen}, {behind} behind the change"


# ---------------------------------------------------------------- many at once

def at_once(fixture, options, rng):
    """Twenty processes pin and add steps to one record; each change is there, once."""
    world = fixture.copy("crowd")
    lines = rng.sample(range(1, fixture.world.number + 1), 10)
    commands = [world.command("incident", "pin", "1", f"n{number:07}") for number in lines] + [
        world.command("incident", "step", "1", f"step {number}") for number in range(10)]
    rng.shuffle(commands)
    for _ in range(1 if options.quick else 3):  # the second time all events are pinned already
        running = [subprocess.Popen(x, env=world.environment, stdin=subprocess.DEVNULL,
                                    stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
                   for x in commands]
        for command, process in zip(commands, running):
            said = process.communicate(timeout=120)[1]
            if process.returncode:
                raise Failure(f"{command[1:5]}: exit {process.returncode}: {said.decode()}")
    record = fixture.record(world)
    record.in_logs()
    times = 1 if options.quick else 3
    texts = sorted(x["text"] for x in record.now()["steps"])
    wanted = sorted(["looked at it"] + [f"step {number}" for number in range(10)] * times)
    if texts != wanted:
        raise Failure(f"steps: {texts}")
    pinned = [x[1] for x in record.shown()]
    for number in lines:
        count = sum(b"n%07d " % number in event for event in pinned)
        if count != 1:
            raise Failure(f"line {number} is pinned {count} times")
    return f"{len(commands) * times} changes, {len(record.entries)} entries"


# ---------------------------------------------------------------- a full disk

def full_disk(fixture, options, rng):
    """Without a free byte a change says so and loses nothing; with the ballast, or room, it goes on."""
    change = changes(fixture)[1]
    with retention.Disk(fixture, "disk") as disk:
        world = disk.world
        disk.fill()
        done = world.run(change.command(world), status=(2,))
        if b"no space left" not in done.stderr or change.happened(fixture, world):
            raise Failure(f"on a full disk: {done.stderr.decode()}")
        world.logq("incident", "list")
        disk.empty()
        with open(f"{world.store}/ballast", "wb") as ballast:
            ballast.write(bytes(1 << 20))
        disk.fill()
        world.run(change.command(world))
        if os.path.exists(f"{world.store}/ballast") or not change.happened(fixture, world):
            raise Failure("the ballast was of no use")
        change.after(fixture, world, fixture.record(world))
        disk.empty()
        world.logq("incident", "step", "1", "with room again")
    return done.stderr.decode().strip()


# ---------------------------------------------------------------- retention

def logs_go(fixture, options, rng):
    """Days are archived, merged and removed by jobs that are killed: the pins stay, byte for byte."""
    pinned = fixture.copy("aging")
    for age in AGES:
        day = TODAY - datetime.timedelta(days=age)
        pinned.logq("incident", "pin", "1", "*", "--at", str(day), "--limit", "4")
    before = fixture.record(pinned)
    before.in_logs()
    killed = 0
    for _ in range(6 if options.quick else 60):
        world = fixture.copy("aged", of=pinned)
        call = rng.choice(["rename", "unlink", "fdatasync", "pwrite64"])
        job = rng.choice([world.job(), world.command("compact", "--quiet")])
        killed += steps.killed(world, job, call, rng.randrange(1, 40))
        same(before, fixture.record(world), "after a kill")
        world.run(world.job())
        same(before, fixture.record(world), "in the end")
        days = [x for x in os.listdir(f"{world.store}/partitions") if x.endswith(".db")]
        if len(days) >= len(AGES):
            raise Failure(f"nothing was removed: {days}")
    # Lines of archived days can still be pinned; of their neighbours some were removed.
    world.logq("incident", "pin", "1", "level:INFO", "--limit", "5")
    fixture.record(world).in_logs(removed=True)
    return f"{killed} kills; {len(before.shown())} pins, {len(days)} of {len(AGES)} days are left"


def same(before, after, when):
    if (before.root, before.shown()) != (after.root, after.shown()):
        raise Failure(f"{when}: the pins are not what they were")


def main():
    options = steps.arguments(__doc__.split("\n", maxsplit=1)[0], kills=200, quick=60)
    return steps.run(options, "incidents", Fixture, strace=[kills, logs_go], others=[at_once],
                     root=[full_disk])


if __name__ == "__main__":
    sys.exit(main())
