"""R11 and R12: kills, a damaged catalogue, a store that is full, or held by another process."""
import fcntl
import glob
import os
import shutil
import sqlite3
import subprocess
import time

import pages
from harness import Failure


def add(suite):
    suite.case("R11 killed at random moments", killed, quick=True)
    for what in ("removed", "of an hour ago", "with flipped bytes", "cut in half", "empty"):
        suite.case(f"R11 catalogue {what}", lambda world, what=what: catalogue(world, what),
                   quick=what == "removed")
    for what in ("ahead", "behind", "nothing", "another place"):
        suite.case(f"R11 position record says {what}", lambda world, what=what: position(
            world, what), quick=what == "ahead")
    suite.case("R12 the store's disk is full, then not", disk_full, root=True)
    suite.case("R12 the store's disk is full, killed", disk_full_killed, root=True)
    suite.case("R12 the store's directory cannot be written for a while", store_away,
               root=True)
    suite.case("R12 another process holds the lock", lock_held, quick=True)
    suite.case("R12 another process writes the store", other_writer)
    suite.case("R12 searching beside the shipper", searching, quick=True)
    suite.case("R12 two shippers", two_shippers)


# ------------------------------------------------------------ R11

def killed(world):
    for number in range(12):
        world.start()
        for _ in range(world.rng.randrange(5)):
            world.logs.write("app.log", world.lines.java(world.rng.choice([1, 100, 2000])))
            time.sleep(world.rng.random() * 0.05)
        time.sleep(world.rng.random() * 0.4)
        world.kill()
        if number % 4 == 3:
            world.logs.rename("app.log", f"app.log.{number}")
    world.finish(deadline=60)


def filled(world):
    """A store that has some, and logs that have more; the shipper killed in between."""
    world.logs.write("app.log", world.lines.java(3000))
    world.logs.write("app.1.log", world.lines.java(50)[:-11])
    world.start()
    world.settle()
    world.stop()
    saved = os.path.join(world.directory, "saved")
    os.mkdir(saved)
    for path in glob.glob(os.path.join(world.store, "catalog.db*")):
        shutil.copy(path, saved)
    world.start()
    world.logs.write("app.log", world.lines.java(1000))
    world.logs.write("app.1.log", b" rest of it\n" + world.lines.java(3))
    world.settle()
    world.kill()
    return saved


def catalogue(world, what):
    """Either it goes on by itself, or it says that the catalogue is damaged and waits."""
    saved = filled(world)
    path = os.path.join(world.store, "catalog.db")
    connection = sqlite3.connect(path)  # what stands in the log of the database goes to its pages
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    pages.seal(path)
    if what == "removed":
        remove_catalogue(world)
    elif what == "of an hour ago":
        remove_catalogue(world)
        for name in os.listdir(saved):
            shutil.copy(os.path.join(saved, name), world.store)
    else:
        with open(path, "r+b") as file:
            size = os.path.getsize(path)
            if what == "with flipped bytes":
                for _ in range(3):
                    at = world.rng.randrange(size - 200)
                    file.seek(at)
                    data = file.read(100)
                    file.seek(at)
                    file.write(bytes(x ^ 0x5A for x in data))
            else:
                file.truncate(size // 2 if what == "cut in half" else 0)
    world.logs.write("app.log", world.lines.java(20))
    world.start()
    try:
        world.process.wait(2)
        said = world.said()
        world.check(world.process.returncode in (1, 2) and "catalog" in said,
                    f"exit {world.process.returncode}: {said}")
        world.process = None
        world.note = "refused, catalogue moved away"
        remove_catalogue(world)
    except subprocess.TimeoutExpired:
        time.sleep(1)
        if not agrees(world):  # it waits for the damage to be seen to
            world.stop()
            world.note = "went on, catalogue moved away"
            remove_catalogue(world)
    world.finish()


def agrees(world):
    try:
        return not world.problems()
    except Failure:
        return False


def remove_catalogue(world):
    for path in glob.glob(os.path.join(world.store, "catalog.db*")):
        os.remove(path)


def position(world, what):
    """The record is sound as a database, and wrong."""
    filled(world)
    path = os.path.join(world.store, "catalog.db")
    connection = sqlite3.connect(path)
    with connection:
        if what == "ahead":
            connection.execute("UPDATE generation SET position = position + 100000, "
                               "open_offset = position + 100000")
        elif what == "behind":
            connection.execute("UPDATE generation SET position = 0, open_offset = 0")
            connection.execute("DELETE FROM checkpoint")
        elif what == "nothing":
            connection.execute("DELETE FROM checkpoint")
            connection.execute("DELETE FROM generation")
        else:
            connection.execute("UPDATE checkpoint SET guard = randomblob(16)")
    connection.close()
    pages.seal(path)
    world.logs.write("app.log", world.lines.java(20))
    if what == "another place":
        # Nothing holds any more that the file is the one that was read: it is read as another.
        world.start()
        until = time.time() + 20
        while any("missing" in x for x in world.problems()):
            world.check(time.time() < until, f"{world.problems()}")
            time.sleep(0.2)
        return
    world.finish(audit=what != "ahead")


# ------------------------------------------------------------ R12

def small_disk(world, mebibytes):
    os.makedirs(world.store, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m,mode=700", "none",
                    world.store], check=True)
    world.ends.append(lambda: subprocess.run(["umount", "-l", world.store], check=False))


def fill(world, left):
    """Takes all space but `left` bytes, in a file that stands in the way."""
    path = os.path.join(world.store, "in-the-way")
    with open(path, "wb") as file:
        for _ in range(20):
            state = os.statvfs(world.store)
            size = state.f_bavail * state.f_frsize - left
            try:
                if size > 0:
                    os.posix_fallocate(file.fileno(), 0, size)
                return path
            except OSError:  # the shipper took some of it meanwhile
                file.truncate(0)
    raise Failure("the disk cannot be filled")


SMALL = ("reserve: 1MiB", "ballast: 1MiB")


def disk_full(world):
    """Taking in waits while there is no space, says so, and goes on by itself."""
    small_disk(world, 48)
    world.configure("app.log*", *SMALL)
    world.logs.write("app.log", world.lines.java(2000))
    world.start()
    world.settle()
    filler = fill(world, 600_000)
    for _ in range(30):
        world.logs.write("app.log", world.lines.java(4000))
        time.sleep(0.05)
    world.logs.rename("app.log", "app.log.1")
    world.logs.write("app.log", world.lines.java(10))
    time.sleep(3)
    alive(world)
    world.check(world.problems(), "the disk was not full: nothing is missing")
    found = world.logq("search", "--count", "", status=(0,)).stdout
    world.check(int(found) >= 2000, f"search at a full disk finds {found!r}")
    os.remove(filler)
    began = time.time()
    world.settle(deadline=60)
    world.note = f"caught up {time.time() - began:.1f} s after there was space"
    world.finish()


def disk_full_killed(world):
    small_disk(world, 48)
    world.configure("app.log*", *SMALL)
    world.start()
    for turn in range(4):
        world.logs.write("app.log", world.lines.java(8000))
        filler = fill(world, world.rng.randrange(400_000))
        for _ in range(5):
            world.logs.write("app.log", world.lines.java(3000))
            time.sleep(0.1)
        alive(world)
        world.kill()
        if turn % 2:
            world.start()  # starts at a full disk
            time.sleep(0.7)
            alive(world)
            os.remove(filler)
        else:
            os.remove(filler)
            world.start()
        if turn == 1:
            world.settle(deadline=60)
    world.finish(deadline=60)


def alive(world):
    world.check(world.process.poll() is None, "the shipper ended by itself with "
                f"{world.process.returncode}: {world.said()}")


def store_away(world):
    """The store is mounted read-only for a while: writing fails, as with a broken disk."""
    small_disk(world, 64)
    world.configure("app.log*", *SMALL)
    world.logs.write("app.log", world.lines.java(500))
    world.start()
    world.settle()
    world.stop()
    subprocess.run(["mount", "-o", "remount,ro", world.store], check=True)
    world.start()
    world.logs.write("app.log", world.lines.java(500))
    time.sleep(2)
    if world.process.poll() is not None:
        world.note = f"ended with {world.process.returncode}"
        world.check(world.process.returncode != 0 and world.said(), "it ended without a word")
        world.process = None
    subprocess.run(["mount", "-o", "remount,rw", world.store], check=True)
    world.finish()


def lock_held(world):
    """Something else has the writer's lock for a while; nothing is lost for it."""
    world.logs.write("app.log", world.lines.java(100))
    world.start()
    world.settle()
    with open(os.path.join(world.store, "writer.lock"), "r+b") as lock:
        until = time.time() + 10
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                world.check(time.time() < until, "the shipper holds the lock while it is idle")
                time.sleep(0.01)
        for _ in range(10):
            world.logs.write("app.log", world.lines.java(200))
            time.sleep(0.25)
        world.logs.rename("app.log", "app.log.1")
        world.logs.write("app.log", world.lines.java(10))
        alive(world)
    world.finish()


def other_writer(world):
    """`ingest` and `compact` write the store between the shipper's turns."""
    other = os.path.join(world.directory, "other.txt")
    with open(other, "wb") as file:
        file.write(world.lines.java(60_000))
    world.logs.write("app.log", world.lines.java(100))
    world.start()
    world.settle()
    ingest = subprocess.Popen(
        [world.suite.logq, "ingest", "--quiet", "--host", "other", "--data", world.store, other],
        env=world.suite.environment)
    while ingest.poll() is None:
        world.logs.write("app.log", world.lines.java(20))
        time.sleep(0.02)
    world.check(ingest.returncode == 0, f"ingest: exit {ingest.returncode}")
    for turn in range(3):
        world.logs.write("app.log", world.lines.java(500))
        time.sleep(0.3)
        world.logq("compact", status=(0,))
    with open(other, "rb") as file:
        world.logs.write("other.txt", file.read())  # the model knows of it; no glob names it
    world.finish()


def searching(world):
    """Every answer while the shipper writes is whole: it has all that an earlier one had."""
    world.start()
    least, asked = 0, 0
    until = time.time() + 4
    while time.time() < until:
        world.logs.write("app.log", world.lines.java(5))
        done = world.logq("search", "--raw", "--limit", "0", "", status=None)
        world.check(done.returncode in (0, 1) or least == 0,
                    f"answer {asked}: exit {done.returncode}: {done.stderr[:300]!r}")
        lines = done.stdout.count(b" n0")
        world.check(lines >= least, f"answer {asked}: {lines} events after {least}")
        least, asked = lines, asked + 1
    world.note = f"{asked} searches"
    world.finish()


def two_shippers(world):
    """The second says that there is one, and ends; the first goes on."""
    world.logs.write("app.log", world.lines.java(100))
    world.start()
    world.settle()
    done = subprocess.run(world.command(), capture_output=True, env=world.suite.environment,
                          timeout=20, check=False)
    world.check(done.returncode == 2 and done.stderr, f"the second: exit {done.returncode}, "
                f"{done.stderr[-300:]!r}")
    world.logs.write("app.log", world.lines.java(100))
    world.finish()
