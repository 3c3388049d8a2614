"""Windows of time, and terms of `time:`, in several zones."""
import datetime
import zoneinfo

SECOND = 1_000_000_000
ZONES = ("+08:00", "UTC", "-05:00", "Asia/Shanghai", "Europe/Berlin", "America/New_York",
         "Asia/Kathmandu", "America/St_Johns", "Africa/Cairo")


def zone_info(name):
    if name[0] in "+-":
        hours, minutes = name[1:].split(":")
        offset = datetime.timedelta(hours=int(hours), minutes=int(minutes))
        return datetime.timezone(-offset if name[0] == "-" else offset)
    return zoneinfo.ZoneInfo(name)


def nanoseconds(local):
    return int(local.timestamp()) * SECOND


def is_clear(local):
    """Whether the clock shows this time once: not where it goes back, nor where it jumps."""
    return local.utcoffset() == local.replace(fold=1).utcoffset()


class TimeLeaves:
    def moment(self, whole=None):
        """A written time, and the span it names: a day, minute, second or an instant."""
        random = self.random
        info = zone_info(self.zone)
        while True:
            seconds, rest = divmod(self.corpus.time[self.event()], SECOND)
            local = datetime.datetime.fromtimestamp(seconds, info)
            edge = random.random()
            if edge < 0.3:
                local, rest = local.replace(hour=0, minute=0, second=0), 0
            elif edge < 0.4:
                utc = local.astimezone(datetime.timezone.utc)
                local, rest = utc.replace(hour=0, minute=0, second=0).astimezone(info), 0
            if is_clear(local):
                break
        kind = whole or random.choice(("day", "minute", "second", "instant", "offset", "epoch"))
        return getattr(self, "_" + kind)(local, rest)

    def _day(self, local, rest):
        local = local.replace(hour=0, minute=0, second=0)
        separator = self.random.choice("--/")
        return (f"{local:%Y-%m-%d}".replace("-", separator), nanoseconds(local),
                nanoseconds(local + datetime.timedelta(days=1)))

    def _minute(self, local, rest):
        local = local.replace(second=0)
        start = nanoseconds(local)
        return f"{local:%Y-%m-%d %H:%M}", start, start + 60 * SECOND

    def _second(self, local, rest):
        start = nanoseconds(local)
        joint = self.random.choice(" T")
        return f"{local:%Y-%m-%d}{joint}{local:%H:%M:%S}", start, start + SECOND

    def _offset(self, local, rest):
        start = nanoseconds(local)
        other = self.random.choice(("Z", "+08:00", "-05:00"))
        there = local.astimezone(zone_info("UTC" if other == "Z" else other))
        return f"{there:%Y-%m-%dT%H:%M:%S}{other}", start, start + SECOND

    def _instant(self, local, rest):
        start = nanoseconds(local)
        written = f"{local:%Y-%m-%d %H:%M:%S}.{rest // 1_000_000:03d}"
        return written, start + rest, start + rest

    def _epoch(self, local, rest):
        start = nanoseconds(local)
        unit = self.random.choice((SECOND, 1_000_000, 1_000, 1))
        whole = start + (0 if unit == SECOND else rest)
        return f"@{whole // unit}", whole, whole

    def window(self):
        """The flags of a window, its events, and where it begins (None: open)."""
        random, corpus = self.random, self.corpus
        kind = random.choice(("since", "until", "both", "both", "at", "around"))
        since, since_start, _ = self.moment()
        until, until_start, until_end = self.moment()
        if kind == "until":
            return ["--until", until], corpus.window(None, until_start), None, until_start
        if kind == "at":
            at, start, end = self.moment(random.choice(("day", "minute", "second")))
            return ["--at", at], corpus.window(start, end), start, end
        if kind == "around":
            text, width = random.choice(
                (("30s", 30), ("5m", 300), ("1h30m", 5400), ("90m", 5400), ("1d", 86400)))
            start, end = until_start - width * SECOND, until_end + width * SECOND
            return (["--at", until, "--around", text], corpus.window(start, end), start, end)
        if kind == "since" or until_start <= since_start:
            return ["--since", since], corpus.window(since_start, None), since_start, None
        return (["--since", since, "--until", until],
                corpus.window(since_start, until_start), since_start, until_start)

    def leaf_time(self):
        corpus, random = self.corpus, self.random
        text, start, end = self.moment()
        # An instant is a span of one nanosecond.
        end = max(end, start + 1)
        sign = random.choice((">", ">=", "<", "<=", "", "range", "range"))
        if sign == "range":
            other, other_start, other_end = self.moment()
            other_end = max(other_end, other_start + 1)
            if other_start < start:
                text, start, end, other, other_start, other_end = (
                    other, other_start, other_end, text, start, end)
            left, right = random.choice("[{"), random.choice("]}")
            bits = corpus.window(start if left == "[" else end,
                                 other_end if right == "]" else other_start)
            return f'time:{left}"{text}" TO "{other}"{right}', bits
        low, high = {">": (end, None), ">=": (start, None), "<": (None, start),
                     "<=": (None, end), "": (start, end)}[sign]
        return f'time:{sign}"{text}"', corpus.window(low, high)
