#!/usr/bin/env python3
"""How well messages are grouped into templates, against loghub's ground truth.

    Benchmarks/templates.py --logq .build/release/logq --corpus FOLDER

FOLDER holds files *_structured.csv of loghub-2k (https://github.com/logpai/loghub) with the columns
Content, EventId and EventTemplate, at any depth. The messages are given to `logq parse --patterns`
one a line; nothing is told of where they come from.

GA   share of messages whose group is exactly a true group (Zhu et al., ICSE-SEIP 2019)
FGA  F1 of groups: found groups that are exactly a true group (Jiang et al., ISSTA 2024)
FTA  F1 of templates: such groups whose template is also the true one (Khan et al., ICSE 2022), where
     all masks count as <*> and what touches a variable belongs to it
"""

import argparse
import collections
import csv
import pathlib
import re
import resource
import subprocess
import sys
import tempfile

MASK = re.compile(r"<(num|time|ip|mac|uuid|hex|id|path|url|email|host|card|str|\*|NUM)>")


def messages(path):
    with open(path, newline="", encoding="utf-8", errors="surrogateescape") as file:
        return list(csv.DictReader(file))


def patterns(logq, rows):
    """For each row the id and the text of its template."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", errors="surrogateescape") as file:
        file.writelines(" ".join(row["Content"].split("\n")) + "\n" for row in rows)
        file.flush()
        command = [logq, "parse", "--patterns", "--format", "logback:%m%n", file.name]
        output = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    lines = output.decode("utf-8", "surrogateescape").split("\n")[:-1]
    if len(lines) != len(rows):
        sys.exit(f"{len(rows)} messages gave {len(lines)} events")
    return [line.split("\t", 1) for line in lines]


def plain(template):
    """The template with one <*> for all that touches a variable."""
    template = " ".join(MASK.sub("<*>", template).split())
    template = re.sub(r"\S*<\*>\S*", "<*>", template)
    return re.sub(r"<\*>(\s*<\*>)+", "<*>", template)


def f1(right, found, true):
    return 2 * right / (found + true) if found + true else 0.0


def score(rows, found):
    groups, truth = collections.defaultdict(list), collections.defaultdict(list)
    for number, (row, (name, _)) in enumerate(zip(rows, found)):
        groups[name].append(number)
        truth[row["EventId"]].append(number)
    true = {tuple(members) for members in truth.values()}
    exact = [members for members in groups.values() if tuple(members) in true]
    named = [
        members
        for members in exact
        if plain(found[members[0]][1]) == plain(rows[members[0]]["EventTemplate"])
    ]
    return (
        sum(map(len, exact)) / len(rows),
        f1(len(exact), len(groups), len(truth)),
        f1(len(named), len(groups), len(truth)),
        len(truth),
        len(groups),
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--logq", required=True)
    parser.add_argument("--corpus", required=True)
    arguments = parser.parse_args()
    files = sorted(pathlib.Path(arguments.corpus).rglob("*_structured.csv"))
    if not files:
        sys.exit(f"no *_structured.csv below {arguments.corpus}")
    print(f"{'set':12} {'GA':>6} {'FGA':>6} {'FTA':>6} {'true':>5} {'found':>5}")
    scores = []
    for path in files:
        rows = messages(path)
        result = score(rows, patterns(arguments.logq, rows))
        scores.append(result)
        name = path.name.removeprefix("loghub-").split("_")[0]
        print(f"{name:12} " + " ".join(f"{x:6.3f}" for x in result[:3]) + "  %4d  %4d" % result[3:])
    means = [sum(column) / len(scores) for column in zip(*scores)][:3]
    print(f"{'average':12} " + " ".join(f"{x:6.3f}" for x in means))
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    lines = sum(len(messages(path)) for path in files)
    print(f"{lines} messages, {used.ru_utime + used.ru_stime:.2f} CPU-s with parsing and start-up")


if __name__ == "__main__":
    main()
