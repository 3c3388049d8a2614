"""Files: names, compression, reading again, growing, and being killed in between."""
import collections
import datetime
import os
import random
import resource
import signal
import subprocess
import time

from content import java
from harness import compressed


def run(suite):
    for name in NAMES:
        suite.case(f"file name {name[:40]!r}", lambda case, n=name: named(case, n))
    suite.case("names in a directory", directory)
    suite.case("gz with garbage after it", gz_garbage)
    suite.case("gz with NULs after it", gz_padding)
    suite.case("gz that is truncated", gz_truncated)
    suite.case("gz that is damaged", gz_damaged)
    suite.case("gz of two members", gz_members)
    suite.case("gz of nothing", gz_empty)
    suite.case("gz of a gz", gz_twice)
    suite.case("gz that was still being written", gz_growing)
    suite.case("gz of a file that was read", gz_of_read)
    suite.case("gz of a file that was half read", gz_of_half)
    suite.case("gz first, then the plain file", plain_of_gz)
    suite.case("file and its gz together", both)
    suite.case("two files with the same first 4 KB", same_head)
    suite.case("same first 4 KB, growing", same_head_growing)
    suite.case("two short files with the same lines", same_short)
    suite.case("a file that begins like another", prefix_file)
    suite.case("empty and one-byte files", tiny)
    suite.case("a file cut at every byte", cut_everywhere)
    suite.case("a file cut at every byte, CR LF and GBK", cut_crlf)
    suite.case("a stack trace cut at every line", cut_trace)
    suite.case("format decided on a banner", banner)
    suite.case("truncated and grown past the position", regrown)
    suite.case("a day a line, few descriptors", many_days)
    suite.case("damaged partitions", damaged)
    suite.case("read while it is written", read_while_written)
    suite.case("standard input", standard_input)
    suite.case("what cannot be read", unreadable)
    suite.case("killed at random", killed)


NAMES = [
    b"new\nline.log", b"quote's.log", b'double".log', b"-dash.log", b"--host", b"semi;colon$(x).log",
    b"back\\slash.log", b"star*?.log", b"[x].log", b" blank .log", b"\x1b[31mred.log",
    "余额.log".encode(), "\u202egol.exe".encode(), b"not\xffutf8.log", "余额.log".encode("gbk"),
    b"n" * 251 + b".log", b"=cmd|calc.log", b"%s%n.log", b"a.log:b", b"\t.log",
]


def is_utf8(name):
    try:
        return bool(name.decode())
    except UnicodeDecodeError:
        return False


def named(case, name):
    """A file of any name is taken in; one that is not UTF-8 may be refused, if the reason is said."""
    data = java(["nameword one", "two"])
    path = os.path.join(case.logs.encode(), name)
    with open(path, "wb") as file:
        file.write(data)
    if not is_utf8(name):
        done = case.run("ingest", "--host", "h", path)
        refused = done.status in (2, 3) and "UTF-8" in done.errors
        case.check(done.status == 0 or refused, f"neither taken nor refused with the reason: {done}")
        if done.status != 0:
            return
    else:
        case.equal("events", case.ingest(path).get("events"), 2)
    case.returns(data)
    case.equal("count", case.count("nameword"), 1)
    case.is_safe()
    case.again(path)


def directory(case):
    """All the names at once, found by logq itself; those that are left out are named."""
    for name in NAMES:
        with open(os.path.join(case.logs.encode(), name), "wb") as file:
            # Each its own content: equal files are another case.
            file.write(java([b"in " + name.hex().encode()[:80], b"second of " + name.hex().encode()]))
    done = case.run("ingest", "--host", "h", case.logs)
    refused = done.errors.count("UTF-8")
    case.check(done.status == (3 if refused else 0), str(done))
    odd = [x for x in NAMES if not is_utf8(x)]
    case.check(refused in (0, len(odd)), f"{refused} names refused")
    for name in NAMES:
        want = 0 if refused and name in odd else 1
        case.equal(f"lines of {name[:30]!r}", case.count(f'"second of {name.hex()}"'), want)
    case.is_safe()


# ------------------------------------------------------------ gzip

LINES = java([f"line number {i} of many {i * 7919 % 10007}" for i in range(5000)])


def gz_garbage(case):
    path = case.write("app.log.gz", compressed(LINES) + b"garbage" * 100)
    summary = case.ingest(path, status=3)
    case.check(any("app.log.gz" in x for x in summary.get("problems", [])), f"unsaid: {summary}")
    case.returns(LINES)
    done = case.run("ingest", "--quiet", "--host", "h", path)
    case.check(done.status in (0, 3), str(done))
    case.returns(LINES)


def gz_padding(case):
    path = case.write("app.log.gz", compressed(LINES) + b"\0" * 5000)
    case.ingest(path)
    case.returns(LINES)
    case.again(path)


def gz_truncated(case):
    whole = compressed(LINES)
    for length in (1, 2, 3, 9, 10, 11, 20, len(whole) // 2, len(whole) - 9, len(whole) - 4,
                   len(whole) - 1):
        path = case.write(f"t{length}.log.gz", whole[:length])
        done = case.run("ingest", "--host", f"h{length}", path)
        case.check(done.status in (0, 3), str(done))
        if length >= 10:
            case.check(done.status == 3 and "gzip" in done.errors,
                       f"truncated at {length}: unsaid: {done}")
        got = case.lines(f"host:h{length}")
        other = set(got.split(b"\n")[:-1]) - set(LINES.split(b"\n"))
        case.check(all(x in LINES for x in other) and len(other) <= 1,
                   f"truncated at {length}: other bytes came back: {list(other)[:2]}")
        if length == len(whole) - 9:
            case.check(len(got) > len(LINES) * 9 // 10, f"only {len(got)} bytes came back")
    case.is_safe("-n", "10")


def gz_damaged(case):
    whole = bytearray(compressed(LINES))
    middle = len(whole) // 2
    whole[middle:middle + 40] = b"\xa5" * 40
    path = case.write("app.log.gz", bytes(whole))
    case.ingest(path, status=3)
    got = case.lines()
    case.check(got, "nothing of the sound half came back")
    wrong = bytearray(compressed(LINES))
    wrong[-6] ^= 0xFF
    path = case.write("crc.log.gz", bytes(wrong))
    done = case.run("ingest", "--host", "crc", path)
    case.check(done.status == 3, f"a wrong checksum goes unsaid: {done}")
    case.equal("events", case.count("host:crc"), 5000)


def gz_members(case):
    half = LINES.index(b"\n", len(LINES) // 2) - 17
    path = case.write("app.log.gz", compressed(LINES[:half]) + compressed(b"") + compressed(LINES[half:]))
    case.ingest(path)
    case.returns(LINES)
    case.again(path)


def gz_empty(case):
    path = case.write("app.log.gz", compressed(b""))
    case.ingest(path)
    case.again(path)


def gz_twice(case):
    path = case.write("app.log.gz.gz", compressed(compressed(LINES)))
    done = case.run("ingest", "--host", "h", path)
    case.check(done.status in (0, 3), str(done))
    case.is_safe("-n", "20")


def gz_growing(case):
    whole = compressed(LINES)
    path = case.write("app.log.gz", whole[:len(whole) // 2])
    case.ingest(path, status=3)
    case.write("app.log.gz", whole)
    case.ingest(path)
    case.returns(LINES)
    case.again(path)


def gz_of_read(case):
    path = case.write("app.log", LINES)
    case.ingest(path)
    archive = case.write("app.log.1.gz", compressed(LINES))
    case.again(archive)
    os.remove(path)
    case.again(archive)
    moved = case.write("app.log.2", LINES)
    case.again(moved)
    case.returns(LINES)


def gz_of_half(case):
    rng = random.Random(case.suite.seed)
    for attempt in range(6):
        cut = LINES.index(b"\n", rng.randrange(len(LINES) - 100)) + 1
        if attempt % 2:
            cut += rng.randrange(1, 60)
        host = f"half{attempt}"
        path = case.write("app.log", LINES[:cut])
        case.run("ingest", "--host", host, path)
        archive = case.write("app.log.1.gz", compressed(LINES))
        case.run("ingest", "--host", host, archive)
        what = "a line's end" if attempt % 2 == 0 else "the middle of a line"
        got = case.lines(f"host:{host}")
        if sorted(got.split(b"\n")) != sorted(LINES.split(b"\n")):
            wrong = collections.Counter(got.split(b"\n"))
            wrong.subtract(LINES.split(b"\n"))
            case.check(False, f"half read up to {what} (byte {cut}): "
                       f"{[(k[:120], v) for k, v in wrong.items() if v][:4]}")


def plain_of_gz(case):
    archive = case.write("app.log.gz", compressed(LINES))
    case.ingest(archive)
    path = case.write("app.log", LINES)
    case.again(path)
    with open(path, "ab") as file:
        file.write(java(["grown"]))
    case.equal("new events", case.ingest(path).get("events"), 1)
    case.returns(LINES + java(["grown"]))


def both(case):
    case.write("app.log", LINES)
    case.write("app.log.1.gz", compressed(LINES))
    case.equal("events", case.ingest(case.logs).get("events"), 5000)
    case.returns(LINES)
    case.again(case.logs)


# ------------------------------------------------------------ generations

HEAD = java([f"banner line {i}" for i in range(80)])
assert len(HEAD) > 4096


def same_head(case):
    case.write("a.log", HEAD + java(["only in a"]))
    case.write("b.log", HEAD + java(["only in b", "more in b"]))
    case.ingest(case.logs)
    case.returns(HEAD * 2 + java(["only in a"]) + java(["only in b", "more in b"]))
    ids = [x["Attributes"]["log.record.uid"] for x in case.events()]
    case.check(len(ids) == len(set(ids)), f"{len(ids) - len(set(ids))} event ids are not unique")
    case.again(case.logs)
    other = case.write("c.log", HEAD + java(["only in c"]))
    case.ingest(other)
    case.equal("events of the third", case.count("file:c.log"), 81)


def same_head_growing(case):
    a = case.write("a.log", HEAD)
    b = case.write("b.log", HEAD + java(["b one"]))
    case.ingest(case.logs)
    for path, word in ((a, "a two"), (b, "b two"), (a, "a three")):
        with open(path, "ab") as file:
            file.write(java([word]))
        case.ingest(case.logs)
    tails = b"".join(java([x]) for x in ("b one", "a two", "b two", "a three"))
    case.returns(HEAD * 2 + tails)


def same_short(case):
    """Equal lines are legitimate: two services that start alike are two files."""
    case.write("orders.log", java(["service started"]))
    case.write("refunds.log", java(["service started"]))
    case.ingest(case.logs)
    case.returns(java(["service started"]) * 2)


def prefix_file(case):
    case.write("orders.log", java(["service started"]))
    case.write("refunds.log", java(["service started", "refund one"]))
    case.ingest(case.logs)
    case.returns(java(["service started"]) * 2 + java(["x", "refund one"]).split(b"\n", 1)[1])


def tiny(case):
    case.write("empty.log", b"")
    case.write("one.log", b"x")
    case.write("newline.log", b"\n")
    case.write("two.log", b"y\n")
    case.ingest(case.logs)
    case.returns(b"x\ny\n")
    case.again(case.logs)
    case.write("empty.log", b"now it has a line\n")
    case.ingest(case.logs)
    case.returns(b"x\ny\nnow it has a line\n")
    case.write("one.log", b"xyz\nabc\n")
    case.ingest(case.logs)
    case.returns(b"xyz\nabc\ny\nnow it has a line\n")


def cut_everywhere(case):
    cut_at_every_byte(case, java(["first", "second 余额", "third"])[:110])


def cut_crlf(case):
    cut_at_every_byte(case, java(["一".encode("gbk"), "二 end"]).replace(b"\n", b"\r\n"))


def cut_at_every_byte(case, data):
    """Read up to each byte, then to the end: the lines must be those of one reading."""
    wrong = []
    want = sorted(x.rstrip(b"\r") for x in data.split(b"\n") if x.strip())
    for cut in range(1, len(data)):
        path = case.write(f"c{cut}.log", data[:cut])
        case.run("ingest", "--quiet", "--host", f"c{cut}", path)
        case.write(f"c{cut}.log", data)
        case.run("ingest", "--quiet", "--host", f"c{cut}", path)
        got = sorted(x.rstrip(b"\r") for x in case.lines(f"host:c{cut}").split(b"\n") if x.strip())
        if got != want:
            wrong.append((cut, got))
    case.check(not wrong, f"wrong at {len(wrong)} of {len(data) - 1} places, such as {wrong[:1]}")


def cut_trace(case):
    data = java(["boom\njava.lang.RuntimeException: x\n\tat a.B.c(B.java:1)\nCaused by: y.Z: q\n"
                 "\t... 3 more", "next"])
    wrong = []
    for number in range(1, data.count(b"\n")):
        cut = len(b"\n".join(data.split(b"\n")[:number])) + 1
        path = case.write(f"t{number}.log", data[:cut])
        case.run("ingest", "--quiet", "--host", f"t{number}", path)
        case.write(f"t{number}.log", data)
        case.run("ingest", "--quiet", "--host", f"t{number}", path)
        events = case.count(f"host:t{number}")
        if events != 2:
            wrong.append((number, events))
    case.check(not wrong, f"2 events expected; (lines read first, events): {wrong}")


def banner(case):
    """What a file's first line is must not decide how its later lines are read."""
    for number, start in enumerate((b"banner\n", b"2026-1", b"\n", b"\0\0\0\n")):
        path = case.write(f"b{number}.log", start)
        case.run("ingest", "--quiet", "--host", f"b{number}", path)
        with open(path, "ab") as file:
            file.write(b"\n" * (number == 1) + java(["one", "two", "three"]))
        case.run("ingest", "--quiet", "--host", f"b{number}", path)
        case.equal(f"lines with a level after {start!r}",
                   case.count(f"host:b{number}", "level:INFO"), 3)


def regrown(case):
    path = case.write("app.log", LINES)
    case.ingest(path)
    other = LINES.replace(b"line number", b"other words")
    case.write("app.log", other + other)
    case.ingest(path)
    case.returns(LINES + other * 2)


def many_days(case):
    """A daily job's log: each line goes to another day's partition."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    start = datetime.date(2024, 1, 1)
    data = "".join(f"{start + datetime.timedelta(i)} 10:00:00.000 [main] INFO  c.e.App - day {i}\n"
                   for i in range(400)).encode()
    try:
        for descriptors in (1024, 64):
            resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, limit[1]))
            path = case.write(f"cron{descriptors}.log", data)
            host = f"d{descriptors}"
            done = case.run("ingest", "--quiet", "--host", host, path)
            case.check(done.status == 0, f"{descriptors} descriptors: {done}")
            case.equal(f"events with {descriptors} descriptors", case.count(f"host:{host}"), 400)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limit)


def damaged(case):
    """A damaged day is named; the others answer, and the exit status says that one is missing."""
    lines = [f"2026-11-{day} 10:00:00.000 [main] INFO  c.e.App - day {day} line {i}"
             for day in (18, 19, 20) for i in range(3000)]
    path = case.write("app.log", "\n".join(lines).encode() + b"\n")
    case.ingest("--tz", "UTC", path)
    partitions = sorted(os.path.join(at, x) for at, _, names in os.walk(case.store) for x in names
                        if "2026-11-19" in x)
    good = {x: open(x, "rb").read() for x in partitions}
    base = next(x for x in partitions if x.endswith(".db"))
    whole = good[base]
    for what, content in (("nothing", b""), ("half", whole[:len(whole) // 2]),
                          ("a broken header", b"x" * 100 + whole[100:]),
                          ("broken pages", whole[:8192] + os.urandom(16384) + whole[24576:])):
        for name, saved in good.items():
            with open(name, "wb") as file:
                file.write(content if name == base else saved)
        done = case.run("search", "--count", "line")
        case.check(done.status == 3 and done.output == b"6000\n" and "2026-11-19" in done.errors,
                   f"{what}: expected 6000, exit 3 and the day's name: {done.output!r} {done}")
        done = case.run("search", "--raw", "line")
        case.check(done.status == 3 and done.output.count(b"\n") >= 6000, f"{what}, listed: {done}")


def read_while_written(case):
    path = case.write("app.log", b"".join(
        java([f"line {i} of round {r}" for i in range(60_000)]) for r in range(10)))
    case.run("ingest", "--quiet", "--host", "first", case.write("one.log", LINES))
    writer = subprocess.Popen(
        [case.suite.logq, "ingest", "--quiet", "--host", "h", path],
        env={**os.environ, "LOGQ_DATA": case.store})
    last = 0
    while writer.poll() is None:
        number = case.count("host:h line")
        case.check(number >= last, f"fewer events than before: {number} after {last}")
        last = number
    case.equal("exit", writer.returncode, 0)
    case.equal("events", case.count("host:h line"), 600_000)


def standard_input(case):
    done = case.run("ingest", "--host", "h", "-", input=LINES)
    case.check(done.status == 0, str(done))
    case.returns(LINES)


def unreadable(case):
    os.symlink("loop", os.path.join(case.logs, "loop"))
    os.symlink("/nonexistent", os.path.join(case.logs, "dangling.log"))
    os.mkdir(os.path.join(case.logs, "sub"))
    case.write("good.log", LINES)
    os.mkfifo(os.path.join(case.logs, "pipe.log"))
    done = case.run("ingest", "--host", "h", case.logs, limit=20)
    case.check(done.status in (0, 3), str(done))
    case.returns(LINES)
    done = case.run("ingest", "--host", "h", os.path.join(case.logs, "missing.log"))
    case.check(done.status in (2, 3), str(done))
    done = case.run("ingest", "--host", "h", "/dev/null", limit=20)
    case.check(done.status in (0, 2, 3), str(done))


# ------------------------------------------------------------ kill -9

def killed(case):
    rng = random.Random(case.suite.seed)
    row = ("2026-11-{:02d} 10:{:02d}:00.000 [main] INFO  c.e.App - order {} of file {} 支付成功 "
           "amount={} trace={:032x}\n")
    expected = []
    for number in range(3):
        lines = [row.format(1 + i * 20 // 200_000, i % 60, i, number, i * 31 % 9973,
                            rng.getrandbits(128)).encode() for i in range(200_000)]
        case.write(f"app{number}.log", b"".join(lines))
        expected += lines
    expected.sort()
    environment = {**os.environ, "LOGQ_DATA": case.store}
    command = [case.suite.logq, "ingest", "--quiet", "--host", "h", "--tz", "UTC", case.logs]
    started = time.time()
    subprocess.run(command, env={**environment, "LOGQ_DATA": case.store + "-timing"}, check=True)
    whole = time.time() - started
    for attempt in range(20):
        case.store = os.path.join(case.directory, f"store{attempt}")
        environment["LOGQ_DATA"] = case.store
        moments = [rng.uniform(0, whole) for _ in range(rng.choice((1, 1, 2, 3)))]
        for moment in moments:
            process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
            time.sleep(moment)
            process.send_signal(signal.SIGKILL)
            process.wait()
        case.ingest("--tz", "UTC", case.logs)
        got = sorted(x + b"\n" for x in case.lines().split(b"\n")[:-1])
        if got != expected:
            lost = collections.Counter(expected)
            lost.subtract(got)
            case.check(False, f"killed after {moments}: {sum(v for v in lost.values() if v > 0)} "
                       f"lost, {-sum(v for v in lost.values() if v < 0)} too many")
        case.equal("count", case.count(), len(expected))
        case.again("--tz", "UTC", case.logs)
