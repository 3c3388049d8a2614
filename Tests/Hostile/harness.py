"""What the hostile cases share: running logq under watch, and the checks of its output."""
import collections
import csv
import gzip
import io
import json
import os
import re
import subprocess
import tempfile
import time
import traceback

MEMORY_LIMIT = 512 << 20
SGR = re.compile(rb"\x1b\[[0-9;]*m")
SPREADSHEET_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


class Failure(Exception):
    """A check that did not hold."""


class Done:
    def __init__(self, arguments, status, output, errors, seconds, memory):
        self.arguments, self.status = arguments, status
        self.output, self.errors = output, errors
        self.seconds, self.memory = seconds, memory

    def __str__(self):
        shown = " ".join(repr(x) for x in self.arguments)
        return f"logq {shown} -> exit {self.status}; {self.errors[-300:]!r}"


class Suite:
    def __init__(self, logq, only, scratch, seed):
        self.logq, self.only, self.scratch, self.seed = logq, only, scratch, seed
        self.failed, self.ran = [], 0
        self.problems = []

    def case(self, name, body):
        """Runs one case in a directory of its own; collects every check that fails."""
        if self.only and not any(x in name for x in self.only):
            return
        self.ran += 1
        self.problems = []
        started = time.time()
        with tempfile.TemporaryDirectory(prefix="hostile-", dir=self.scratch) as directory:
            try:
                body(Case(self, directory))
            except Failure as failure:
                self.problems.append(str(failure))
            except Exception:  # a case that breaks must not hide the others
                self.problems.append(traceback.format_exc())
        verdict = "FAIL" if self.problems else "ok"
        print(f"{verdict:4} {name} ({time.time() - started:.1f} s)", flush=True)
        for problem in self.problems:
            print("     " + problem.replace("\n", "\n     "), flush=True)
        if self.problems:
            self.failed.append(name)


class Case:
    """One store and the files that go into it."""

    def __init__(self, suite, directory):
        self.suite, self.directory = suite, directory
        self.store = os.path.join(directory, "store")
        self.logs = os.path.join(directory, "logs")
        os.mkdir(self.logs)

    def check(self, holds, text):
        if not holds:
            self.suite.problems.append(text)
        return holds

    def equal(self, what, got, want):
        return self.check(got == want, f"{what}: expected {shorten(want)}, got {shorten(got)}")

    def write(self, name, data):
        path = os.path.join(self.logs, name)
        with open(path, "wb") as file:
            file.write(data)
        return path

    def run(self, *arguments, limit=60, memory=MEMORY_LIMIT, output=None, input=b""):
        """Runs logq; a crash, too much memory or too much time is noted."""
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors, \
                tempfile.TemporaryFile() as given:
            given.write(input)
            given.seek(0)
            started = time.time()
            process = subprocess.Popen(
                [self.suite.logq, *arguments], stdout=output or out, stderr=errors, stdin=given,
                env={**os.environ, "LOGQ_DATA": self.store, "TZ": "UTC", "NO_COLOR": ""})
            status, used = None, None
            while status is None:
                pid, state, used = os.wait4(process.pid, os.WNOHANG)
                if pid:
                    status = os.waitstatus_to_exitcode(state)
                elif time.time() - started > limit:
                    process.kill()
                    os.wait4(process.pid, 0)
                    process.returncode = -9
                    raise Failure(f"logq {arguments!r}: not done after {limit} s")
                else:
                    time.sleep(0.002)
            process.returncode = status
            seconds = time.time() - started
            out.seek(0)
            errors.seek(0)
            done = Done(arguments, status, b"" if output else out.read(),
                        errors.read().decode(errors="replace"), seconds, used.ru_maxrss << 10)
        self.check(0 <= status <= 3, f"crash: {done}")
        self.check(done.memory <= memory,
                   f"{done.memory >> 20} MiB of memory, allowed {memory >> 20}: logq {arguments}")
        return done

    def ingest(self, *arguments, status=0, **options):
        done = self.run("ingest", "--json", "--host", "h", *arguments, **options)
        self.check(done.status == status, f"expected exit {status}: {done}")
        try:
            return json.loads(done.output)
        except ValueError:
            if done.status == 0:
                raise Failure(f"no summary: {done}") from None
            return {}

    def lines(self, *query, **options):
        return self.run("search", "--raw", "--order", "oldest", *query, **options).output

    def count(self, *query, **options):
        done = self.run("search", "--count", *query, **options)
        self.check(done.status in (0, 1), f"expected an answer: {done}")
        return int(done.output or b"-1")

    def events(self, *query, **options):
        done = self.run("search", "--json", "--order", "oldest", *query, **options)
        try:
            return [json.loads(line.decode()) for line in done.output.split(b"\n")[:-1]]
        except ValueError as error:
            self.check(False, f"--json: {error}")
            return []

    # ------------------------------------------------------------ the usual checks

    def returns(self, data, *query):
        """The lines that went in are those that come back; blank ones are no events."""
        want = collections.Counter(x for x in data.split(b"\n") if x.strip(b"\r"))
        got = collections.Counter(x for x in self.lines(*query).split(b"\n") if x.strip(b"\r"))
        if got != want:
            missing, extra = list((want - got).elements()), list((got - want).elements())
            self.check(False, f"--raw: {len(missing)} lines missing: {shorten(missing[:3])}, "
                       f"{len(extra)} extra: {shorten(extra[:3])}")

    def is_safe(self, *query):
        """Nothing that goes to people, spreadsheets or programs has what it must not have."""
        for options in ((), ("--full",), ("--color", "always"), ("--color", "always", "--full")):
            done = self.run("search", *options, *query)
            output = SGR.sub(b"", done.output) if "always" in options else done.output
            try:
                text = output.decode()
            except UnicodeDecodeError as error:
                self.check(False, f"search {options}: output is no UTF-8: {error}")
                continue
            found = HARMFUL.search(text)
            if found:
                around = text[max(0, found.start() - 40):found.end() + 20]
                self.check(False, f"search {options}: {found.group()!r} in the output: {around!r}")
            errors = SGR.sub(b"", done.errors.encode()).decode()
            self.check(not HARMFUL.search(errors), f"search {options}: stderr {errors!r}")
        for event in self.events(*query):
            self.check("Timestamp" in event, f"--json without a time: {event}")
        self.csv_is_safe(*query)

    def csv_is_safe(self, *query):
        output = self.run("search", "--csv", *query).output.decode(errors="replace")
        csv.field_size_limit(1 << 30)
        rows = list(csv.reader(io.StringIO(output, newline="")))
        widths = {len(row) for row in rows}
        self.check(len(widths) <= 1, f"--csv: rows of {sorted(widths)} cells")
        for row in rows[1:]:
            for cell in row:
                runs = cell[:1] in ("=", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
                runs |= (cell[:1] in ("+", "-") and cell != "-"
                         and not SPREADSHEET_NUMBER.fullmatch(cell))
                self.check(not runs, f"--csv: a spreadsheet would run {cell[:60]!r}")

    def again(self, *arguments, status=0):
        summary = self.ingest(*arguments, status=status)
        self.equal("events of a second ingest", summary.get("events"), 0)


def shorten(value):
    text = repr(value)
    return text if len(text) < 400 else text[:400] + "…"


def compressed(data, level=6):
    return gzip.compress(data, level, mtime=0)
