"""Runs of one thing, what they cost and how they compare; rows of Markdown tables."""
import os
import statistics


class Figure:
    """Some runs of one thing, and the load before each."""

    def __init__(self):
        self.runs, self.loads = [], []

    def take(self, make):
        self.loads.append(os.getloadavg()[0])
        self.runs.append(make())

    @property
    def wall(self):
        return statistics.median(x.wall for x in self.runs)

    @property
    def cpu(self):
        return statistics.median(x.cpu for x in self.runs)

    @property
    def peak(self):
        return max(x.peak_bytes for x in self.runs)

    @property
    def load(self):
        return f"{statistics.median(self.loads):.1f}"

    def rate(self, raw):
        return spread([raw / 1e6 / x.wall for x in self.runs], "{:.0f}")

    def faster_than(self, peer, clock="wall"):
        return spread([getattr(peer, clock) / getattr(x, clock) for x in self.runs])


def spread(values, form="{:.1f}"):
    if len(values) == 1:
        return "**" + form.format(values[0]) + "**"
    return (form + " / **" + form + "** / " + form).format(
        min(values), statistics.median(values), max(values))


def table(*columns):
    row(*columns)
    row(*("---" for _ in columns))


def row(*cells):
    print("| " + " | ".join(str(x) for x in cells) + " |", flush=True)
