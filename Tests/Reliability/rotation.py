"""R1 to R7: what rotation does, with the shipper running, and stopped between any two steps."""
import itertools
import os
import time

from model import Lines


def add(suite):
    suite.case("R1 Logback rollovers, running", logback_running, quick=True)
    suite.case("R1 the inode comes back at once", inode_comes_back, quick=True)
    suite.case("R1 rollovers under steady writing", logback_under_load)
    stopped(suite, "R2 Logback", logback_steps, quick=2)
    suite.case("R3 three rollovers while stopped", three_while_stopped, quick=True)
    stopped(suite, "R3 %i restarts at 0", index_restarts)
    stopped(suite, "R3 numbered shift, delayed compression", numbered_shift)
    suite.case("R4 two days' files in one second", two_days, quick=True)
    stopped(suite, "R4 dated files", dated_steps)
    stopped(suite, "R5 nginx", nginx_steps, quick=2)
    stopped(suite, "R6 copytruncate at rest", copy_truncate_steps, quick=2)
    suite.case("R6 copytruncate at rest, many times", copy_truncate_often)
    suite.case("R6 copytruncate after a second of rest", copy_truncate_rested)
    suite.case("R6 copytruncate under load", copy_truncate_load, quick=True)
    suite.case("R6 copytruncate under load, stopped", copy_truncate_load_stopped)
    suite.case("R6 no copy is kept", truncate_unseen)
    for how in ("running", "stopped", "killed"):
        suite.case(f"R7 truncated and grown past the position, {how}",
                   lambda world, how=how: regrown(world, how), quick=how != "stopped")
        suite.case(f"R7 rewritten to the same size, {how}",
                   lambda world, how=how: rewritten(world, how))


# ------------------------------------------------------------ steps, and stops between them

def stopped(suite, name, steps, quick=0):
    """A case for each pair of steps before which the shipper is stopped and started again."""
    count = len(steps(None))
    downs = [None, *itertools.combinations(range(1, count + 1), 2)]
    for index, down in enumerate(downs):
        for ends in ("stopped", "killed"):
            if down is None:
                if ends == "killed":
                    continue
                title = f"{name}, running"
            else:
                title = f"{name}, {ends} before step {down[0]} until step {down[1]}"
            chosen = index % max(1, len(downs) // quick) == 0 if quick else False
            suite.case(title, lambda world, down=down, ends=ends: through(
                world, steps(world), down, ends), quick=chosen and ends == "killed" or
                down is None and quick > 0)


def through(world, steps, down, ends):
    """Does the steps; `down`: the shipper does not run from before the first to the second."""
    world.start()
    for index, step in enumerate([*steps, lambda: None]):
        if down and index == down[0]:
            if world.rng.random() < 0.7:
                world.settle("caught up before the stop")
            world.kill() if ends == "killed" else world.stop()
        if down and index == down[1] and index > down[0]:
            world.start()
        step()
        if world.process:
            time.sleep(world.rng.choice([0, 0, 0.05, 0.3, 0.8]))
    world.finish()


def logback_steps(world):
    """Size and time based policy: rename, new file, .gz of the renamed one, delete."""
    if not world:
        return [None] * 9
    logs, lines = world.logs, world.lines
    half = {}

    def begin_line():
        data, whole = lines.java(100), lines.java()
        half["rest"] = whole[len(whole) // 2:]
        logs.write("app.log", data + whole[:len(whole) // 2])

    parts = {"pause": lambda: time.sleep(0.1)}
    return [
        lambda: logs.write("app.log", lines.java(300)),
        begin_line,
        lambda: logs.write("app.log", half["rest"] + lines.java(20)),
        lambda: logs.rename("app.log", "app.log81237419.tmp"),
        lambda: logs.write("app.log", lines.java(30)),
        lambda: logs.compress("app.log81237419.tmp", "app.2026-11-20.0.log.gz", 3, **parts),
        lambda: logs.write("app.log", lines.java(200)),
        lambda: logs.delete("app.log81237419.tmp"),
        lambda: logs.write("app.log", lines.java(10)),
    ]


def logback_running(world):
    world.start()
    for number in range(6):
        world.logs.write("app.log", world.lines.java(100))
        time.sleep(world.rng.choice([0, 0.02, 0.3]))
        roll_logback(world, number)
    world.finish()


def roll_logback(world, number):
    """All steps in one breath; the new file gets the old one's inode."""
    logs, passing = world.logs, f"app.log{time.monotonic_ns()}.tmp"
    before = os.stat(logs.path("app.log")).st_ino
    logs.rename("app.log", passing)
    logs.compress(passing, f"app.2026-11-20.{number}.log.gz")
    logs.delete(passing)
    after = logs.create("app.log")
    logs.write("app.log", world.lines.java(5))
    return before == after


def inode_comes_back(world):
    """Half a file is read when it goes; what has its inode then is another."""
    world.logs.write("app.log", world.lines.java(50))
    same = 0
    for number in range(4):
        world.start()
        world.settle()
        if number % 2:
            world.kill()
        world.logs.write("app.log", world.lines.java(50))
        same += roll_logback(world, number)
        world.logs.write("app.log", world.lines.java(80))
        if not number % 2:
            world.settle()
            world.kill()
    world.note = f"{same} of 4 times the same inode"
    world.finish()


def logback_under_load(world):
    world.start()
    for number in range(25):
        for _ in range(10):
            world.logs.write("app.log", world.lines.java(200))
            time.sleep(0.005)
        roll_logback(world, number)
    world.finish()


def three_while_stopped(world):
    logs, lines = world.logs, world.lines
    logs.write("app.log", lines.java(40))
    world.start()
    world.settle()
    world.stop()
    for number in range(3):
        logs.write("app.log", lines.java(100)[:-7 if number == 1 else None])
        roll_logback(world, number)
    world.start()
    world.finish()


def index_restarts(world):
    """Size and time: the index in the name begins at 0 again with each day."""
    if not world:
        return [None] * 8
    logs, lines = world.logs, world.lines

    def roll(day, index, gz):
        logs.rename("app.log", f"app.{day}.{index}.log")
        logs.write("app.log", lines.java(60))
        if gz:
            logs.compress(f"app.{day}.{index}.log", f"app.{day}.{index}.log.gz", 2)
            logs.delete(f"app.{day}.{index}.log")

    return [
        lambda: logs.write("app.log", lines.java(100)),
        lambda: roll("2026-11-20", 0, True),
        lambda: roll("2026-11-20", 1, False),
        lambda: logs.write("app.log", lines.java(20)),
        lambda: roll("2026-11-21", 0, True),
        lambda: roll("2026-11-21", 1, True),
        lambda: logs.write("app.log", lines.java(20)),
        lambda: roll("2026-11-22", 0, False),
    ]


def numbered_shift(world):
    """logrotate with delaycompress: .2.gz from .1, .1 from the log; .3.gz goes."""
    if not world:
        return [None] * 8
    logs, lines = world.logs, world.lines

    def shift():
        if "app.log.3.gz" in logs.at:
            logs.delete("app.log.3.gz")
        if "app.log.2.gz" in logs.at:
            logs.rename("app.log.2.gz", "app.log.3.gz")
        if "app.log.1" in logs.at:
            logs.rename("app.log.1", "app.log.2")
            logs.compress("app.log.2", "app.log.2.gz", 2)
            logs.delete("app.log.2")
        logs.rename("app.log", "app.log.1")
        logs.create("app.log")

    def write(count):
        return lambda: logs.write("app.log", lines.java(count))

    return [write(200), shift, write(30), shift, write(5), shift, write(100), write(1)]


# ------------------------------------------------------------ dated files, nginx

def two_days(world):
    """Around midnight both days' files are written, by threads that took their time before."""
    world.configure("app.*.log")
    world.start()
    for number in range(40):
        for day in ("2026-11-20", "2026-11-21")[:2 if 10 < number < 30 else 1 + (number >= 30)]:
            world.logs.write(f"app.{day}.log", world.lines.java(3))
        time.sleep(0.01)
    world.finish()


def dated_steps(world):
    """No name is fixed: each day has its file, and yesterday's becomes a .gz."""
    if not world:
        return [None] * 6
    world.configure("app.*.log app.*.log.gz")
    logs, lines = world.logs, world.lines

    def both():
        for _ in range(20):
            logs.write("app.2026-11-21.log", lines.java(2))
            logs.write("app.2026-11-20.log", lines.java(2))

    return [
        lambda: logs.write("app.2026-11-20.log", lines.java(100)),
        both,
        lambda: logs.write("app.2026-11-21.log", lines.java(50)),
        lambda: logs.compress("app.2026-11-20.log", "app.2026-11-20.log.gz", 2),
        lambda: logs.delete("app.2026-11-20.log"),
        lambda: logs.write("app.2026-11-22.log", lines.java(50)),
    ]


def nginx_steps(world):
    """The old workers write on to the renamed file until they reopen."""
    if not world:
        return [None] * 8
    logs, lines = world.logs, world.lines

    def old_workers():
        for _ in range(100):
            logs.write("access.log.1", lines.nginx(10))

    return [
        lambda: logs.write("access.log", lines.nginx(500)),
        lambda: logs.rename("access.log", "access.log.1"),
        old_workers,
        lambda: logs.write("access.log", lines.nginx(50)),
        lambda: logs.write("access.log.1", lines.nginx(7)),
        lambda: logs.compress("access.log.1", "access.log.1.gz", 2),
        lambda: logs.delete("access.log.1"),
        lambda: logs.write("access.log", lines.nginx(50)),
    ]


# ------------------------------------------------------------ copytruncate, truncation

def copy_truncate_steps(world):
    if not world:
        return [None] * 7
    logs, lines = world.logs, world.lines
    return [
        lambda: logs.write("app.log", lines.java(300)),
        lambda: logs.write("app.log", lines.java(100)[:-20]),
        lambda: logs.copy("app.log", "app.log.1", 3, lambda: time.sleep(0.05)),
        lambda: logs.truncate("app.log"),
        lambda: logs.write("app.log", lines.java(20)),
        lambda: logs.compress("app.log.1", "app.log.1.gz", 2),
        lambda: logs.delete("app.log.1"),
    ]


def copy_truncate_often(world):
    world.start()
    for number in range(30):
        world.logs.write("app.log", world.lines.java(world.rng.choice([1, 10, 300])))
        time.sleep(world.rng.choice([0, 0.01, 0.1]))
        world.logs.copy_truncate("app.log", f"app.log.{number}")
    world.logs.write("app.log", world.lines.java())
    world.finish()


def copy_truncate_rested(world):
    """Nothing was written for a while: no gap is named."""
    world.start()
    for number in range(3):
        world.logs.write("app.log", world.lines.java(100))
        world.settle()
        time.sleep(1.5)
        world.logs.copy_truncate("app.log", f"app.log.{number}")
    world.logs.cut.clear()
    world.finish()


def copy_truncate_load(world):
    """Only what was written between copy and truncation may be missing; that it may, is said."""
    world.start()
    for number in range(12):
        world.logs.write("app.log", world.lines.java(100))
        if number == 0:
            world.settle()  # it cannot know of what came and went before its start
        time.sleep(world.rng.choice([0, 0.05]))
        world.logs.copy_truncate("app.log", f"app.log.{number}", world.lines.java(5)[:-9])
        world.logs.write("app.log", world.lines.java(40))
    world.finish(audit=False)
    named_if_lost(world)


def copy_truncate_load_stopped(world):
    """The bytes were seen and not read when the shipper was stopped, and then they were gone."""
    world.logs.write("app.log", world.lines.java(100))
    world.start()
    world.settle()
    world.kill()
    world.logs.copy_truncate("app.log", "app.log.1", world.lines.java(3))
    world.logs.write("app.log", world.lines.java(200))
    world.finish(audit=False)


def truncate_unseen(world):
    """Truncated with no copy after all was read: nothing is lost, and what follows is new."""
    world.start()
    for _ in range(5):
        world.logs.write("app.log", world.lines.java(200))
        world.settle()
        world.logs.truncate("app.log")
        world.logs.write("app.log", world.lines.java(world.rng.choice([1, 50, 190])))
        world.settle()
    world.finish(audit=False)


def named_if_lost(world):
    """Where lines are missing that the shipper can have known of, audit says so."""
    stored = world.stored()
    lost = sum(x not in stored for content in world.logs.contents if content.kept is not None
               for x in bytes(content.data).split(b"\n"))
    world.note = f"{lost} lines lost between copy and truncation"
    if lost:
        world.audit(status=1)


def restarted(world, how):
    """Stops the shipper, if the case wants it, before what comes next; returns how to go on."""
    if how == "stopped":
        world.stop()
    elif how == "killed":
        world.kill()
    return world.start if how != "running" else lambda: None


def regrown(world, how):
    world.logs.write("app.log", world.lines.java(200))
    world.start()
    world.settle()
    again = restarted(world, how)
    world.logs.truncate("app.log")
    world.logs.write("app.log", world.lines.java(500))
    again()
    world.settle()
    world.logs.write("app.log", world.lines.java(3))
    world.finish(audit=False)


def rewritten(world, how):
    """Other lines of the same number of bytes."""
    lines = Lines(world.rng)
    data = b"".join(b"2026-11-20 10:00:00.%03d [main] INFO  c.e.App - first %03d\n" % (i, i)
                    for i in range(200))
    world.logs.write("app.log", data)
    world.start()
    world.settle()
    again = restarted(world, how)
    world.logs.truncate("app.log")
    world.logs.write("app.log", data.replace(b"first", b"other"))
    again()
    world.settle()
    lines.time = lines.time.replace(hour=11)
    world.logs.write("app.log", lines.java(3))
    world.finish(audit=False)
