#!/usr/bin/env python3
"""Measures logq on a generated corpus beside ripgrep and gzip, and prints Markdown.

    python3 Benchmarks/run.py --logq .build/release/logq --markdown docs/benchmarks.md

Makes the corpus if it is not there (generate.py: same arguments, same bytes), takes it in one
host directory at a time, then asks the queries of queries.py as whole processes, warm, the
tools in turn, and compares every answer with one that logq had no part in. Needs python3, rg
(Debian: ripgrep), gzip, and about 2.5 times the corpus in free disk space.
"""
import argparse
import datetime
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile

import measure
import queries

HERE = os.path.dirname(os.path.abspath(__file__))
STORE_MARK = ".made-by-benchmark"


def main():
    options = arguments()
    os.makedirs(options.work, exist_ok=True)
    corpus = options.corpus or made_corpus(options)
    scratch = tempfile.mkdtemp(prefix="scratch-", dir=options.work)
    try:
        report(options, corpus, scratch)
    finally:
        shutil.rmtree(scratch)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--logq", required=True, help="the program to measure")
    parser.add_argument("--mb", type=int, default=1024, help="size of the corpus (1024)")
    parser.add_argument("--seed", default="2", help="seed of the corpus (2)")
    parser.add_argument("--days", type=int, default=7, help="days in the corpus (7)")
    parser.add_argument("--corpus", help="a corpus of generate.py that is there already")
    parser.add_argument("--work", default=os.path.join(tempfile.gettempdir(), "logq-benchmarks"),
                        help="where corpus, store and .gz copies live (kept for the next run)")
    parser.add_argument("--runs", type=int, default=5, help="measured runs a query (5)")
    parser.add_argument("--compact", metavar="ARGUMENTS",
                        help="logq arguments to run after taking in, measured apart")
    parser.add_argument("--keep-store", action="store_true",
                        help="query the store of the last run, take nothing in")
    parser.add_argument("--no-gzip", action="store_true", help="leave gzip and rg -z out")
    parser.add_argument("--markdown", metavar="FILE", help="write the tables there too")
    options = parser.parse_args()
    options.logq = shutil.which(options.logq) or parser.error(f"no program at {options.logq}")
    options.logq = os.path.abspath(options.logq)
    options.work = os.path.abspath(options.work)
    if not shutil.which("rg"):
        parser.error("rg is not installed (Debian: apt-get install ripgrep)")
    return options


def made_corpus(options):
    corpus = os.path.join(options.work, f"corpus-{options.mb}-{options.seed}-{options.days}")
    # generate.py writes the manifest last, so its presence means a whole corpus.
    if not os.path.exists(corpus + ".manifest.json"):
        say(f"generating {corpus}")
        subprocess.run(
            [sys.executable, os.path.join(HERE, "generate.py"), "--out", corpus, "--mb",
             str(options.mb), "--seed", options.seed, "--days", str(options.days)],
            check=True, stdout=subprocess.DEVNULL)
    return corpus


def report(options, corpus, scratch):
    raw = measure.tree_bytes(corpus)[1]
    name = os.path.basename(corpus.rstrip("/"))
    environment = {"LOGQ_DATA": os.path.join(options.work, f"store-{name}")}
    compressed = None if options.no_gzip else os.path.join(options.work, f"gzip-{name}")
    text = [*heading(options, corpus, raw), ""]
    if not options.keep_store:
        text += [*taking_in(options, corpus, raw, environment, scratch), ""]
    if compressed:
        text += [gzip_line(corpus, compressed, raw, scratch), ""]
    text += queries_table(options, corpus, compressed, environment, scratch)
    page = "\n".join(text) + "\n"
    print(page, end="")
    if options.markdown:
        with open(options.markdown, "w") as file:
            file.write(page)


def heading(options, corpus, raw):
    with open("/proc/cpuinfo") as file:
        model = re.search(r"model name\s*: (.*)", file.read())
    with open(corpus.rstrip("/") + ".manifest.json") as file:
        manifest = json.load(file)
    version = subprocess.run(["rg", "--version"], capture_output=True, text=True).stdout
    megabytes = round(raw / 1_048_576)
    return [
        f"Machine: {os.cpu_count()} cores ({model[1] if model else platform.machine()}), "
        f"Linux {platform.release()}, {datetime.date.today()}, load {os.getloadavg()[0]:.1f} at "
        f"the start; {version.splitlines()[0]}. MB = 10⁶ bytes of raw log.", "",
        f"Corpus: `generate.py --mb {megabytes} --seed {manifest['seed']} --days "
        f"{manifest['days']}`, {raw / 1e6:.0f} MB in {sum(len(f) for _, _, f in os.walk(corpus))}"
        f" files. Every figure: `python3 Benchmarks/run.py --logq logq --mb {megabytes} --seed "
        f"{manifest['seed']} --days {manifest['days']} --runs {options.runs}`.",
    ]


def taking_in(options, corpus, raw, environment, scratch):
    """Takes each host directory in with a process of its own and sums what they took."""
    store = environment["LOGQ_DATA"]
    empty(store)
    runs = []
    for host in sorted(os.listdir(corpus)):
        say(f"ingest {host}")
        runs.append(checked([options.logq, "ingest", "--host", host, "--tz", "+08:00", "--quiet",
                             os.path.join(corpus, host)], environment, scratch))
    wall, cpu = sum(x.wall for x in runs), sum(x.cpu for x in runs)
    peak, (occupied, _) = max(x.peak_bytes for x in runs), measure.tree_bytes(store)
    rows = [
        "| taking in | measured | goal |", "|---|---|---|",
        f"| wall | {wall:.1f} s, **{raw / 1e6 / wall:.0f} MB/s** | ≥ 200 MB/s |",
        f"| processor | {cpu:.1f} s, **{cpu / (raw / 1e9):.1f} CPU-s per GB** | ≤ 8 |",
        f"| peak memory | {peak / 1e6:.0f} MB | ≤ 256 MB |",
        f"| on disk | {occupied / 1e6:.1f} MB, **{occupied / raw * 100:.1f} % of raw** "
        f"| {'' if options.compact else '≤ 11 %'} |",
    ]
    if options.compact:
        say(f"logq {options.compact}")
        after = checked([options.logq, *options.compact.split()], environment, scratch)
        occupied, _ = measure.tree_bytes(store)
        rows += [
            f"| `logq {options.compact}` | {after.wall:.1f} s, {after.cpu:.1f} CPU-s, "
            f"{raw / 1e6 / after.wall:.0f} MB/s | ≥ 100 MB/s |",
            f"| on disk after it | {occupied / 1e6:.1f} MB, **{occupied / raw * 100:.1f} % of "
            f"raw** | ≤ 11 % |",
        ]
    return rows + ["", "`LOGQ_DATA=STORE logq ingest --host H --tz +08:00 --quiet CORPUS/H` for "
                   f"each of the {len(runs)} hosts, one after the other; sums, and the highest "
                   "peak."]


def empty(store):
    """An empty store; only a directory that an earlier run made is removed."""
    if os.path.isdir(store) and os.listdir(store):
        if not os.path.exists(store + STORE_MARK):
            sys.exit(f"run.py: {store} was not made by this program; remove it or use --work")
        shutil.rmtree(store)
    os.makedirs(store, exist_ok=True)
    with open(store + STORE_MARK, "w"):
        pass


def checked(command, environment, scratch):
    result = measure.run(command, scratch, environment)
    if result.exit_code != 0:
        sys.exit(f"run.py: {' '.join(command)}: exit {result.exit_code}\n"
                 + measure.last_errors(scratch))
    return result


def gzip_line(corpus, compressed, raw, scratch):
    """Makes the .gz copies if they are not there; their cost is remembered beside them."""
    note = compressed + ".json"
    if not os.path.exists(note):
        say("gzip -6")
        wall = 0
        for directory, _, names in os.walk(corpus):
            target = os.path.join(compressed, os.path.relpath(directory, corpus))
            os.makedirs(target, exist_ok=True)
            for name in sorted(names):
                wall += checked(
                    ["sh", "-c", 'exec gzip -6 -c -- "$1" > "$2"', "sh",
                     os.path.join(directory, name), os.path.join(target, name + ".gz")],
                    None, scratch).wall
        with open(note, "w") as file:
            json.dump({"wall": wall, "bytes": measure.tree_bytes(compressed)[1]}, file)
    with open(note) as file:
        cost = json.load(file)
    return (f"gzip -6 of the files, without an index: {raw / 1e6 / cost['wall']:.0f} MB/s, "
            f"{cost['bytes'] / 1e6:.1f} MB, {cost['bytes'] / raw * 100:.1f} % of raw.")


def queries_table(options, corpus, compressed, environment, scratch):
    rows = ["| query | logq ms | rg ms | rg -z ms | logq | true events | rg lines | answer |",
            "|---|---|---|---|---|---|---|---|"]
    commands = []
    for query in queries.queries(corpus):
        say(f"query {query.letter}")
        tools = {"logq": ([options.logq, *query.logq], environment),
                 "rg": (query.ripgrep(corpus), None)}
        if compressed:
            tools["rg -z"] = (query.ripgrep(compressed, compressed=True), None)
        results = measure.interleaved(tools, options.runs, scratch)
        answers = {counted(x) for x in results["logq"]}
        answer = answers.pop() if len(answers) == 1 else "changes between runs"
        verdict = "equal" if answer == query.events else "**differs**"
        times = " | ".join(f"{measure.median_ms(results[x]):.1f}" if x in results else "–"
                           for x in ("logq", "rg", "rg -z"))
        rows.append(f"| {query.letter}: {query.meaning} | {times} | {answer} | {query.events} | "
                    f"{query.ripgrep_lines} | {verdict} |")
        commands += [shown(["logq", *query.logq]), shown(query.ripgrep("CORPUS"))]
    for query, truth in queries.tables(corpus):
        say(f"query {query.letter}")
        row, command = table(options, corpus, environment, scratch, query, truth)
        rows.append(row)
        commands += command
    say("query g")
    last, command = last_events(options, corpus, environment, scratch)
    rows.append(last)
    start = measure.interleaved({"true": (["true"], None)}, options.runs, scratch)["true"]
    return [*rows, "", f"Median of {options.runs} runs after an unmeasured one, whole processes, "
            f"the tools in turn; starting `true` takes {measure.median_ms(start):.1f} ms here. An "
            "event can match on several lines (stack traces), so ripgrep's lines may be more than "
            "the true events. rg -z reads copies made with gzip -6.", "",
            "```", *commands, *command, "```"]


def table(options, corpus, environment, scratch, query, truth):
    """A query whose answer is a table, beside ripgrep's count or another program's table."""
    tools = {"logq": ([options.logq, *query.logq], environment),
             "peer": (query.ripgrep(corpus), None)}
    results = measure.interleaved(tools, options.runs, scratch)
    got = {}
    for line in results["logq"][-1].output.splitlines():
        key, number, *_ = json.loads(line).values()
        if number:
            got[key[:16] if isinstance(key, str) else key] = number
    verdict = "equal" if got == truth else "**differs**"
    peer = "rg" if query.ripgrep(corpus)[0] == "rg" else "awk"
    return (f"| {query.letter}: {query.meaning} | {measure.median_ms(results['logq']):.1f} | "
            f"{measure.median_ms(results['peer']):.1f}{'' if peer == 'rg' else ' (awk)'} | – | "
            f"{sum(got.values())} in {len(got)} rows | {sum(truth.values())} | – | {verdict} |",
            [shown(["logq", *query.logq]), shown(query.ripgrep("CORPUS"))])


def last_events(options, corpus, environment, scratch):
    """Query g has no ripgrep side: tail of the host's own log is what people type."""
    ask = ["search", "-n", "100", "--json", f"host:{queries.HOST}"]
    tail = ["tail", "-q", "-n", "100"]
    tools = {"logq": ([options.logq, *ask], environment),
             "tail": ([*tail, *queries.files_of_host(corpus)], None)}
    results = measure.interleaved(tools, options.runs, scratch)
    result = results["logq"][-1]
    events = [x for x in result.output.decode(errors="replace").split("\n") if x.startswith("{")]
    newest = queries.newest_line(corpus).split(" - ", 1)[-1]
    has_newest = any(newest in text for event in events for text in strings(event))
    right = len(events) == 100 and has_newest
    return (f"| g: last 100 events of a host | {measure.median_ms(results['logq']):.1f} | "
            f"{measure.median_ms(results['tail']):.1f} (tail) | – | {len(events)} | 100 | – | "
            f"{'equal' if right else '**differs**'}, newest {'in' if has_newest else 'not in'} |",
            [shown(["logq", *ask]), shown([*tail, f"CORPUS/{queries.HOST}/*"])])


def strings(event):
    """All text in a JSON event, however deep."""
    try:
        waiting = [json.loads(event)]
    except ValueError:
        return
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, str):
            yield value


def counted(result):
    """The number that `logq search --count` printed, or how it ended instead."""
    if result.exit_code not in (0, 1):
        return f"exit {result.exit_code}"
    numbers = re.findall(rb"^\s*(\d+)\s*$", result.output, re.MULTILINE)
    return int(numbers[-1]) if numbers else "no number"


def shown(command):
    """The command as one would type it."""
    return " ".join(x if re.fullmatch(r"[\w@%+=:,./*-]+", x, re.ASCII)
                    else "'" + x.replace("'", "'\\''") + "'" for x in command)


def say(text):
    print(f"run.py: {text}", file=sys.stderr)


if __name__ == "__main__":
    main()
