#!/usr/bin/env python3
"""Measures merging, archiving, searching the archive, deleting and keeping safe, beside what people
use for it: gzip, xz, rg, zgrep, cp. Prints Markdown.

    python3 Benchmarks/retention.py --logq .build/release/logq

Makes the corpus if it is not there (generate.py: same arguments, same bytes) and takes it in. All
parts are of one run on one machine; `--only pack,scan` runs some of them:

    pack    gzip -6, xz -6 and xz -6 -T2 of the files; merging and archiving of the same days
    scan    words and an expression over the whole archive, where no index helps; beside rg on the
            plain files, xz -dc | grep and zgrep on packed ones
    keep    verify, export, backup, restore; beside gzip and cp
    delete  each day, and the days of a corpus that is one day long; beside rm of the plain files

Rates are of raw log, MB = 10^6 bytes. Ratios are the peer's median time by each of the runs of logq:
least / median / greatest. Beside each figure stands the load of the machine when it was taken;
processor time (user and system, all threads) depends on it far less than the clock does. Needs
python3, rg, gzip, xz and about four times the corpus in free disk space.
"""
import argparse
import datetime
import json
import os
import platform
import re
import shlex
import shutil
import sys
import tempfile

import measure
import queries
from retention_figures import Figure, row, table
from retention_stores import Bench, Unknown, made_corpus, say


def main():
    options = arguments()
    os.makedirs(options.work, exist_ok=True)
    corpus = options.corpus or made_corpus(options.work, options.mb, options.seed, options.days)
    scratch = tempfile.mkdtemp(prefix="retention-", dir=options.work)
    try:
        bench = Bench(options, corpus, scratch)
        print(heading(options, bench), flush=True)
        for name in options.only:
            print(flush=True)
            PARTS[name](bench)
    finally:
        if options.keep:
            say(f"{scratch} is kept")
        else:
            shutil.rmtree(scratch)


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--logq", required=True, help="the program to measure")
    parser.add_argument("--only", default=",".join(PARTS), help="parts, between commas")
    parser.add_argument("--mb", type=int, default=1024, help="size of the corpus (1024)")
    parser.add_argument("--seed", default="2", help="seed of the corpus (2)")
    parser.add_argument("--days", type=int, default=7, help="days in the corpus (7)")
    parser.add_argument("--corpus", help="a corpus of generate.py that is there already")
    parser.add_argument("--work", default=os.path.join(tempfile.gettempdir(), "logq-benchmarks"),
                        help="where corpora (kept) and stores live")
    parser.add_argument("--runs", type=int, default=3, help="measured runs of logq (3)")
    parser.add_argument("--peer-runs", type=int, default=1, help="runs of gzip and xz (1)")
    parser.add_argument("--peers", default=",".join(PACKERS),
                        help=f"what packs beside logq ({','.join(PACKERS)}); xz takes minutes")
    parser.add_argument("--keep", action="store_true", help="leave the stores there")
    options = parser.parse_args()
    options.logq = shutil.which(options.logq) or parser.error(f"no program at {options.logq}")
    options.logq = os.path.abspath(options.logq)
    options.work = os.path.abspath(options.work)
    options.only = options.only.split(",")
    options.peers = options.peers.split(",")
    if unknown := set(options.only) - set(PARTS):
        parser.error(f"no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    if unknown := set(options.peers) - set(PACKERS):
        parser.error(f"no peer {', '.join(unknown)}; there are {', '.join(PACKERS)}")
    for tool in ("rg", "gzip", "zgrep", "xz"):
        if not shutil.which(tool):
            parser.error(f"{tool} is not installed")
    return options


def heading(options, bench):
    with open("/proc/cpuinfo") as file:
        model = re.search(r"model name\s*: (.*)", file.read())
    files = sum(len(names) for _, _, names in os.walk(bench.corpus))
    return (f"{os.cpu_count()} cores ({model[1] if model else platform.machine()}), Linux "
            f"{platform.release()}; {bench.raw / 1e6:.0f} MB in {files} files; {options.runs} runs "
            f"of logq, {options.peer_runs} of gzip and xz.")


# Packing

PACKERS = {"gzip -6": "gz", "xz -6": "xz", "xz -6 -T2": "T2.xz"}


def pack(bench):
    table("pack", "s", "MB/s", "CPU-s per GB", "% of raw", "times as fast as xz -6", "by CPU",
          "peak MB", "load")
    xz = None
    for tool in bench.options.peers:
        figure, size = packed(bench, tool)
        xz = figure if tool == "xz -6" else xz
        packing_row(bench, tool, figure, size, xz)
    for name, source, make in (("merging", bench.taken, bench.merge),
                               ("archiving", bench.merged, bench.archive)):
        try:
            figure, size = rewritten(bench, name, source(), make)
        except Unknown as error:
            row(name, f"not measured: {error}", *[""] * 7)
            continue
        packing_row(bench, f"logq, {name}", figure, size, xz)


def packing_row(bench, name, figure, size, xz):
    beside = [figure.faster_than(xz, clock) if xz else "" for clock in ("wall", "cpu")]
    row(name, f"{figure.wall:.2f}", figure.rate(bench.raw), f"{figure.cpu / bench.raw * 1e9:.1f}",
        f"{size / bench.raw * 100:.2f}", *beside, f"{figure.peak / 1e6:.0f}", figure.load)


def packed(bench, tool):
    """Packs every file of the corpus by itself, as logrotate does; keeps the copies."""
    target = bench.path(PACKERS[tool])
    for directory, _, _ in os.walk(bench.corpus):
        os.makedirs(os.path.join(target, os.path.relpath(directory, bench.corpus)), exist_ok=True)
    script = (f'cd "$1" && find . -type f | sort | while read -r file; do {tool} -c "$file" > '
              f'"$2/$file.{PACKERS[tool]}" || exit 1; done')
    figure = Figure()
    for _ in range(bench.options.peer_runs):
        say(tool)
        figure.take(lambda: bench.run(["sh", "-c", script, "sh", bench.corpus, target]))
    return figure, measure.tree_bytes(target)[1]


def rewritten(bench, name, source, make):
    """Runs a step of the job on copies of a store; the size of the days' files, all of them."""
    figure = Figure()
    for _ in range(bench.options.runs):
        store = bench.copy("work", source)
        say(name)
        figure.take(lambda: make(store))
    return figure, measure.tree_bytes(os.path.join(store, "partitions"))[1]


# Searching the archive

def scan(bench):
    try:
        store = bench.archived()
    except Unknown as error:
        print(f"scan: not measured: {error}")
        return
    for tool in bench.options.peers:
        if not os.path.isdir(bench.path(PACKERS[tool])):
            packed(bench, tool)
    table("search of the whole archive", "ms", "MB/s of raw log", "CPU-s per GB", "peak MB",
          "rg, ms", "times as fast as xz -dc \\| grep", "as zgrep", "answers", "load")
    asked = {x.letter: x for x in queries.queries(bench.corpus)}
    nothing = queries.Query("n", "a word that nothing has", ["search", "--count", "zyxwvutsr"],
                            "zyxwvutsr")
    for query in (nothing, asked["b"], asked["f"], asked["e"]):
        scan_row(bench, store, query)


def scan_row(bench, store, query):
    option = "-F" if query.fixed else "-E"
    pattern = shlex.quote(query.pattern)
    peers = {
        "rg": query.ripgrep(bench.corpus),
        "xz": ["sh", "-c", f"find '{bench.path('xz')}' -name '*.xz' -exec xz -dc {{}} + | "
               f"grep -a -c {option} -- {pattern}"],
        "zgrep": ["sh", "-c", f"find '{bench.path('gz')}' -name '*.gz' -exec zgrep -a -h -c "
                  f"{option} -- {pattern} {{}} + | awk '{{s += $1}} END {{print s + 0}}'"],
    }
    figures = {}
    for name, command in peers.items():
        if not os.path.isdir(bench.path({"xz": "xz", "zgrep": "gz"}.get(name, ""))):
            continue
        say(f"{name}: {query.meaning}")
        figures[name] = Figure()
        for _ in range(bench.options.runs if name == "rg" else bench.options.peer_runs):
            figures[name].take(lambda: bench.run(command, accept=(0, 1)))
    say(query.meaning)
    own = Figure()
    bench.logq(*query.logq, store=store, accept=(0, 1))
    for _ in range(bench.options.runs + 2):
        own.take(lambda: bench.logq(*query.logq, store=store, accept=(0, 1)))
    counts = {x: sum(int(n) for n in figures[x].runs[-1].output.split()) for x in figures}
    found = int(own.runs[-1].output)
    lines = counts.pop("rg")
    right = found == query.events and all(x == lines for x in counts.values())
    row(query.meaning, f"{own.wall * 1000:.0f}", own.rate(bench.raw),
        f"{own.cpu / bench.raw * 1e9:.2f}", f"{own.peak / 1e6:.0f}",
        f"{figures['rg'].wall * 1000:.0f}",
        *(own.faster_than(figures[x]) if x in figures else "" for x in ("xz", "zgrep")),
        f"{found} events, {lines} lines{'' if right else ', **which differs**'}", own.load)


# Keeping safe

def keep(bench):
    table("of the archived store", "s", "MB/s of raw log", "CPU-s per GB", "beside", "its s",
          "times as fast", "load")
    sync = 'cp -a "$1" "$2" && sync -f "$2"'
    steps = [
        ("verify", lambda store, new, old: ["retention", "verify"], None),
        ("export", lambda store, new, old: ["retention", "export", new], "gzip -6"),
        ("backup", lambda store, new, old: ["backup", new], "cp"),
        ("restore", lambda store, new, old: ["restore", old], "cp"),
    ]
    try:
        store = bench.archived()
    except Unknown as error:
        store = bench.merged()
        print(f"(of the merged store: {error})")
    peers = {"gzip -6": packed(bench, "gzip -6")[0], "cp": Figure()}
    for _ in range(bench.options.runs):
        target = fresh(bench, "copy")
        peers["cp"].take(lambda: bench.run(["sh", "-c", sync, "sh", store, target]))
    for name, command, beside in steps:
        figure, old = Figure(), bench.path("backup")
        try:
            for _ in range(bench.options.runs):
                say(name)
                new = fresh(bench, name)
                used = new if name == "restore" else store
                figure.take(lambda: bench.logq(*command(store, new, old), store=used))
        except Unknown as error:
            row(name, f"not measured: {error}", *[""] * 6)
            continue
        peer = peers.get(beside)
        row(name, f"{figure.wall:.2f}", figure.rate(bench.raw),
            f"{figure.cpu / bench.raw * 1e9:.2f}", f"`{beside}`" if peer else "",
            f"{peer.wall:.2f}" if peer else "", figure.faster_than(peer) if peer else "",
            figure.load)


def fresh(bench, name):
    """A path at which nothing is."""
    shutil.rmtree(bench.path(name), ignore_errors=True)
    return bench.path(name)


# Deleting

def delete(bench):
    table("deleting", "raw MB", "MB on disk", "ms", "load")
    for each in (bench, one_day(bench)):
        try:
            store = each.copy("work", each.archived())
        except Unknown as error:
            row(f"not measured: {error}", "", "", "", "")
            return
        say("delete")
        load = f"{os.getloadavg()[0]:.1f}"
        idle = each.archive(store)
        each.delete(store)
        for step in removals(each, store):
            row(step["day"], f"{step['raw_bytes'] / 1e6:.0f}",
                f"{step['bytes_before'] / 1e6:.1f}", f"{milliseconds(step):.1f}", load)
    row("the job with nothing to do", "", "", f"{idle.wall * 1000:.0f}", load)
    remove = bench.run(["rm", "-r", bench.copy("plain", bench.corpus)])
    megabytes = f"{bench.raw / 1e6:.0f}"
    row("`rm -r` of the plain files", megabytes, megabytes, f"{remove.wall * 1000:.0f}", load)


def one_day(bench):
    """The same amount of logs, of one day."""
    options = bench.options
    corpus = made_corpus(options.work, round(bench.raw / 2 ** 20), options.seed, 1)
    os.makedirs(bench.path("one-day"))
    return Bench(options, corpus, bench.path("one-day"))


def removals(bench, store):
    """What the jobs on a store noted of the days that they removed."""
    listed = bench.logq("retention", "history", "--json", store=store).output
    steps = [step for line in listed.splitlines() for step in json.loads(line)["steps"]]
    return [x for x in steps if x["action"] == "removed"]


def milliseconds(step):
    first, last = (datetime.datetime.fromisoformat(step[x].replace("Z", "+00:00")[:26] + "+00:00")
                   for x in ("started", "ended"))
    return (last - first).total_seconds() * 1000


PARTS = {"pack": pack, "scan": scan, "keep": keep, "delete": delete}

if __name__ == "__main__":
    main()
