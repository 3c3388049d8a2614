"""What was written to the logs, and so what the store must hold: the model behind all cases."""
import collections
import datetime
import gzip
import os
import re
import shutil

WHOLE = re.compile(rb"2026-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \[main\]|10\.0\.\d+\.1 - - ")
WORDS = ["order", "付款成功", "refund", "余额不足", "timeout", "订单", "notify", "channel=微信", "ok"]


class Lines:
    """Makes lines, each unlike all others, with times that grow."""

    def __init__(self, rng, encoding="utf-8", newline="\n", step=1):
        self.rng, self.encoding, self.newline, self.step = rng, encoding, newline, step
        self.time = datetime.datetime(2026, 11, 20, 10, 0, 0)
        self.number = 0

    def java(self, count=1):
        return b"".join(self._java() for _ in range(count))

    def _java(self):
        self.number += 1
        self.time += datetime.timedelta(milliseconds=self.rng.randint(1, self.step))
        words = " ".join(self.rng.choices(WORDS, k=self.rng.randrange(1, 9)))
        text = f"{self.time:%Y-%m-%d %H:%M:%S}.{self.time.microsecond // 1000:03} " \
            f"[main] INFO  c.e.App - n{self.number:07} {words}{self.newline}"
        if self.rng.random() < 0.02:
            text += f"java.lang.IllegalStateException: e{self.number:07}{self.newline}" \
                f"\tat c.e.App.pay(App.java:{self.number}){self.newline}"
        return text.encode(self.encoding)

    def nginx(self, count=1):
        lines = []
        for _ in range(count):
            self.number += 1
            self.time += datetime.timedelta(milliseconds=self.rng.randint(1, self.step))
            lines.append(f"10.0.{self.number % 250}.1 - - [{self.time:%d/%b/%Y:%H:%M:%S} +0800] "
                         f'"GET /pay/{self.number:07} HTTP/1.1" 200 {self.number} "-" "curl/8"\n')
        return "".join(lines).encode()


class Content:
    """One physical sequence of bytes of a log, whatever files have had it.

    `kept`: how many of its first bytes must be in the store, None for all of them. What follows may
    have been lost with the file, and may have been read before.
    """

    def __init__(self, number):
        self.number = number
        self.data = bytearray()
        self.kept = None
        self.shipped = 0

    @property
    def must(self):
        return len(self.data) if self.kept is None else min(self.kept, len(self.data))


class Logs:
    """A directory of logs. Does to its files what programs and rotation do, and keeps account."""

    def __init__(self, directory):
        self.directory = directory
        self.contents = []
        self.at = {}
        self.cut = set()  # what the names of logs begin with that were truncated
        self.normalise = lambda line: line
        os.makedirs(directory, exist_ok=True)

    def path(self, name):
        return os.path.join(self.directory, name)

    def create(self, name):
        self.at[name] = Content(len(self.contents))
        self.contents.append(self.at[name])
        with open(self.path(name), "wb"):
            pass
        return os.stat(self.path(name)).st_ino

    def ledger(self):
        """A content that other programs write; only what comes back of it is compared."""
        content = Content(len(self.contents))
        self.contents.append(content)
        return content

    def write(self, name, data):
        """Appends, as one write."""
        if name not in self.at:
            self.create(name)
        descriptor = os.open(self.path(name), os.O_WRONLY | os.O_APPEND)
        try:
            at = 0
            while at < len(data):
                at += os.write(descriptor, data[at:])
        finally:
            os.close(descriptor)
        self.at[name].data += data

    def on_disk(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def rename(self, name, to):
        os.rename(self.path(name), self.path(to))
        self.at[to] = self.at.pop(name)

    def compress(self, name, to, parts=1, pause=lambda: None, members=1):
        """Writes `to`, the gzip of `name`, in some parts; `name` stays."""
        data = self.on_disk(name)
        cuts = [len(data) * i // members for i in range(members + 1)]
        packed = b"".join(gzip.compress(data[a:b], 6) for a, b in zip(cuts, cuts[1:]))
        with open(self.path(to), "wb", buffering=0) as file:
            for part in range(parts):
                if part > 0:
                    pause()
                file.write(packed[len(packed) * part // parts:len(packed) * (part + 1) // parts])
        self.at[to] = self.at[name]

    def copy(self, name, to, parts=1, pause=lambda: None):
        data = self.on_disk(name)
        with open(self.path(to), "wb", buffering=0) as file:
            for part in range(parts):
                if part > 0:
                    pause()
                file.write(data[len(data) * part // parts:len(data) * (part + 1) // parts])
        self.at[to] = self.at[name]

    def truncate(self, name):
        """Empties the file; what of it is in no other file may be lost where it was not read."""
        os.truncate(self.path(name), 0)
        self.cut.add(name)
        self._let_go(self.at.pop(name))
        self.at[name] = Content(len(self.contents))
        self.contents.append(self.at[name])

    def copy_truncate(self, name, to, between=b"", **options):
        """As logrotate does it. Only what is written `between` may be lost."""
        self.copy(name, to, **options)
        content = self.at[name]
        if between:
            copied = len(content.data)
            self.write(name, between)
            content.kept = max(copied, content.shipped)
        self.truncate(name)

    def delete(self, name):
        os.remove(self.path(name))
        self._let_go(self.at.pop(name))

    def remove_all(self):
        shutil.rmtree(self.directory)
        for name in list(self.at):
            self._let_go(self.at.pop(name))

    def _let_go(self, content):
        if all(x is not content for x in self.at.values()) and content.shipped < content.must:
            content.kept = content.shipped

    def note_shipped(self):
        for content in self.contents:
            content.shipped = content.must

    def compare(self, output):
        return compare(output, self.contents, self.normalise)


def lines_of(data):
    """A carriage return alone ends a line too: where a file was cut between the two."""
    return [x for x in re.split(b"\r\n|\r|\n", bytes(data)) if x.strip(b"\0")]


def compare(output, contents, normalise=lambda line: line):
    """What is wrong with what came back: lines missing, lines too many, lines out of order."""
    got = [normalise(x) for x in lines_of(output)]
    spare = collections.Counter(got)
    missing = []
    places = {}
    optional = []
    for content in contents:
        data = bytes(content.data)
        whole = data[:content.must]
        if content.must < len(data):
            whole = whole[:whole.rfind(b"\n") + 1]
            optional.append((content, data[len(whole):], content.must - len(whole)))
        elif 0 < len(data) < 8192 and any(
                x is not content and x.data.startswith(data) for x in contents):
            # Nothing tells the beginning of one log from the copy of another that is being made.
            optional.append((content, data, 0))
            continue
        for place, line in enumerate(lines_of(whole)):
            line = normalise(line)
            if spare[line] > 0:
                spare[line] -= 1
                places[line] = None if line in places else (content.number, place)
            else:
                missing.append((content.number, line))
    for content, tail, least in optional:
        taken = longest(tail, least, spare, normalise)
        if taken is None:
            missing.append((content.number, lines_of(tail[:least])[-1]))
        else:
            spare.subtract(taken)
    problems = []
    if missing:
        problems.append(f"{len(missing)} lines are missing: {describe(missing)}")
    double = list((+spare).elements())
    if double:
        problems.append(f"{len(double)} lines too many: {[shorten(x) for x in double[:3]]}")
    if not problems:
        problems += disorder(got, places)
    return problems


def longest(tail, least, spare, normalise):
    """The lines of the longest beginning of `tail`, of `least` bytes or more, that came back."""
    for end in range(len(tail), least - 1, -1):
        lines = collections.Counter(normalise(x) for x in lines_of(tail[:end]))
        if all(spare[line] >= count for line, count in lines.items()):
            return lines
    return None


def disorder(got, places):
    """The order within a file, of lines with a whole time; others get theirs by their place."""
    last = {}
    for line in got:
        content, place = places.get(line) or (None, 0)
        if content is None or not WHOLE.match(line):
            continue
        if place < last.get(content, -1):
            return [f"out of order in content {content}: {shorten(line)}"]
        last[content] = place
    return []


def describe(missing):
    by_content = collections.Counter(number for number, _ in missing)
    return f"of contents {dict(by_content)}, first {[shorten(line) for _, line in missing[:2]]}, " \
        f"last {shorten(missing[-1][1])}"


def shorten(line):
    text = repr(bytes(line))
    return text if len(text) < 130 else text[:126] + "…"
