"""Random pipes behind a filter, and what is wrong with the rows that come out.

Where the documentation leaves open which rows come (equal counts, equal times), every choice
passes.
"""
import collections
import json

from aggregates import KEYS, SPANS, Aggregates
from answers import rfc3339
from questions import Question
from times import SECOND


class Pipes(Aggregates):
    def __init__(self, maker):
        self.maker, self.corpus, self.random = maker, maker.corpus, maker.random

    def any(self):
        """A question, the names of its stages, and a function that finds fault with the output."""
        self.question = self.maker.any(self.random.choice((0, 0, 1)))
        if self.random.random() < 0.3:
            # Many events: a word finds few, and groups of few show little.
            self.question = Question([f"--tz={self.question.zone}", "*"], self.corpus.all,
                                     zone=self.question.zone)
        self.events = self.corpus.indices(self.question.bits)
        name = self.random.choices(
            ("stats", "top", "rare", "timechart", "where", "head", "dedup", "sort", "fields",
             "extract"), (10, 4, 2, 6, 2, 2, 2, 2, 2, 2))[0]
        stage, check = getattr(self, "stage_" + name)()
        self.question.arguments[-1] += " | " + stage

        def wrong(output):
            rows = [json.loads(line) for line in output.splitlines()]
            fault = check(rows)
            return f"{fault}\n    {rows[:5]}" if fault else None

        return self.question, {"| " + name}, wrong

    # ------------------------------------------------------------ stages that make tables

    def stage_stats(self):
        random = self.random
        functions = [self.function() for _ in range(random.choice((1, 2, 3)))]
        columns = [f"f{i}" for i in range(len(functions))]
        keys = {}
        for _ in range(random.choice((0, 1, 1, 1, 2))):
            written, column, get = self.key()
            keys[column] = written, get
        stage = "stats " + random.choice((" ", ", ")).join(
            f"{f[0]} as {name}" for f, name in zip(functions, columns))
        if keys:
            stage += " by " + ", ".join(written for written, _ in keys.values())
        groups = self.grouped([get for _, get in keys.values()], self.events)
        if len(groups) > 20_000:
            # That many are cut where a function keeps much of each: another question.
            return self.stage_stats()
        if not keys and not groups:
            groups[()] = []
        first = next(iter(keys), None)
        limit = random.choice((None, None, None, 3))
        if limit and functions[0][0] == "count()":
            stage += f" | where f0:>{limit}"
            groups = {key: events for key, events in groups.items() if len(events) > limit}

        def check(rows):
            if len(rows) != len(groups):
                return f"{len(rows)} groups, expected {len(groups)}"
            for row in rows:
                events = groups.get(tuple(row[column] for column in keys))
                if events is None:
                    return f"a group that is none: {row}"
                for (written, _, test), name in zip(functions, columns):
                    if not test(events)(row[name]):
                        return f"{written} is wrong for {len(events)} events: {row}"
            if len({tuple(row[column] for column in keys) for row in rows}) != len(rows):
                return "a group comes twice"
            if first == "time":
                times = [row["time"] for row in rows]
                return None if times == sorted(times) else "not in the order of time"
            if functions[0][0] == "count()" and first != "bytes":
                counts = [row["f0"] for row in rows]
                if counts != sorted(counts, reverse=True):
                    return "not the greatest first"
            return None

        return stage, check

    def stage_top(self, name="top"):
        limit = self.random.choice((1, 3, 10, 50))
        keys = self.random.sample(KEYS, self.random.choice((1, 1, 2)))
        groups = self.grouped(
            [lambda i, key=key: self.key_value(key, i) for key in keys], self.events)
        counts = {key: len(events) for key, events in groups.items() if None not in key}
        total = sum(counts.values())
        want = sorted(counts.values(), reverse=name == "top")[:limit]

        def check(rows):
            if [row["count"] for row in rows] != want:
                return f"expected the counts {want}"
            if len({tuple(row[key] for key in keys) for row in rows}) != len(rows):
                return "a value comes twice"
            for row in rows:
                if counts.get(tuple(row[key] for key in keys)) != row["count"]:
                    return f"the count is wrong: {row}"
                if abs(row["share"] - row["count"] / total) > 1e-9:
                    return f"the share is wrong: {row}"
            return None

        return f"{name} {limit} by {', '.join(keys)}", check

    def stage_rare(self):
        return self.stage_top("rare")

    def stage_timechart(self):
        random, corpus = self.random, self.corpus
        start, end = self.question.window
        times = [corpus.time[i] for i in self.events]
        low = min(times, default=0) if start is None else start
        high = max(times, default=0) if end is None else end - 1
        length = (high - low) / SECOND
        span = random.choice([x for x in SPANS if length / SPANS[x] < 3000] or ["1d"])
        key = random.choice((None, "level", "status", "host", "service", "method"))
        function = random.choice(("", "count()", "sum(bytes)", "max(took)", "dc(host)"))
        groups = collections.defaultdict(lambda: collections.defaultdict(list))
        for index in self.events:
            series = str(self.key_value(key, index) or "(none)") if key else None
            groups[series][rfc3339(self.bin_start(corpus.time[index], SPANS[span]))].append(index)
        first = rfc3339(self.bin_start(low, SPANS[span]))
        last = rfc3339(self.bin_start(high, SPANS[span]))
        get = {"": len, "count()": len,
               "sum(bytes)": lambda e: sum(self.values("bytes", e)),
               "max(took)": lambda e: max(self.values("took", e), default=0),
               "dc(host)": lambda e: len({*self.values("host", e)})}[function]

        def check(rows):
            if not self.events:
                # A window that is closed has bins all the same.
                return "no events are counted" if any(
                    got for row in rows for name, got in row.items() if name != "time") else None
            bins = [row.pop("time") for row in rows]
            if not bins or bins != sorted({*bins}):
                return "bins not in the order of time"
            # A term of time: narrows the window further, as far as all events have to pass it.
            if "time" not in self.question.kinds and (bins[0], bins[-1]) != (first, last):
                return f"bins from {bins[:1]} to {bins[-1:]}, expected {first} to {last}"
            if bins != self.bins(bins[0], bins[-1], SPANS[span]):
                return "an empty bin is missing"
            names = {*rows[0]}
            others = [x for x in groups if x not in names]
            if key and (len(names) > 11 or ("(other)" in names) != bool(others)):
                return f"series {sorted(names)}, expected {sorted(groups)}"
            if key and others and max(sum(map(len, groups[x].values())) for x in others) > min(
                    sum(map(len, groups[x].values())) for x in names - {"(other)"}):
                return "(other) has a greater series"
            if {at for series in groups.values() for at in series} - {*bins}:
                return "a bin is missing"
            for at, row in zip(bins, rows):
                for name, got in row.items():
                    chosen = others if name == "(other)" else [name if key else None]
                    events = [e for series in chosen for e in groups[series].get(at, ())]
                    if abs(got - get(events)) > 1e-9 * max(1, abs(got)):
                        return f"{at} {name}: {got}, expected {get(events)}"
            return None

        stage = " ".join(x for x in ("timechart", span, function) if x)
        return stage + (f" by {key}" if key else ""), check

    def stage_extract(self):
        pattern = self.random.choice(
            (r"cost=(?<ms>\d+)ms", r"score=(?<ms>\d+)", r"retry=(?<ms>\d)"))
        compiled = self.corpus.expression(pattern.replace("?<", "?P<"))
        found = (compiled.search(x) for x in self.values("msg", self.events))
        numbers = [int(x["ms"]) for x in found if x]

        def check(rows):
            want = {"n": len(self.events), "c": len(numbers),
                    "s": sum(numbers) if numbers else None,
                    "m": max(numbers, default=None), "d": len({*numbers})}
            return None if rows == [want] else f"expected {want}"

        return (f"extract /{pattern}/ | stats count() as n count(ms) as c sum(ms) as s "
                "max(ms) as m dc(ms) as d"), check

    # ------------------------------------------------------------ stages that keep events

    def rows_of(self, events, names):
        return collections.Counter(tuple(self.value(name, i) for name in names) for i in events)

    def table(self, rows, names, events):
        """What is wrong with rows that must be those of all the events."""
        got = collections.Counter(tuple(row[name] for name in names) for row in rows)
        want = self.rows_of(events, names)
        if got != want:
            return (f"{len(rows)} rows, expected {len(events)}; missing "
                    f"{[*(want - got)][:2]}, extra {[*(got - want)][:2]}")
        return None

    def newest(self, events):
        return sorted((self.value("time", i) for i in events), reverse=True)

    def stage_fields(self):
        names = ["time", *self.random.sample(KEYS, 2), "bytes"]
        return f"fields {', '.join(names)}", lambda rows: (
            self.table(rows, names, self.events)
            or ([row["time"] for row in rows] != self.newest(self.events) and "not newest first"
                or None))

    def stage_where(self):
        term, bits = self.maker.tree(self.random.choice((0, 1)))
        events = self.corpus.indices(self.question.bits & bits)
        names = ["time", "host", "level"]
        return f"where {term} | fields time, host, level", lambda rows: self.table(
            rows, names, events)

    def stage_head(self):
        name, limit = self.random.choice(("head", "tail")), self.random.choice((1, 5, 200))
        times = self.newest(self.events)
        want = times[:limit] if name == "head" else times[-limit:]
        known = self.rows_of(self.events, ["time", "host"])
        return f"{name} {limit} | fields time, host", lambda rows: (
            [row["time"] for row in rows] != want and f"expected the times {want[:3]} …"
            or collections.Counter((row["time"], row["host"]) for row in rows) - known
            and "rows of no event" or None)

    def stage_dedup(self):
        key = self.random.choice(KEYS)
        groups = self.grouped([lambda i: self.value(key, i)], self.events)
        want = {value: self.newest(events)[0] for (value,), events in groups.items()}
        return f"dedup {key} | fields {key}, time", lambda rows: (
            ({row[key]: row["time"] for row in rows} != want or len(rows) != len(want))
            and f"{len(rows)} rows, expected {len(want)}" or None)

    def stage_sort(self):
        name = self.random.choice(("bytes", "took", "status", "path", "time"))
        sign, limit = self.random.choice(("", "-")), self.random.choice((3, 100, 100_000))
        values = self.values(name, self.events)
        values.sort(key=lambda x: x.encode() if isinstance(x, str) else x, reverse=sign == "-")
        want = (values + [None] * (len(self.events) - len(values)))[:limit]
        return f"sort {sign}{name} | head {limit} | fields {name}", lambda rows: (
            [row[name] for row in rows] != want and f"expected {want[:5]} …" or None)
