#!/usr/bin/env python3
"""Compares logq's answers with those of an independent model, on a corpus of Benchmarks/generate.py.

    python3 Tests/Differential/compare.py --logq .build/release/logq --corpus DIR --queries 200

Takes the corpus in, one host directory at a time, then asks fixed queries (of which ripgrep gives
the truth once more) and random ones made of the corpus's own text. Of each, the count and the
multiset of listed events must be the model's, byte for byte; order, limit and the fields of the
JSON output are compared too. Every difference is printed; the exit status is 1 if there is any.
Needs python3 and rg; about 2 GB of memory for 256 MB of logs.
"""
import argparse
import collections
import json
import os
import random
import subprocess
import sys
import tempfile
import time

import model
import questions
from model import ANY_START


def main():
    options = arguments()
    print(f"seed {options.seed}", flush=True)
    started = time.time()
    corpus = model.Corpus(options.corpus)
    say(f"{corpus.count} events in {len(corpus.files)} files, {time.time() - started:.0f} s")
    with tempfile.TemporaryDirectory(prefix="logq-compare-") as scratch:
        store = options.store or os.path.join(scratch, "store")
        check = Check(options.logq, store, corpus)
        if not options.store:
            check.ingest()
        maker = questions.Maker(corpus, random.Random(options.seed))
        check.whole_json()
        for question in maker.fixed():
            check.question(question)
        for number in range(options.queries):
            check.question(maker.any())
            if number % 50 == 49:
                say(f"{number + 1} random queries, {time.time() - started:.0f} s")
        check.orders(maker)
    say(f"{check.asked} questions, {check.wrong} differences, {time.time() - started:.0f} s")
    return 1 if check.wrong else 0


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--logq", required=True, help="the program to test")
    parser.add_argument("--corpus", required=True, help="directory made by generate.py")
    parser.add_argument("--queries", type=int, default=100, help="random queries (100)")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 30))
    parser.add_argument("--store", help="a store that has the corpus already (else a new one)")
    options = parser.parse_args()
    options.logq = os.path.abspath(options.logq)
    return options


def say(text):
    print(text, file=sys.stderr, flush=True)


class Check:
    """Asks logq and the model, and prints where they differ."""

    # Longer answers are only counted: listing them all would take the test's whole time.
    most_listed = 30_000

    def __init__(self, logq, store, corpus):
        self.logq, self.store, self.corpus = logq, store, corpus
        self.asked = self.wrong = 0

    def run(self, *arguments):
        return subprocess.run(
            [self.logq, *arguments], capture_output=True, stdin=subprocess.DEVNULL,
            env={**os.environ, "LOGQ_DATA": self.store})

    def ingest(self):
        for host in self.corpus.hosts:
            path = os.path.join(self.corpus.directory, host)
            done = self.run("ingest", "--quiet", "--host", host, "--tz", "+08:00", path)
            if done.returncode != 0:
                self.differ(f"ingest {path}", f"exit {done.returncode}: {done.stderr.decode()}")

    def differ(self, query, text):
        self.wrong += 1
        print(f"DIFFERENT {query}\n    {text}", flush=True)

    # ------------------------------------------------------------ one query

    def question(self, question):
        self.asked += 1
        expected = question.bits.bit_count()
        if question.ripgrep is not None:
            self.ripgrep(question)
        shown = " ".join(repr(x) for x in question.arguments)
        counted = self.run("search", "--count", *question.arguments)
        if counted.returncode != (0 if expected else 1):
            self.differ(shown, f"exit {counted.returncode}, expected {expected} events: "
                        f"{counted.stderr.decode(errors='replace')[:300]}")
            if counted.returncode > 1:
                return
        number = int(counted.stdout or b"-1")
        if number != expected:
            self.differ(shown, f"--count {number}, expected {expected}")
        if max(expected, number) <= self.most_listed or question.is_fixed:
            listed = self.run("search", "--raw", *question.arguments)
            self.events(shown, listed.stdout, question.bits)

    def events(self, shown, output, bits):
        got = collections.Counter(split_events(output))
        want = collections.Counter(self.corpus.original(i) for i in self.corpus.indices(bits))
        if got == want:
            return
        missing, extra = want - got, got - want
        text = f"--raw lists {got.total()}, expected {want.total()}"
        for name, events in (("missing", missing), ("extra", extra)):
            if events:
                sample = next(iter(events))
                text += f"\n    {events.total()} {name}: {sample[:400].decode(errors='replace')!r}"
        self.differ(shown, text)

    def ripgrep(self, question):
        """The model itself, checked with the lines that ripgrep finds."""
        listing = subprocess.run(
            ["rg", "--no-config", "-b", "--no-line-number", "--null", "-H", "--no-heading", "-o",
             *question.ripgrep, self.corpus.directory], capture_output=True).stdout
        names = {file.path.encode(): file for file in self.corpus.files}
        found = set()
        for line in listing.split(b"\n"):
            path, _, rest = line.partition(b"\0")
            if path in names and rest:
                file = names[path]
                found.add(file.first + file.event_at(int(rest.split(b":", 1)[0])))
        bits = self.corpus.bits(found)
        if bits != question.bits:
            self.differ(question.arguments, f"ripgrep finds {len(found)} events, the model "
                        f"{question.bits.bit_count()}: the model is wrong")

    # ------------------------------------------------------------ JSON and order

    def whole_json(self):
        """Every event as JSON: time, place, level, source, fields."""
        self.asked += 1
        process = subprocess.Popen(
            [self.logq, "search", "--json"], stdout=subprocess.PIPE,
            env={**os.environ, "LOGQ_DATA": self.store})
        index_of = {(file.path, start): file.first + number for file in self.corpus.files
                    for number, start in enumerate(file.starts)}
        problems = collections.Counter()
        seen = bytearray(self.corpus.count)
        previous = None
        for line in process.stdout:
            event = json.loads(line)
            attributes = event["Attributes"]
            index = index_of.get((attributes["log.file.path"], attributes["logq.file.offset"]))
            if index is None:
                self.note(problems, "an event at no event's place", line, "", line[:200])
                continue
            seen[index] += 1
            self.compare_event(index, event, attributes, problems, line)
            if previous is not None and event["Timestamp"] > previous:
                self.note(problems, "not newest first", line, previous, event["Timestamp"])
            previous = event["Timestamp"]
        process.wait()
        if not all(x == 1 for x in seen):
            self.differ("--json", f"{seen.count(0)} events missing, "
                        f"{sum(x > 1 for x in seen)} more than once")
        for name, number in problems.items():
            say(f"    {number} times: {name}")

    def compare_event(self, index, event, attributes, problems, line):
        corpus = self.corpus
        file = corpus.file_of(index)
        for name, got, want in (
            ("Timestamp", event["Timestamp"], rfc3339(corpus.time[index])),
            ("SeverityNumber", event.get("SeverityNumber"), corpus.level[index]),
            ("host.name", event["Resource"].get("host.name"), file.host),
            ("service.name", event["Resource"].get("service.name"), file.service),
            ("length", attributes["logq.file.length"] - 1, len(corpus.original(index))),
            ("msg", event.get("Body"), self.value("msg", index)),
            ("logger", event.get("InstrumentationScope", {}).get("name"),
             self.value("logger", index)),
            ("thread", attributes.get("thread.name"), self.value("thread", index)),
            ("exception", attributes.get("exception.type"), self.value("exception", index)),
            ("method", attributes.get("http.request.method"), self.value("method", index)),
            ("path", attributes.get("url.path"), self.value("path", index)),
            ("status", attributes.get("http.response.status_code"),
             self.value("status", index, int)),
            ("bytes", attributes.get("http.response.body.size"),
             self.value("bytes", index, int)),
            ("took", attributes.get("http.server.request.duration"),
             self.value("took", index, float)),
            ("ip", attributes.get("client.address"), self.value("ip", index)),
            ("ua", attributes.get("user_agent.original"), self.value("ua", index)),
            ("referer", attributes.get("http.request.header.referer"),
             self.value("referer", index)),
        ):
            if got != want:
                self.note(problems, name, line, want, got)

    def value(self, name, index, convert=None):
        value = self.corpus.fields[name].get(index)
        if value is None:
            return None
        return convert(value) if convert else value.decode()

    def note(self, problems, name, line, want, got):
        problems[name] += 1
        if problems[name] <= 3:
            self.differ(f"--json, {name}", f"expected {want!r}, got {got!r}\n    {line[:300]!r}")

    def orders(self, maker):
        for order in ("newest", "oldest"):
            for limit in (1, 7, 100, 1003):
                question = maker.any()
                self.order(question, order, limit)
        self.order(maker.fixed()[0], "newest", 0)

    def order(self, question, order, limit):
        self.asked += 1
        shown = " ".join(repr(x) for x in question.arguments) + f" --order {order} -n {limit}"
        output = self.run("search", "--json", "--order", order, "-n", str(limit),
                          *question.arguments).stdout
        events = [json.loads(x) for x in output.split(b"\n") if x]
        times = [x["Timestamp"] for x in events]
        newest = order == "newest"
        want = sorted((rfc3339(self.corpus.time[i]) for i in self.corpus.indices(question.bits)),
                      reverse=newest)
        want = want[:limit] if limit else want
        if times != want:
            place = next((i for i, (a, b) in enumerate(zip(times, want)) if a != b), "end")
            self.differ(shown, f"{len(times)} events, expected {len(want)}; "
                        f"the times differ at {place}")
        places = [(x["Timestamp"], x["Attributes"]["log.file.path"],
                   x["Attributes"]["logq.file.offset"]) for x in events]
        last = {}
        for at, path, offset in places:
            before = last.get(path)
            if before and before[0] == at and (before[1] < offset) == newest:
                self.differ(shown, f"lines of one time out of order in {path} at {offset}")
                break
            last[path] = (at, offset)


def split_events(output):
    """The events of --raw output: a line that starts no event belongs to the one before it."""
    events = []
    for line in output.split(b"\n")[:-1]:
        if events and not ANY_START.match(line):
            events[-1].append(line)
        else:
            events.append([line])
    return [b"\n".join(lines) for lines in events]


def rfc3339(time_ns):
    seconds, fraction = divmod(time_ns, 1_000_000_000)
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + f".{fraction:09d}Z"


if __name__ == "__main__":
    sys.exit(main())
