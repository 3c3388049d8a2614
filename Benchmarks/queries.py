"""The queries of the benchmark, made concrete for a corpus, and their true answers.

The answers do not come from logq: ripgrep finds the matching bytes, and an event is the line
that starts with a time stamp (or a client address, in access logs) and all lines up to the
next such line.
"""
import collections
import datetime
import glob
import json
import os
import re
import subprocess
from dataclasses import dataclass

EVENT_START = re.compile(
    rb"\d{4}[-/]\d\d[-/]\d\d \d\d:|\d\d-[A-Z][a-z]{2}-\d{4} \d\d:|\d+\.\d+\.\d+\.\d+ - ")
ERROR_START = re.compile(rb"\S+ \S+ (\[[^\]]*\] ERROR |SEVERE |\[error\] )")
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}"
ACCESS = re.compile(rb'\[(\d\d/\w{3}/\d{4}:\d\d:\d\d):\d\d [^]]*\] "[^"]*" (\d{3}) ')
EAST_8 = datetime.timedelta(hours=8)
HOST = "control-1"


@dataclass
class Query:
    """One row of the table: what logq is asked, and what ripgrep looks for."""

    letter: str
    meaning: str
    logq: list
    pattern: str
    fixed: bool = True
    # What the true answer looks for, where it is not `pattern`.
    truth: str = ""
    window: tuple = ()
    ripgrep_lines: int = 0
    events: int = 0
    # What another program is asked, where ripgrep cannot count it.
    peer: list = ()

    def ripgrep(self, directory, compressed=False):
        """The command that counts this query's lines in `directory`."""
        if self.peer:
            return [x.replace("DIRECTORY", directory) for x in self.peer]
        options = ["-z"] if compressed else []
        options += ["-F"] if self.fixed else []
        return ["rg", "--no-config", "--no-filename", "-c", *options, "--", self.pattern,
                directory]


def queries(corpus):
    """All queries for `corpus`, with their true answers."""
    trace = trace_id_that_occurs_once(corpus)
    since, until = middle_incident(corpus)
    stamp = "%Y-%m-%d %H:%M"
    count = ["search", "--count"]
    found = [
        Query("a", "a trace id that occurs once", [*count, f'"{trace}"'], trace),
        Query("b", "count of a phrase", [*count, '"Communications link failure"'],
              "Communications link failure"),
        Query("c", "ERROR and timeout in 10 minutes",
              [*count, "--since", f"{since:{stamp}}", "--until", f"{until:{stamp}}",
               "--tz", "+08:00", "level:ERROR timeout"],
              f"{since:%Y-%m-%d} ({five_minutes(since)}|"
              f"{five_minutes(since + datetime.timedelta(minutes=5))}).*ERROR.*timeout",
              fixed=False,
              truth=r"\btimeout\b", window=(since, until)),
        Query("e", "count of a regular expression", [*count, "/order-[0-9]*77 /"],
              "order-[0-9]*77 ", fixed=False),
        Query("f", "count of a Chinese phrase", [*count, "数据库连接超时"], "数据库连接超时"),
        Query("f2", "count of a part of a Chinese run", [*count, "连接超时"], "连接超时"),
    ]
    for query in found:
        query.ripgrep_lines = lines(query, corpus)
        query.events = events(query, corpus)
    return found


def tables(corpus):
    """The queries whose answer is a table: for each the rows, key to number, as they must be."""
    by_minute, by_status = collections.Counter(), collections.Counter()
    for path in access_logs(corpus):
        with open(path, "rb") as file:
            for line in file:
                stamp, status = ACCESS.search(line).groups()
                by_status[int(status)] += 1
                if status == b"502":
                    local = datetime.datetime.strptime(stamp.decode(), "%d/%b/%Y:%H:%M")
                    by_minute[f"{local - EAST_8:%Y-%m-%dT%H:%M}"] += 1
    awk = "awk '{c[$9]++} END {for (s in c) print s, c[s]}' DIRECTORY/*/*access*"
    return [
        (Query("d", "502 by minute", ["search", "--json", "--tz", "+08:00",
                                      "status:502 | timechart 1m"], '" 502 ', fixed=True),
         dict(by_minute)),
        (Query("h", "events by status", ["search", "--json", "status:* | stats count() by status"],
               "", peer=["sh", "-c", awk]), dict(by_status)),
    ]


def access_logs(corpus):
    return sorted(glob.glob(os.path.join(corpus, "*", "*access*")))


def trace_id_that_occurs_once(corpus):
    """The first trace id after the middle of the host's own log that no other line has."""
    path = os.path.join(corpus, HOST, "control.log")
    with open(path, "rb") as file:
        file.seek(os.path.getsize(path) // 2)
        ids = re.findall(UUID, file.read(200_000).decode(errors="replace"))
    asked = list(dict.fromkeys(ids))[:200]
    output = subprocess.run(
        ["rg", "--no-config", "-IoNF", *(f"-e{x}" for x in asked), corpus],
        capture_output=True, text=True, check=True).stdout
    times = collections.Counter(output.split())
    return next(x for x in asked if times[x] == 1)


def middle_incident(corpus):
    """Ten minutes around the second of the corpus's three incidents, from a multiple of five."""
    with open(corpus.rstrip("/") + ".manifest.json") as file:
        start = datetime.datetime.fromisoformat(json.load(file)["incidents"][1][0])
    since = start - datetime.timedelta(minutes=start.minute % 5)
    return since, since + datetime.timedelta(minutes=10)


def five_minutes(start):
    """A regular expression for five minutes of the clock. Not anchored to the line's start:
    ripgrep is two and a half times as fast on it then."""
    return f"{start:%H:%M}"[:-1] + ("[0-4]" if start.minute % 10 == 0 else "[5-9]")


def lines(query, corpus):
    """How many lines ripgrep counts: the output of the very command that is measured."""
    output = subprocess.run(query.ripgrep(corpus), capture_output=True, text=True).stdout
    return sum(int(number) for number in output.split())


def events(query, corpus):
    """How many events match, whatever their number of matching lines, in any case."""
    options = [] if query.truth or not query.fixed else ["-F"]
    ignore_case = [] if not query.fixed and not query.truth else ["-i"]
    listing = subprocess.run(
        ["rg", "--no-config", "-boN", "--null", "--with-filename", *options, *ignore_case, "--",
         query.truth or query.pattern, corpus], capture_output=True).stdout
    offsets = collections.defaultdict(list)
    for line in listing.splitlines():
        path, _, rest = line.partition(b"\0")
        offsets[path].append(int(rest.split(b":", 1)[0]))
    return sum(events_in_file(path, found, query.window) for path, found in offsets.items())


def events_in_file(path, offsets, window):
    starts = set()
    with open(path, "rb") as file:
        for offset in offsets:
            start, head = event_at(file, offset)
            if not window or (ERROR_START.match(head) and in_window(head, window)):
                starts.add(start)
    return len(starts)


def in_window(head, window):
    """Only for Java's own time stamps: no other file of the corpus says "timeout"."""
    try:
        time = datetime.datetime.fromisoformat(head[:19].decode())
    except ValueError:
        return False
    return window[0] <= time < window[1]


def event_at(file, offset, reach=65_536):
    """Offset and first bytes of the event that the byte at `offset` belongs to."""
    base = max(0, offset - reach)
    file.seek(base)
    chunk = file.read(offset - base + 200)
    end = chunk.find(b"\n", offset - base)
    line = chunk.rfind(b"\n", 0, offset - base) + 1
    while line > 0 and not EVENT_START.match(chunk, line):
        line = chunk.rfind(b"\n", 0, line - 1) + 1
    return base + line, chunk[line:end if end > line else None]


def newest_line(corpus):
    """The host's own newest log call, which the last 100 events must contain."""
    with open(os.path.join(corpus, HOST, "control.log"), "rb") as file:
        file.seek(-65_536, os.SEEK_END)
        heads = [x for x in file.read().split(b"\n")[1:] if EVENT_START.match(x)]
    return heads[-1].decode()


def files_of_host(corpus):
    """The files that a reader would have to look through for the host's last events."""
    return sorted(glob.glob(os.path.join(corpus, HOST, "*")))
