"""R8 to R10, R13 and R14: files that are alike, cut, compressed, many, away, or of another time."""
import os
import shutil
import subprocess
import time

from model import Lines

FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"


def add(suite):
    suite.case("R8 the same first 4 KB", same_head, quick=True)
    suite.case("R8 the same first 4 KB, growing in turns", same_head_growing)
    suite.case("R8 empty and one byte", tiny, quick=True)
    for how in ("running", "killed"):
        suite.case(f"R8 a hole of NULs after truncation, {how}",
                   lambda world, how=how: sparse(world, how), quick=how == "running")
    for encoding, newline in (("utf-8", "\n"), ("gbk", "\n"), ("utf-8", "\r\n")):
        for how in ("running", "stopped", "killed"):
            title = f"R9 cut at every byte, {encoding}{', CR LF' if newline != chr(10) else ''}"
            suite.case(f"{title}, {how}", lambda world, e=encoding, n=newline, h=how: cut(
                world, e, n, h), quick=how == "killed" and encoding == "gbk")
    suite.case("R9 byte by byte, running", byte_by_byte)
    suite.case("R9 a stack trace that grows", growing_trace, quick=True)
    for read in ("fully", "half", "not"):
        for how in ("running", "stopped", "killed"):
            suite.case(f"R10 .gz of a file {read} read, {how}", lambda world, r=read, h=how: packed(
                world, r, h), quick=how == "killed" and read == "half")
    suite.case("R10 .gz still being written", gz_growing, quick=True)
    suite.case("R10 .gz being written over restarts", gz_growing_restarts)
    suite.case("R10 .gz truncated, then whole", gz_truncated)
    suite.case("R10 .gz of two members", gz_members)
    suite.case("R10 both present", gz_both)
    suite.case("R13 10 000 files, 64 descriptors", many_files)
    suite.case("R13 many files renamed and deleted, 64 descriptors", many_renamed)
    suite.case("R13 directory deleted and made again", directory_again, quick=True)
    suite.case("R13 directory renamed away", directory_renamed)
    suite.case("R13 symbolic link retargeted", retargeted, quick=True)
    suite.case("R13 permission lost and regained", permission, quick=True, root=True)
    suite.case("R14 file times in the future and in 1970", file_times, quick=True)
    suite.case("R14 clock jumps back", clock_jumps)


# ------------------------------------------------------------ R8: alike

def banner(world):
    return b"".join(b"2026-11-20 09:00:00.%03d [main] INFO  c.e.Boot - banner line %03d of the "
                    b"service as it starts\n" % (i, i) for i in range(80))


def same_head(world):
    head = banner(world)
    for number in range(4):
        world.logs.write(f"app.{number}.log", head + world.lines.java(number * 3 + 1))
    world.start()
    world.settle()
    world.kill()
    for number in range(4):
        world.logs.write(f"app.{number}.log", world.lines.java(2))
    world.logs.rename("app.1.log", "app.9.log")
    world.logs.write("app.1.log", head + world.lines.java(4))
    world.finish()


def same_head_growing(world):
    head = banner(world)
    world.start()
    for name in ("app.a.log", "app.b.log"):
        world.logs.write(name, head + world.lines.java())
    for number in range(20):
        world.logs.write(world.rng.choice(["app.a.log", "app.b.log"]), world.lines.java())
        if number % 5 == 4:
            world.kill()
            world.start()
        time.sleep(0.1)
    world.finish()


def tiny(world):
    world.configure("*.log")
    logs = world.logs
    for name, data in (("empty", b""), ("x", b"x"), ("y", b"y\n"), ("newline", b"\n")):
        logs.write(name + ".log", data)
    world.start()
    world.settle()
    world.kill()
    world.start()
    logs.write("empty.log", b"now a line\n")
    logs.write("x.log", b"yz\nabc\n")
    logs.write("newline.log", b"after the newline\n")
    world.finish()


def sparse(world, how):
    """A writer that does not append goes on at its old offset; the hole before reads as NULs."""
    world.logs.normalise = lambda line: line.lstrip(b"\0")
    path = world.logs.path("app.log")
    world.logs.create("app.log")
    with open(path, "r+b", buffering=0) as writer:
        for number, size in enumerate((2000, 30_000, 100)):
            data = world.lines.java(size)
            writer.write(data)
            world.logs.at["app.log"].data += data
            if not world.process:
                world.start()
            world.settle()
            if number < 2:
                if how == "killed":
                    world.kill()
                world.logs.truncate("app.log")
    world.finish(audit=False)


# ------------------------------------------------------------ R9: cut

def cut(world, encoding, newline, how):
    """As many files as a line has bytes, each cut at another one; then the rest comes."""
    lines = Lines(world.rng, encoding, newline)
    world.configure("app.*.log")
    rests = []
    one = ("2026-11-20 11:00:00.000 [main] INFO  c.e.App - 余额" + newline).encode(encoding)
    for place in range(1, len(one)):
        data = lines.java(3) + one.replace(b"11:00:00.000", b"10:30:00.%03d" % place)
        at = len(data) - len(one) + place
        world.logs.write(f"app.{place}.log", data[:at])
        rests.append((f"app.{place}.log", data[at:]))
    world.start()
    world.settle()
    again = {"stopped": world.stop, "killed": world.kill, "running": lambda: None}[how]
    again()
    lines.time = lines.time.replace(hour=11)
    for name, rest in rests:
        world.logs.write(name, rest + lines.java())
    world.finish()


def byte_by_byte(world):
    world.start()
    data = world.lines.java(4) + "2026-11-20 12:00:00.000 [main] INFO  c.e.App - 余额不足\r\n".encode()
    for place in range(len(data)):
        world.logs.write("app.log", data[place:place + 1])
        time.sleep(world.rng.choice([0, 0, 0.002, 0.02]) if place % 50 else 0.7)
    world.finish()


def growing_trace(world):
    """An open event is shown early; its longer version takes its place."""
    world.start()
    world.logs.write("app.log", world.lines.java(10))
    for number in range(6):
        part = (b"2026-11-20 12:00:00.000 [main] ERROR c.e.App - boom\n" if number == 0 else
                b"\tat c.e.App.step%d(App.java:%d)\n" % (number, number))
        world.logs.write("app.log", part[:len(part) // 2])
        world.settle()
        if number == 3:
            world.kill()
            world.start()
        world.logs.write("app.log", part[len(part) // 2:])
        world.settle()
    found = int(world.logq("search", "--count", "boom", status=(0,)).stdout)
    world.check(found == 1, f"{found} events of one stack trace")
    world.finish()


# ------------------------------------------------------------ R10: gzip

def packed(world, read, how):
    """The plain file is gone when its .gz is there; of the original some part had been read."""
    logs, lines = world.logs, world.lines
    if read != "not":
        logs.write("app.log", lines.java(300))
        if read == "half":
            logs.write("app.log", lines.java()[:30])
    else:
        logs.write("app.0.log", lines.java(5))
    world.start()
    world.settle()
    if how != "running":
        world.stop() if how == "stopped" else world.kill()
    if read != "fully":
        logs.write("app.log", b" rest\n" + lines.java(5000))
    logs.compress("app.log", "app.log.1.gz")
    logs.delete("app.log")
    logs.write("app.log", lines.java(10))
    world.finish()


def gz_growing(world):
    world.start()
    world.logs.write("late.txt", world.lines.java(5000))
    world.logs.compress("late.txt", "app.log.1.gz", 6, lambda: time.sleep(0.3))
    world.finish()


def gz_growing_restarts(world):
    world.logs.write("late.txt", world.lines.java(5000))

    def again():
        world.start()
        time.sleep(world.rng.random())
        world.kill()

    world.logs.compress("late.txt", "app.log.1.gz", 8, again)
    world.finish()


def gz_truncated(world):
    logs = world.logs
    logs.write("late.txt", world.lines.java(2000))
    logs.compress("late.txt", "whole")
    with open(logs.path("whole"), "rb") as file:
        whole = file.read()
    lengths = [1, 2, 3, 9, 10, 11, 20, len(whole) // 2, len(whole) - 9, len(whole) - 1]
    for length in lengths:
        with open(logs.path("app.log.1.gz"), "wb") as file:
            file.write(whole[:length])
        world.once(status=(0, 3))
    os.replace(logs.path("whole"), logs.path("app.log.1.gz"))
    world.finish()


def gz_members(world):
    world.logs.write("late.txt", world.lines.java(3000))
    world.start()
    world.logs.compress("late.txt", "app.log.1.gz", 4, lambda: time.sleep(0.2), members=2)
    world.finish()


def gz_both(world):
    for number in range(4):
        world.logs.write(f"app.{number}.log", world.lines.java(500))
        world.logs.compress(f"app.{number}.log", f"app.{number}.log.gz")
    world.start()
    world.settle()
    world.logs.delete("app.0.log")
    world.logs.delete("app.1.log.gz")
    world.logs.write("app.2.log", world.lines.java(20))
    world.finish()


# ------------------------------------------------------------ R13: many, away

def few_descriptors(world):
    world.prefix = ["sh", "-c", 'ulimit -n 96; exec "$@"', "sh"]


def many_files(world):
    few_descriptors(world)
    count = 10_000
    world.configure("app.*.log", "descriptors: 64")
    for number in range(count):
        world.logs.write(f"app.{number}.log", world.lines.java())
    world.start()
    world.settle(deadline=120)
    began = time.time()
    for number in world.rng.sample(range(count), 400):
        world.logs.write(f"app.{number}.log", world.lines.java(3))
    world.settle(deadline=60)
    world.note = f"400 of {count} files grown, stored after {time.time() - began:.1f} s"
    world.finish(deadline=120)


def many_renamed(world):
    """More files than descriptors grow, and are rotated and deleted once they were read."""
    few_descriptors(world)
    world.configure("app.*.log app.*.log.1", "descriptors: 64")
    world.start()
    for turn in range(4):
        for number in range(200):
            world.logs.write(f"app.{number}.log", world.lines.java(5))
        world.settle()
        for number in range(200):
            if f"app.{number}.log.1" in world.logs.at:
                world.logs.delete(f"app.{number}.log.1")
            if number % 3 == turn % 3:
                world.logs.write(f"app.{number}.log", world.lines.java(2))
                world.logs.rename(f"app.{number}.log", f"app.{number}.log.1")
        world.settle()
    world.finish(audit=False)


def directory_again(world):
    world.start()
    for _ in range(3):
        world.logs.write("app.log", world.lines.java(100))
        world.logs.write("app.1.log", world.lines.java(100))
        world.settle()
        world.logs.remove_all()
        time.sleep(world.rng.choice([0, 0.3]))
        os.mkdir(world.logs.directory)
    world.logs.write("app.log", world.lines.java(20))
    world.finish(audit=False)


def directory_renamed(world):
    """The directory is renamed with its files, and one of its name made; later it comes back."""
    world.start()
    world.logs.write("app.log", world.lines.java(100))
    world.settle()
    away = world.logs.directory + ".old"
    os.rename(world.logs.directory, away)
    old = world.logs.at.pop("app.log")
    os.mkdir(world.logs.directory)
    world.logs.write("app.log", world.lines.java(50))
    world.settle()
    shutil.copy(os.path.join(away, "app.log"), world.logs.path("app.log.1"))
    world.logs.at["app.log.1"] = old
    world.logs.write("app.log.1", world.lines.java(10))
    world.finish()


def retargeted(world):
    """A link that is the log's name, pointed at one file after another."""
    world.configure("app.log")
    world.start()
    for number in range(4):
        name = f"real.{number % 3}"
        world.logs.write(name, world.lines.java(50))
        link = world.logs.path("app.log.new")
        os.symlink(world.logs.path(name), link)
        os.rename(link, world.logs.path("app.log"))
        time.sleep(world.rng.choice([0.1, 0.5]))
        world.logs.write(name, world.lines.java(50))
        world.settle()
    world.finish(audit=False)


def permission(world):
    """Without its permission a file waits; with it all of it comes."""
    user = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
    world.prefix = user
    subprocess.run(["chown", "-R", "65534:65534", world.directory], check=True)
    subprocess.run(["chmod", "755", world.directory], check=True)
    world.logs.write("app.log", world.lines.java(50))
    world.start()
    world.settle()
    path = world.logs.path("app.log")
    for mode in (0o000, 0o644, 0o000, 0o644):
        os.chmod(path, mode)
        time.sleep(0.3)
        world.logs.write("app.log", world.lines.java(30))
        if mode == 0 and world.rng.random() < 0.5:
            world.kill()
            world.start()
            time.sleep(0.5)
    world.logs.write("app.1.log", world.lines.java(5))
    world.finish(deadline=40)


# ------------------------------------------------------------ R14: time

def file_times(world):
    logs = world.logs
    world.start()
    for number, when in enumerate((4_000_000_000, 0, 1, time.time() + 3600)):
        name = f"app.{number}.log"
        logs.write(name, b"no time in this line %d\n" % number + world.lines.java(20))
        os.utime(logs.path(name), (when, when))
        world.settle()
        logs.write(name, world.lines.java(20))
        os.utime(logs.path(name), (when, when))
    world.finish()


def clock_jumps(world):
    """The shipper's clock goes back an hour, and ahead a day, between its runs."""
    if not os.path.exists(FAKETIME):
        world.note = f"skipped, no {FAKETIME}"
        return
    for shift in ("+0", "-1h", "+1d", "-1h"):
        # The command faketime would be a process between the shipper and its signals.
        world.prefix = ["env", f"LD_PRELOAD={FAKETIME}", f"FAKETIME={shift}"]
        world.logs.write("app.log", b"no time here\n" + world.lines.java(30))
        world.start()
        world.settle()
        world.logs.write("app.log", world.lines.java(10))
        world.logs.rename("app.log", f"app.{shift}.log")
        world.stop()
    world.prefix = []
    world.finish()
