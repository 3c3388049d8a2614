"""Values, groups and functions of `stats`, reckoned anew from all events of a group."""
import collections
import datetime
import math

from answers import rfc3339
from times import SECOND, zone_info

NUMBERS = {"status": int, "bytes": int, "took": float}
LEVEL_NAMES = {5: "DEBUG", 9: "INFO", 13: "WARN", 17: "ERROR", 18: "CRIT"}
KEYS = ("status", "method", "level", "host", "service", "logger", "exception", "thread", "path",
        "ip")
SPANS = {"30s": 30, "1m": 60, "5m": 300, "15m": 900, "30m": 1800, "1h": 3600, "6h": 21600,
         "12h": 43200, "1d": 86400, "7d": 604800, "1w": 604800}


class Aggregates:
    # ------------------------------------------------------------ values

    def key_value(self, name, index):
        """A field as a key of groups: levels by their number."""
        return LEVEL_NAMES[self.corpus.level[index]] if name == "level" else self.value(name, index)

    def value(self, name, index):
        """A field as JSON has it; None where the event has none."""
        if name == "time":
            return rfc3339(self.corpus.time[index])
        value = self.corpus.fields[name].get(index)
        return None if value is None else NUMBERS.get(name, bytes.decode)(value)

    def values(self, name, events):
        found = (self.value(name, index) for index in events)
        return [x for x in found if x is not None]

    def grouped(self, keys, events):
        groups = collections.defaultdict(list)
        for index in events:
            groups[tuple(key(index) for key in keys)].append(index)
        return groups

    def bin_start(self, time, seconds):
        """Where the bin of a time begins on the clock of the zone, in ns."""
        local = datetime.datetime.fromtimestamp(time // SECOND, zone_info(self.question.zone))
        midnight = local.replace(hour=0, minute=0, second=0, fold=0)
        if seconds == 604800:
            monday = midnight - datetime.timedelta(days=midnight.weekday())
            return int(monday.timestamp()) * SECOND
        if seconds == 86400:
            return int(midnight.timestamp()) * SECOND
        since = local.hour * 3600 + local.minute * 60 + local.second
        if seconds <= 3600:
            return time // SECOND * SECOND - since % seconds * SECOND
        start = midnight + datetime.timedelta(seconds=since - since % seconds)
        return int(start.timestamp()) * SECOND

    def bins(self, first, last, seconds):
        """The starts of all bins from one to another, as text."""
        found = [first]
        at = int(datetime.datetime.fromisoformat(first[:19] + "Z").timestamp()) * SECOND
        while found[-1] < last:
            # Where the clock goes back, a bin lasts longer than its span.
            following = self.bin_start(at + seconds * SECOND, seconds)
            at = following if following > at else self.bin_start(
                at + (seconds + 3600) * SECOND, seconds)
            found.append(rfc3339(at))
        return found

    # ------------------------------------------------------------ functions

    def function(self):
        """A function of stats: as written, its column, and a test of a group's value."""
        random = self.random
        kind = random.choice(("count", "filter", "field", "dc", "sum", "avg", "min", "max",
                              "quantile", "stddev", "first", "values"))
        name = random.choice(list(NUMBERS))
        if kind == "count":
            return "count()", "count", lambda events: lambda got: got == len(events)
        if kind == "filter":
            term, bits = random.choice((self.maker.leaf_number, self.maker.leaf_level))()
            return (f"count({term})", None, lambda events: lambda got: got == (
                self.corpus.bits(events) & bits).bit_count())
        if kind == "field":
            name = random.choice(KEYS)
            return (f"count({name})", f"count({name})",
                    lambda events: lambda got: got == len(self.values(name, events)))
        if kind == "dc":
            name = random.choice(KEYS)
            return f"dc({name})", f"dc({name})", lambda events: self.distinct(name, events)
        if kind == "quantile":
            share = random.choice((0, 50, 75, 95, 99, 99.9, 100))
            return (f"p{share}({name})", f"p{share}({name})",
                    lambda events: self.quantile(name, share, events))
        if kind == "first":
            kind, name = random.choice(("first", "last")), random.choice(KEYS)
            return f"{kind}({name})", f"{kind}({name})", lambda events: self.end(name, kind, events)
        if kind == "values":
            name = random.choice(("status", "method", "host", "service", "exception"))
            return (f"values({name})", f"values({name})", lambda events: lambda got: got == (
                ", ".join(map(str, sorted({*self.values(name, events)}))) or None))
        get = {"sum": math.fsum, "avg": mean, "stddev": deviation, "min": min, "max": max}[kind]
        # Of one value there is no deviation, and bytes are shown whole.
        least = 2 if kind == "stddev" else 1
        rounding = 0.5 if name == "bytes" and kind in ("avg", "stddev") else 0
        return (f"{kind}({name})", f"{kind}({name})",
                lambda events: close(get, self.values(name, events), least, rounding))

    def distinct(self, name, events):
        count = len({*self.values(name, events)})
        # Five standard errors of 0.8 % beyond 4096 values.
        return lambda got: abs(got - count) <= (0 if count <= 4096 else 0.04 * count)

    def quantile(self, name, share, events):
        values = sorted(self.values(name, events))
        if not values:
            return lambda got: got is None
        # The nearest rank: the smallest value such that this share of all is not above it.
        want = values[max(0, math.ceil(share * len(values) / 100 - 1e-9) - 1)]
        slack = 1e-9 if len(values) <= 1024 else 0.010001 * abs(want) + (name != "took") * 0.5
        return lambda got: got is not None and abs(got - want) <= slack

    def end(self, name, kind, events):
        times = [self.corpus.time[i] for i in events if self.value(name, i) is not None]
        if not times:
            return lambda got: got is None
        at = min(times) if kind == "first" else max(times)
        allowed = {self.value(name, i) for i in events if self.corpus.time[i] == at} - {None}
        return lambda got: got in allowed

    def key(self):
        """A key of stats: as written, its column, and a function of an event."""
        random = self.random
        kind = random.random()
        if kind < 0.2:
            span = random.choice(list(SPANS))
            return (f"bin({span})", "time", lambda index: rfc3339(
                self.bin_start(self.corpus.time[index], SPANS[span])))
        if kind < 0.3:
            text, size = random.choice((("10kB", 10_000), ("1KiB", 1024), ("50kB", 50_000)))

            def step(index):
                value = self.value("bytes", index)
                return None if value is None else value // size * size

            return f"bin(bytes, {text})", "bytes", step
        name = random.choice(KEYS)
        return name, name, lambda index: self.key_value(name, index)


def close(get, values, least, rounding):
    """A test of a number, of which twelve figures are shown."""
    if len(values) < least:
        return lambda got: got is None
    want = get(values)
    slack = 1e-9 * abs(want) + 1e-9 + rounding
    return lambda got: got is not None and abs(got - want) <= slack


def mean(values):
    return math.fsum(values) / len(values)


def deviation(values):
    """Of a sample: divided by one less than their number."""
    middle = mean(values)
    return math.sqrt(math.fsum((x - middle) ** 2 for x in values) / (len(values) - 1))
