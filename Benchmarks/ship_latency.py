"""How soon a line is found, what searching costs meanwhile, and what doing nothing costs."""
import os
import random
import re
import statistics
import time

import measure
from ship_load import Lines
from ship_process import Follower, Probe, Shipper, memory

GLOBS = {"app": "app-*", "access": "access-*"}


def milliseconds(seconds):
    """Median, p99, maximum and number of some spans."""
    if not seconds:
        return "none"
    seconds = sorted(seconds)
    p99 = seconds[min(len(seconds) - 1, int(len(seconds) * 0.99))]
    tail = f"p99 **{p99 * 1000:.0f} ms**, " if len(seconds) >= 100 else ""
    return (f"median {statistics.median(seconds) * 1000:.0f} ms, {tail}max "
            f"**{seconds[-1] * 1000:.0f} ms** of {len(seconds)}")


def sources(logs):
    return {name: (os.path.join(logs, glob), "") for name, glob in GLOBS.items()}


def settled(shipper, pause=0.5):
    """Waits until the number of events stays."""
    before = -1
    while (now := shipper.count("")) != before:
        before = now
        time.sleep(pause)
    return now


def latency(options, directory):
    """A follower gets every line; beside it marked lines are asked for until they are found."""
    logs = os.path.join(directory, "logs")
    os.mkdir(logs)
    lines = Lines(logs, rate=options.lines, seed=options.seed)
    shipper = Shipper(options, directory, sources(logs))
    lines.start()
    time.sleep(3)
    follower = Follower(shipper)
    time.sleep(1)
    before, start = (shipper.cpu(), follower.cpu()), time.monotonic()
    probe = Probe(shipper, lines, random.Random(options.seed))
    time.sleep(options.seconds)
    end = time.monotonic()
    after = shipper.cpu(), follower.cpu()
    probe.stop()
    writes = lines.stop()
    total = settled(shipper)
    span = end - start
    arrivals, once = arrived(follower.stop(), writes, start, end)
    yield "written to shown by `logq tail`, each line", milliseconds(arrivals)
    yield "of these lines, shown once", once
    yield "written to found by `logq search --count` in a loop", milliseconds(probe.latencies)
    yield "of which the search that found it", milliseconds(probe.searches)
    written = sum(pieces[-1][2] for pieces in writes) + len(probe.latencies)
    yield "events in the store / lines written", f"{total} / {written}"
    yield "processor: shipper", f"{(after[0] - before[0]) / span * 100:.1f} % of a core"
    yield "processor: `logq tail` of all lines", f"{(after[1] - before[1]) / span * 100:.1f} %"
    yield "peak memory of the shipper", f"{shipper.peak() / 1e6:.0f} MB"
    shipper.stop()


def arrived(lines, writes, start, end):
    """From writing to arrival for each line written between two times; how many came once."""
    times = {}
    for arrival, line in lines:
        if found := re.search(rb"id=(\d+)-(\d+)\b", line):
            times.setdefault((int(found[1]), int(found[2])), []).append(arrival)
    spans, missing, twice = [], 0, 0
    for index, pieces in enumerate(writes):
        for written, first, behind in pieces:
            if not start <= written < end:
                continue
            for number in range(first, behind):
                seen = times.get((index, number), [])
                missing += not seen
                twice += len(seen) > 1
                spans += [arrival - written for arrival in seen[:1]]
    return spans, f"{len(spans) - twice}; not at all {missing}, more than once {twice}"


def rest(options, directory):
    """A thousand files of a few lines, read, and then nothing."""
    logs = os.path.join(directory, "logs")
    os.mkdir(logs)
    for number in range(options.files):
        folder = os.path.join(logs, f"service-{number % 20}")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, f"app-{number}.log"), "w") as file:
            for line in range(20):
                file.write(f"2026-11-20 10:{line:02d}:00.000 [main] INFO  c.e.p.Service{number} - "
                           f"ready number={number}\n")
    start = time.monotonic()
    shipper = Shipper(options, directory, {"app": (os.path.join(logs, "*", "app-*"), "")})
    while shipper.count("") < options.files * 20:
        time.sleep(0.2)
    yield f"{options.files} files read", f"{time.monotonic() - start:.1f} s"
    # What is quiet is let go about half a minute later; that is not rest yet.
    time.sleep(min(40, options.seconds))
    before, start = shipper.cpu(), time.monotonic()
    time.sleep(options.seconds)
    used, span = shipper.cpu() - before, time.monotonic() - start
    yield "processor at rest", f"**{used / span * 100:.2f} % of a core** over {span:.0f} s"
    yield "memory at rest", f"{memory(shipper.pid, 'VmRSS') / 1e6:.0f} MB"
    shipper.stop()


QUERIES = {
    "count of an id": ["--count", "id=2-1234"],
    "count of a phrase": ["--count", '"支付请求已受理"'],
    "events of a status": ["--count", "status:200", "service:access"],
    "last 100 of an application": ["-n", "100", "--json", "service:app"],
    "INFO by minute": ["--json", "level:INFO | timechart 1m"],
}


def search(options, directory):
    """The same searches while lines come in, and when they have stopped."""
    logs = os.path.join(directory, "logs")
    os.mkdir(logs)
    shipper = Shipper(options, directory, sources(logs))
    lines = Lines(logs, rate=options.lines, seed=options.seed).start()
    time.sleep(options.seconds / 2)
    yield "events at the start", shipper.count("")
    busy = asked(options, shipper, directory)
    lines.stop()
    yield "events at the end", settled(shipper)
    # The days that were written to are closed about 20 s later.
    time.sleep(25)
    idle = asked(options, shipper, directory)
    for name in QUERIES:
        yield name, f"{busy[name]} while lines come in, {idle[name]} at rest"
    shipper.stop()


def asked(options, shipper, scratch):
    """Name -> median and maximum of the time, and what went wrong."""
    commands = {
        name: ([options.logq, "search", "--data", shipper.store, *query], None)
        for name, query in QUERIES.items()}
    answers = {}
    for name, runs in measure.interleaved(commands, options.runs, scratch).items():
        failed = sum(run.exit_code not in (0, 1) for run in runs)
        slowest = max(run.wall for run in runs) * 1000
        answers[name] = (f"{measure.median_ms(runs):.1f} ms (max {slowest:.0f})"
                         + (f", **{failed} failed**" if failed else ""))
    return answers
