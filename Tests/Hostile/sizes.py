"""Sizes: what expands, what has no end, and what is cut into ten million pieces."""
import gzip
import os

from content import java

GIGABYTE = 1 << 30


def run(suite, quick):
    suite.case("a line of 3 MB", lambda case: long_line(case, 3_000_000))
    suite.case("a line of 1 MiB and around", around_limit)
    suite.case("a JSON line of 8 MB", long_json)
    suite.case("many files", many_files)
    if quick:
        return
    suite.case("gzip bomb of zeros", lambda case: bomb(case, b"\0" * (1 << 20)))
    suite.case("gzip bomb of one letter", lambda case: bomb(case, b"x" * (1 << 20)))
    suite.case("gzip bomb of lines", lambda case: bomb_of_lines(case))
    suite.case("a line of 1 GB", lambda case: long_line(case, GIGABYTE))
    suite.case("a hole of 1 GB", hole)
    suite.case("ten million lines of one byte", ten_million)


def long_line(case, length):
    path = os.path.join(case.logs, "long.log")
    head, tail = java(["before"]), java(["after the long one"])
    with open(path, "wb") as file:
        file.write(head)
        for _ in range(length // 1_000_000):
            file.write(b"x" * 999_990 + b" wordmark ")
        file.write(b"\n" + tail)
    case.ingest(path, limit=180)
    case.equal("before and after", case.count("c.e.App"), 2)
    case.check(case.count("wordmark", limit=120) > 0, "the long line is not found")
    with open(os.path.join(case.directory, "raw"), "w+b") as file:
        case.run("search", "--raw", "--order", "oldest", output=file, limit=180)
        file.seek(0)
        letters = sum(piece.count(b"x") for piece in iter(lambda: file.read(1 << 24), b""))
    case.equal("letters that come back", letters, length // 1_000_000 * 999_990)
    done = case.run("search", "-n", "3", limit=120)
    case.check(done.status == 0, str(done))
    case.equal("events of a second ingest", case.ingest(path, limit=180).get("events"), 0)


def around_limit(case):
    data = b""
    for length in range((1 << 20) - 4, (1 << 20) + 5):
        data += b"%d " % length + b"y" * (length - 8) + b"\n"
    path = case.write("limit.log", data)
    case.ingest(path)
    raw = case.lines()
    case.equal("letters", raw.count(b"y"), data.count(b"y"))
    for length in range((1 << 20) - 4, (1 << 20) + 1):
        line = b"%d " % length + b"y" * (length - 8)
        case.check(line in raw.split(b"\n"), f"a line of {length} bytes came back cut")
    case.again(path)


def long_json(case):
    data = b'{"time":"2026-11-20T10:00:00Z","msg":"' + b"z" * 8_000_000 + b' jsonmark"}\n'
    path = case.write("big.json", data * 3)
    case.ingest(path)
    case.equal("letters", case.lines().count(b"z"), 24_000_000)
    case.check(case.count("jsonmark") == 3, "jsonmark is not found three times")
    case.again(path)


def many_files(case):
    for number in range(2000):
        case.write(f"f{number}.log", b"file %d has one line\n" % number)
    summary = case.ingest(case.logs, limit=120)
    case.equal("events", summary.get("events"), 2000)
    case.equal("count", case.count("one line"), 2000)
    case.again(case.logs)


def bomb(case, piece):
    path = os.path.join(case.logs, "bomb.log.gz")
    with gzip.open(path, "wb", compresslevel=9) as file:
        for _ in range(1024):
            file.write(piece)
        file.write(b"\n" + java(["after the bomb"]))
    case.ingest(path, limit=180)
    case.equal("what follows the bomb", case.count("bomb", limit=120), 1)
    with open(os.path.join(case.directory, "raw"), "w+b") as file:
        case.run("search", "--raw", output=file, limit=180)
        file.seek(0)
        got = sum(x.count(piece[:1]) for x in iter(lambda: file.read(1 << 24), b""))
    # Leading NULs are a hole, which is passed over.
    case.equal("bytes that come back", got, 1024 * len(piece) if piece[0] else 0)
    case.equal("events of a second ingest", case.ingest(path, limit=180).get("events"), 0)


def bomb_of_lines(case):
    path = os.path.join(case.logs, "bomb.log.gz")
    lines = java(["the same line again and again"]) * 4096
    with gzip.open(path, "wb", compresslevel=6) as file:
        for _ in range(64):
            file.write(lines)
    summary = case.ingest(path, limit=180)
    case.equal("events", summary.get("events"), 4096 * 64)
    case.equal("count", case.count('"same line again"', limit=120), 4096 * 64)
    done = case.run("search", "--raw", "-n", "5", limit=120)
    case.check(done.output.count(b"\n") == 5, str(done))
    case.run("search", "--raw", output=open(os.devnull, "wb"), limit=120)


def hole(case):
    path = os.path.join(case.logs, "app.log")
    with open(path, "wb") as file:
        file.seek(GIGABYTE)
        file.write(java(["after the hole"]))
    case.ingest(path, limit=180)
    case.equal("count", case.count("hole", limit=120), 1)
    case.equal("level", case.count("level:INFO", limit=120), 1)
    case.equal("events of a second ingest", case.ingest(path, limit=180).get("events"), 0)


def ten_million(case):
    path = os.path.join(case.logs, "short.log")
    with open(path, "wb") as file:
        for _ in range(100):
            file.write(b"a\nb\n" * 50_000)
    summary = case.ingest(path, limit=300)
    case.equal("events", summary.get("events"), 10_000_000)
    case.equal("count", case.count("a", limit=120), 5_000_000)
    with open(os.path.join(case.directory, "raw"), "w+b") as file:
        case.run("search", "--raw", output=file, limit=300)
        file.seek(0)
        got = sum(x.count(b"a") for x in iter(lambda: file.read(1 << 24), b""))
    case.equal("lines that come back", got, 5_000_000)
    case.equal("events of a second ingest", case.ingest(path, limit=120).get("events"), 0)
