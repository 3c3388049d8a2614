"""Reads a generated corpus: its events, their texts, times, levels and fields.

Nothing here knows how logq works. Events are found by the headers that Benchmarks/generate.py
documents, and fields by regular expressions of its formats.
"""
import bisect
import calendar
import collections
import os
import re

MONTHS = {name: number + 1 for number, name in enumerate(
    b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split())}
LEVELS = {
    "TRACE": 1, "DEBUG": 5, "INFO": 9, "NOTICE": 10, "WARN": 13, "WARNING": 13, "ERROR": 17,
    "SEVERE": 17, "CRIT": 18, "ALERT": 19, "EMERG": 21, "FATAL": 21,
}
# What the levels that follow from a status are called.
DERIVED = {9: b"INFO", 13: b"WARN", 17: b"ERROR"}
HOUR_8 = 8 * 3600

JAVA = re.compile(
    rb"(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)\.(\d{3}) \[([^\n]*?)\] "
    rb"(TRACE|DEBUG|INFO|WARN|ERROR) +(\S+) - ([^\n]*)")
JULI = re.compile(
    rb"(\d\d)-([A-Z][a-z]{2})-(\d{4}) (\d\d):(\d\d):(\d\d)\.(\d{3}) ([A-Z]+) "
    rb"\[([^\n]*?)\] (\S+) ([^\n]*)")
ACCESS = re.compile(
    rb'(\S+) - - \[(\d\d)/([A-Z][a-z]{2})/(\d{4}):(\d\d):(\d\d):(\d\d) \+0800\] '
    rb'"(\S+) ([^ ?]*)(\?[^ ]*)? HTTP/([\d.]+)" (\d{3}) (\d+|-)'
    rb'(?: "([^"]*)" "([^"]*)" (\S+) (\S+))?$', re.M)
ERROR = re.compile(
    rb"(\d{4})/(\d\d)/(\d\d) (\d\d):(\d\d):(\d\d) \[([a-z]+)\] (\d+)#\d+: \*(\d+) "
    rb"([^\n]*?), client: ([^,\n]*), server: ([^,\n]*)[^\n]*$", re.M)
ERROR_REQUEST = re.compile(rb', request: "(\S+) ([^ ?]*)(\?[^ ]*)? HTTP/[\d.]+"')
STARTS = {
    "java": re.compile(rb"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \[", re.M),
    "juli": re.compile(rb"^\d\d-[A-Z][a-z]{2}-\d{4} \d\d:", re.M),
    "access": re.compile(rb"^\d+\.\d+\.\d+\.\d+ - ", re.M),
    "error": re.compile(rb"^\d{4}/\d\d/\d\d \d\d:", re.M),
}
ANY_START = re.compile(
    rb"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \[|\d\d-[A-Z][a-z]{2}-\d{4} \d\d:"
    rb"|\d+\.\d+\.\d+\.\d+ - |\d{4}/\d\d/\d\d \d\d:")
TRACE_HEAD = re.compile(rb"([A-Za-z_$][\w$.]*\.[\w$.]*[A-Za-z_$][\w$]*)(?:: |$)")


def kind_of(name):
    if name in ("control.log", "node.log"):
        return "java"
    if name == "catalina.out":
        return "juli"
    return "error" if name == "error.log" else "access"


class LogFile:
    """One file of the corpus: its bytes, its lower-case bytes, and where its events start."""

    def __init__(self, path, host, first):
        self.path, self.host, self.first = path, host, first
        self.name = os.path.basename(path)
        self.kind = kind_of(self.name)
        with open(path, "rb") as file:
            self.bytes = file.read()
        self.folded = self.bytes.lower()
        self.starts = [m.start() for m in STARTS[self.kind].finditer(self.bytes)]
        assert self.starts[0] == 0 and self.bytes.endswith(b"\n"), path
        self.count = len(self.starts)
        if self.kind == "java":
            self.service = self.name.split(".")[0]
        else:
            self.service = "nginx" if host.startswith("nginx") else "tomcat"

    def range(self, index):
        end = self.starts[index + 1] if index + 1 < self.count else len(self.bytes)
        return self.starts[index], end - 1

    def event_at(self, offset):
        return bisect.bisect_right(self.starts, offset) - 1


class Reader:
    def __init__(self, directory):
        self.directory = os.path.abspath(directory)
        self.files = []
        self.count = 0
        self.hosts = sorted(
            x for x in os.listdir(directory) if os.path.isdir(os.path.join(directory, x)))
        for host in self.hosts:
            for name in sorted(os.listdir(os.path.join(self.directory, host))):
                file = LogFile(os.path.join(self.directory, host, name), host, self.count)
                self.files.append(file)
                self.count += file.count
        self.all = (1 << self.count) - 1
        self.firsts = [x.first for x in self.files]
        self.fields = collections.defaultdict(dict)
        self._days = {}
        self.time = []
        self.level = []
        for file in self.files:
            getattr(self, "_read_" + file.kind)(file)
        assert len(self.time) == len(self.level) == self.count
        self._check_letters()

    def _check_letters(self):
        """The searches below fold ASCII only and take every other letter for an ideograph."""
        for file in self.files:
            text = set(file.bytes.decode())
            odd = [c for c in text if ord(c) > 127 and (c.isalnum() or c.isspace())
                   and not "\u4e00" <= c <= "\u9fff"]
            assert not odd, (file.path, odd)

    # ------------------------------------------------------------ fields

    def _epoch(self, year, month, day, hour, minute, second):
        key = (year, month, day)
        days = self._days.get(key)
        if days is None:
            number = MONTHS.get(month) or int(month)
            days = self._days[key] = calendar.timegm((int(year), number, int(day), 0, 0, 0))
        return days + int(hour) * 3600 + int(minute) * 60 + int(second) - HOUR_8

    def _set(self, name, index, value):
        self.fields[name][index] = value

    def _trace(self, index, file, first_line_end, end):
        """The exception behind a head line: type and message."""
        start = first_line_end + 1
        if start >= end:
            return
        line_end = file.bytes.find(b"\n", start, end)
        line = file.bytes[start:line_end if line_end >= 0 else end]
        found = TRACE_HEAD.match(line)
        assert found, line
        self._set("exception", index, found.group(1))
        if found.end() < len(line):
            self._set("exception.message", index, line[found.end():])

    def _read_java(self, file):
        for number, start in enumerate(file.starts):
            index = file.first + number
            found = JAVA.match(file.bytes, start)
            group = found.groups()
            self.time.append(
                self._epoch(*group[:6]) * 1_000_000_000 + int(group[6]) * 1_000_000)
            self.level.append(LEVELS[group[8].decode()])
            self._set("level", index, group[8])
            self._set("thread", index, group[7])
            self._set("logger", index, group[9])
            self._set("msg", index, group[10])
            self._trace(index, file, found.end(), file.range(number)[1])

    def _read_juli(self, file):
        for number, start in enumerate(file.starts):
            index = file.first + number
            found = JULI.match(file.bytes, start)
            day, month, year, *rest = found.groups()
            self.time.append(
                self._epoch(year, month, day, *rest[:3]) * 1_000_000_000
                + int(rest[3]) * 1_000_000)
            self.level.append(LEVELS[rest[4].decode()])
            self._set("level", index, rest[4])
            self._set("thread", index, rest[5])
            self._set("logger", index, rest[6])
            self._set("msg", index, rest[7])
            self._trace(index, file, found.end(), file.range(number)[1])

    def _read_access(self, file):
        for number, start in enumerate(file.starts):
            index = file.first + number
            found = ACCESS.match(file.bytes, start)
            (ip, day, month, year, hour, minute, second, method, path, query, version, status,
             size, referer, agent, took, upstream) = found.groups()
            self.time.append(self._epoch(year, month, day, hour, minute, second) * 1_000_000_000)
            code = int(status)
            self.level.append(17 if code >= 500 else 13 if code >= 400 else 9)
            self._set("level", index, DERIVED[self.level[-1]])
            self._set("ip", index, ip)
            self._set("method", index, method)
            self._set("path", index, path)
            self._set("status", index, status)
            self._set("msg", index, method + b" " + path + (query or b"") + b" HTTP/" + version)
            if query:
                self._set("url.query", index, query[1:])
            if size != b"-":
                self._set("bytes", index, size)
            if took:
                self._set("took", index, took)
            if agent:
                self._set("ua", index, agent)
            if referer and referer != b"-":
                self._set("referer", index, referer)

    def _read_error(self, file):
        for number, start in enumerate(file.starts):
            index = file.first + number
            found = ERROR.match(file.bytes, start)
            group = found.groups()
            self.time.append(self._epoch(*group[:6]) * 1_000_000_000)
            self.level.append(LEVELS[group[6].decode().upper()])
            self._set("level", index, group[6])
            self._set("pid", index, group[7])
            self._set("connection", index, group[8])
            self._set("msg", index, group[9])
            self._set("ip", index, group[10])
            self._set("server.address", index, group[11])
            request = ERROR_REQUEST.search(file.bytes, start, found.end())
            if request:
                self._set("method", index, request.group(1))
                self._set("path", index, request.group(2))
                if request.group(3):
                    self._set("url.query", index, request.group(3)[1:])
