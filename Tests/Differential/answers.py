"""Compares an answer of logq with the events that the model finds."""
import collections
import json
import subprocess
import time

from model import split_events


def raw(corpus, output, want, order, limit):
    """What is wrong with a listing of original lines; None if nothing is.

    `want` are the numbers of all events found. Of more than the limit the first in the order of
    time have to come; which of those of one time is left open.
    """
    got = split_events(output)
    expected = collections.Counter(corpus.originals[i] for i in want)
    length = min(limit, len(want)) if limit else len(want)
    counted = collections.Counter(got)
    missing, extra = expected - counted, counted - expected
    if len(got) != length or extra or (missing and not limit):
        text = f"lists {len(got)}, expected {length}"
        for name, events in (("missing", missing), ("extra", extra)):
            if events and (name == "extra" or not limit):
                text += f"\n    {events.total()} {name}: {shown(next(iter(events)))}"
        return text
    times = sorted((corpus.time[i] for i in want), reverse=order == "newest")[:length]
    if [corpus.time_of[event] for event in got] != times:
        return f"not {order} first, or not the first {length}"
    return None


def shown(event):
    return repr(event[:400].decode(errors="replace"))


def places(output, newest):
    """Whether lines of one time and file stand as in the file, in JSON output."""
    last = {}
    for line in output.splitlines():
        event = json.loads(line)
        path = event["Attributes"]["log.file.path"]
        at, offset = event["Timestamp"], event["Attributes"]["logq.file.offset"]
        before = last.get(path)
        if before and before[0] == at and (before[1] < offset) == newest:
            return f"lines of one time out of order in {path} at {offset}"
        last[path] = (at, offset)
    return None


def ripgrep(corpus, question):
    """The model itself, checked with the lines that ripgrep finds."""
    listing = subprocess.run(
        ["rg", "--no-config", "-b", "--no-line-number", "--null", "-H", "--no-heading", "-o",
         *question.ripgrep, corpus.directory], capture_output=True).stdout
    names = {file.path.encode(): file for file in corpus.files}
    found = set()
    for line in listing.split(b"\n"):
        path, _, rest = line.partition(b"\0")
        if path in names and rest:
            file = names[path]
            found.add(file.first + file.event_at(int(rest.split(b":", 1)[0])))
    if corpus.bits(found) != question.bits:
        return (f"ripgrep finds {len(found)} events, the model {question.bits.bit_count()}: "
                "the model is wrong")
    return None


def whole_json(corpus, output):
    """All that is wrong with every event as JSON: time, place, level, source and fields."""
    index_of = {(file.path, start): file.first + number for file in corpus.files
                for number, start in enumerate(file.starts)}
    problems = collections.defaultdict(list)
    seen = bytearray(corpus.count)
    previous = None
    for line in output.splitlines():
        event = json.loads(line)
        attributes = event["Attributes"]
        index = index_of.get((attributes["log.file.path"], attributes["logq.file.offset"]))
        if index is None:
            problems["an event at no event's place"].append(line[:200])
            continue
        seen[index] = min(2, seen[index] + 1)
        for name, got, want in compared(corpus, index, event, attributes):
            if got != want:
                problems[name].append(f"expected {want!r}, got {got!r}\n    {line[:300]!r}")
        if previous is not None and event["Timestamp"] > previous:
            problems["not newest first"].append(line[:200])
        previous = event["Timestamp"]
    if seen.count(1) != corpus.count:
        problems["events"].append(f"{seen.count(0)} missing, {seen.count(2)} more than once")
    return [f"{name}: {len(found)} times: {found[0]}" for name, found in problems.items()]


def compared(corpus, index, event, attributes):
    def value(name, convert=bytes.decode):
        found = corpus.fields[name].get(index)
        return None if found is None else convert(found)

    yield "Timestamp", event["Timestamp"], rfc3339(corpus.time[index])
    yield "SeverityNumber", event.get("SeverityNumber"), corpus.level[index]
    if index in corpus.fields["thread"]:
        yield "SeverityText", event.get("SeverityText"), value("level")
    yield "host.name", event["Resource"].get("host.name"), value("host")
    yield "service.name", event["Resource"].get("service.name"), value("service")
    yield "length", attributes["logq.file.length"] - 1, len(corpus.originals[index])
    yield "msg", event.get("Body"), value("msg")
    yield "logger", event.get("InstrumentationScope", {}).get("name"), value("logger")
    for name, attribute, convert in (
        ("thread", "thread.name", bytes.decode), ("exception", "exception.type", bytes.decode),
        ("exception.message", "exception.message", bytes.decode),
        ("method", "http.request.method", bytes.decode), ("path", "url.path", bytes.decode),
        ("status", "http.response.status_code", int),
        ("bytes", "http.response.body.size", int),
        ("took", "http.server.request.duration", float), ("pid", "process.pid", int),
        ("connection", "nginx.connection", int), ("ip", "client.address", bytes.decode),
        ("ua", "user_agent.original", bytes.decode), ("url.query", "url.query", bytes.decode),
        ("server.address", "server.address", bytes.decode),
        ("referer", "http.request.header.referer", bytes.decode),
    ):
        yield name, attributes.get(attribute), value(name, convert)


def rfc3339(time_ns):
    seconds, fraction = divmod(time_ns, 1_000_000_000)
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + f".{fraction:09d}Z"
