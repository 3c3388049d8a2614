#!/usr/bin/env python3
"""Measures how well `logq diff` finds the causes of faults that a generated corpus is known to have.

    python3 Benchmarks/diff.py --logq .build/release/logq --loggen loggen.py --seeds 1-10

For each seed: makes a corpus with three incidents (their times are in its manifest), takes it in,
and compares each incident with a good window in three ways: the incident itself against what diff
chooses, the same from five minutes before it to three minutes after it, and the incident against
the same minutes of the day before. The causes that the generator injects, by layer:

    control  数据库连接超时, "Communications link failure" or HikariPool in a message of control
    node     "control 响应超时" in a message of node
    nginx    status 502 or 504 of nginx
    errors   "upstream timed out ... reading" or "no live upstreams" in nginx's error log
    tomcat   status 500 of Tomcat, or the database's exceptions in catalina.out

A layer is found when one of its causes is in the first five lines. Then windows without incidents
are compared with each other; every line there is a false one. Exits 1 when, in two seeds or more,
one of control, node and nginx is missing, or when good against good has more than one line.
"""
import datetime
import random
import sys

from incident_corpora import FORMAT, corpora, parser

LAYERS = ["control", "node", "nginx", "errors", "tomcat"]
GOALS = LAYERS[:3]
LINES = 5


def main():
    options = arguments()
    missed, noisy = [], 0
    print("| seed | incident | windows | control | node | nginx | errors | tomcat | lines | ms |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    quiet = []
    for corpus in corpora(options):
        if not incidents(corpus):
            missed.append(corpus.seed)
        quiet += good_against_good(corpus)
    print("\n| seed | bad | good | lines |\n|---|---|---|---|")
    for seed, bad, good, lines, first in quiet:
        noisy = max(noisy, lines)
        print(f"| {seed} | {bad} | {good} | {lines}{' ' + first if first else ''} |")
    total = len(options.seeds)
    print(f"\nall of {', '.join(GOALS)} in the first {LINES} lines: "
          f"{total - len(missed)} of {total} seeds; good against good: "
          f"{sum(1 for row in quiet if row[3])} of {len(quiet)} with lines, at most {noisy}")
    sys.exit(1 if len(missed) > total // 10 or noisy > 1 else 0)


def arguments():
    described = parser(__doc__.split("\n", maxsplit=1)[0])
    described.add_argument("--pairs", type=int, default=4, help="good against good, a seed (4)")
    return described.parse_args()


def diff(corpus, bad, good=None):
    """The answer, and how many milliseconds it took."""
    return corpus.store.ask("diff", "--bad", window(bad), *(["--good", window(good)] if good else []))


def window(span):
    return "..".join(moment.strftime(FORMAT) for moment in span)


def shifted(span, before, after=None):
    """The span moved by minutes; with `after`, from `before` earlier to `after` later."""
    minutes = datetime.timedelta(minutes=1)
    if after is None:
        return tuple(moment + before * minutes for moment in span)
    return span[0] - before * minutes, span[1] + after * minutes


def incidents(corpus):
    """Prints a row for each incident and way to compare it; whether all goals were met."""
    good = True
    for span in corpus.incidents:
        ways = [("exact, chosen", span, None), ("-5 +3 min, chosen", shifted(span, 5, 3), None)]
        before = shifted(span, -1440)
        is_good = not any(touches(before, other) for other in corpus.incidents)
        if is_good and before[0].date() >= corpus.incidents[0][0].date():
            ways.append(("exact, day before", span, before))
        for name, bad, other in ways:
            answer, elapsed = diff(corpus, bad, other)
            found = places(answer["changes"])
            good = good and all(found.get(layer, 99) <= LINES for layer in GOALS)
            cells = " | ".join(str(found.get(layer, "-")) for layer in LAYERS)
            print(f"| {corpus.seed} | {span[0].strftime(FORMAT)} +{minutes(span)} | {name} | "
                  f"{cells} | {len(answer['changes'])} | {elapsed:.0f} |", flush=True)
    return good


def minutes(span):
    return int((span[1] - span[0]).total_seconds() // 60)


def places(changes):
    """The first line, from 1, in which each layer has a cause."""
    found = {}
    for place, change in enumerate(changes, 1):
        if change["change"] not in ("new", "up"):
            continue
        for layer in layers(change):
            found.setdefault(layer, place)
    return found


def layers(change):
    service, kind, value = change["service"], change["kind"], change["value"]
    is_database = any(text in value for text in (
        "数据库连接超时", "Communications link failure", "HikariPool", "Connection is not available"))
    if service == "control" and kind == "message" and is_database:
        yield "control"
    if service == "node" and kind == "message" and "control 响应超时" in value:
        yield "node"
    if service == "nginx" and kind == "status" and value in ("502", "504"):
        yield "nginx"
    if service == "nginx" and kind == "message" and (
            "upstream timed out" in value and "reading" in value or "no live upstreams" in value):
        yield "errors"
    if service == "tomcat" and (kind == "status" and value == "500" or has_database(change)):
        yield "tomcat"


def has_database(change):
    return "CJCommunicationsException" in change["value"] or any(
        has_database(echo) for echo in change.get("echoes", []))


def good_against_good(corpus):
    """Windows that touch no incident: the same hours of two days, and any two hours."""
    source = random.Random(f"pairs:{corpus.seed}")
    first = corpus.incidents[0][0].replace(hour=0, minute=0)
    rows = []
    while len(rows) < corpus.options.pairs:
        length = source.choice((5, 10, 30, 60))
        start = source.randrange(8 * 60, 22 * 60)
        days = source.sample(range(corpus.options.days), 2)
        other = start if len(rows) % 2 == 0 else source.randrange(0, 23 * 60)
        bad = shifted((first, first), days[0] * 1440 + start)[0], 0
        bad = (bad[0], bad[0] + datetime.timedelta(minutes=length))
        good = shifted((first, first), days[1] * 1440 + other)[0]
        good = (good, good + datetime.timedelta(minutes=length))
        if any(touches(bad, span) or touches(good, span) for span in corpus.incidents):
            continue
        changes = diff(corpus, bad, good)[0]["changes"]
        note = f"({changes[0]['change']} {changes[0]['value'][:40]})" if changes else ""
        rows.append((corpus.seed, window(bad), window(good), len(changes), note))
    return rows


def touches(span, other):
    return span[0] < other[1] and other[0] < span[1]


if __name__ == "__main__":
    main()
