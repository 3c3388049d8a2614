"""Queries with their true answers: fixed ones, and random ones made of the corpus's own text."""
import datetime
import re
import zoneinfo
from dataclasses import dataclass

from model import LEVELS, address, contains, glob

WORD = re.compile(rb"[0-9A-Za-z_]+")
RUN = re.compile("[\u4e00-\u9fff]{2,}")
PLAIN = re.compile(r"[0-9A-Za-z_\u4e00-\u9fff][0-9A-Za-z_=.,#\u4e00-\u9fff]*")


@dataclass
class Question:
    """Arguments of `logq search`, the events that must be found, and ripgrep's arguments."""

    arguments: list
    bits: int
    ripgrep: list = None
    is_fixed: bool = False


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def mixed_case(random, text):
    return "".join(random.choice((c.upper(), c.lower(), c)) if c.isascii() else c for c in text)


class Maker:
    def __init__(self, corpus, random):
        self.corpus, self.random = corpus, random

    # ------------------------------------------------------------ fixed

    def fixed(self):
        corpus = self.corpus
        edge = r"(?:^|[^0-9A-Za-z_]){}(?:$|[^0-9A-Za-z_])"
        found = []
        for phrase in ("Communications link failure", "timeout", "Read timed out",
                       "HikariPool-1", "order status changed"):
            found.append(Question(
                [quoted(phrase)], corpus.text([phrase.encode()]),
                ["-i", "-e", edge.format(phrase)], True))
        for run, pattern in (
            ("数据库连接超时", "数据库连接超时"), ("连接超时", "连接超时"), ("超", "超"),
            ("渠道", "渠道"), ("失败 traceId", "失败 traceId(?:$|[^0-9A-Za-z_])"),
            ("ms. 数据库", r"(?:^|[^0-9A-Za-z_])ms\. 数据库"),
        ):
            found.append(Question(
                [quoted(run)], corpus.text([run.encode()]), ["-i", "-e", pattern], True))
        for pattern in (r"order-[0-9]*77 ", r"cost=[3-9]\d\dms", r"code=E(1042|1007)\b",
                        r"超时.*timeout", r"^2026-11-20 1[01]:.*ERROR"):
            found.append(Question(
                [f"/{pattern}/"], corpus.regex(pattern), ["-e", pattern], True))
        for query, bits in (
            ("status:502", corpus.field("status", lambda x: int(x) == 502)),
            ("status:>=500", corpus.field("status", lambda x: int(x) >= 500)),
            ("status:(502 OR 504) path:/api/v2/*",
             corpus.field("status", lambda x: int(x) in (502, 504))
             & corpus.field("path", glob("/api/v2/*"))),
            ("level:ERROR host:control-1",
             corpus.levels(lambda x: x == 17) & corpus.by_file(lambda f: f.host == "control-1")),
            ("level:>=WARN service:nginx",
             corpus.levels(lambda x: x >= 13) & corpus.by_file(lambda f: f.service == "nginx")),
        ):
            found.append(Question([query], bits, None, True))
        return found

    # ------------------------------------------------------------ random

    def any(self):
        """A random query, with a window of time in a third of all."""
        random = self.random
        text, bits = self.tree(random.choice((0, 0, 0, 1, 1, 2)))
        arguments = []
        if random.random() < 0.35:
            arguments, window = self.window()
            bits &= window
        return Question([*arguments, "--", text] if text.startswith("-") else [*arguments, text],
                        bits)

    def tree(self, depth):
        random, corpus = self.random, self.corpus
        if depth == 0:
            return self.leaf()
        kind = random.choice(("and", "and", "or", "not", "dash", "three"))
        first, first_bits = self.tree(depth - 1)
        if kind in ("and", "or"):
            second, second_bits = self.tree(depth - 1)
            if kind == "and":
                joint = random.choice((" ", " AND "))
                return f"({first}){joint}({second})", first_bits & second_bits
            return f"({first} OR {second})", first_bits | second_bits
        if kind == "three":
            # NOT binds before AND, AND before OR.
            (b, b_bits), (c, c_bits) = self.leaf(), self.leaf()
            return (f"({first}) OR {b} NOT {c}",
                    first_bits | b_bits & (corpus.all & ~c_bits))
        sign = "NOT " if kind == "not" else "-"
        second, second_bits = self.leaf()
        return f"{second} {sign}({first})", second_bits & ~first_bits

    def leaf(self):
        name = self.random.choices(
            ("word", "phrase", "chinese", "open", "parts", "regex", "number", "path", "level",
             "source", "thread", "logger", "msg", "ip", "time", "exception", "method"),
            (12, 14, 14, 8, 5, 6, 8, 7, 4, 5, 5, 5, 6, 5, 5, 3, 2))[0]
        return getattr(self, "leaf_" + name)()

    def event(self, kinds=()):
        """A random event's number, from a random file, so that small files count as much."""
        files = [f for f in self.corpus.files if not kinds or f.kind in kinds]
        file = self.random.choice(files)
        return file.first + self.random.randrange(file.count)

    def event_text(self, kinds=()):
        return self.corpus.original(self.event(kinds)).decode()

    def with_value(self, name, kinds=()):
        for _ in range(10_000):
            value = self.corpus.fields[name].get(self.event(kinds))
            if value is not None:
                return value.decode()
        raise RuntimeError(f"no {name} in the corpus")

    def spelled(self, text):
        """A text as a word where it can be one, else quoted; in another case now and then."""
        random = self.random
        if random.random() < 0.4:
            text = mixed_case(random, text)
        if PLAIN.fullmatch(text) and text not in ("AND", "OR", "NOT") and random.random() < 0.5:
            return text
        return quoted(text)

    def found(self, text, **options):
        return self.corpus.text([text.encode()], **options)

    def leaf_word(self):
        word = self.random.choice(WORD.findall(self.event_text().encode())).decode()
        return self.spelled(word), self.found(word)

    def leaf_phrase(self):
        random = self.random
        line = random.choice([x for x in self.event_text().split("\n") if len(x) > 3])
        while True:
            start = random.randrange(len(line))
            text = line[start:start + random.choice((2, 5, 12, 25, 60))].strip()
            if text and '"' not in text and "\t" not in text:
                break
        return self.spelled(text), self.found(text)

    def chinese_text(self):
        for _ in range(10_000):
            text = self.event_text(("java", "juli"))
            if RUN.search(text):
                return text
        raise RuntimeError("no Chinese in the corpus")

    def leaf_chinese(self):
        random = self.random
        text = self.chinese_text()
        match = random.choice(list(RUN.finditer(text)))
        run = match.group()
        kind = random.choice(("whole", "part", "one", "pair", "mixed", "left"))
        if kind == "whole":
            chosen = run
        elif kind == "one":
            chosen = random.choice(run)
        elif kind == "part" or kind == "pair":
            start = random.randrange(len(run) - 1)
            chosen = run[start:start + (2 if kind == "pair" else random.randrange(2, 6))]
        elif kind == "mixed":
            line = text[match.start():].split("\n")[0]
            chosen = line[random.randrange(len(run)):len(run) + random.randrange(1, 12)].strip()
        else:
            line = text[:match.end()].split("\n")[-1]
            chosen = line[-random.randrange(1, len(run) + 12):].strip()
        if not chosen or '"' in chosen:
            chosen = run
        return self.spelled(chosen), self.found(chosen)

    def leaf_open(self):
        random = self.random
        word = random.choice([x for x in WORD.findall(self.event_text().encode()) if len(x) > 2])
        word = word.decode()
        start = random.randrange(len(word) - 1)
        end = random.randrange(start + 1, len(word)) + 1
        kind = random.choice(("start", "end", "both"))
        part = word[:end] if kind == "end" else word[start:] if kind == "start" else word[start:end]
        open_start, open_end = kind != "end", kind != "start"
        written = mixed_case(random, part) if random.random() < 0.3 else part
        if random.random() < 0.3:
            written = quoted(written)
        return ("*" * open_start + written + "*" * open_end,
                self.found(part, open_start=open_start, open_end=open_end))

    def leaf_parts(self):
        """`a*b`: parts in order."""
        random = self.random
        words = WORD.findall(self.event_text().encode())
        first = random.randrange(max(1, len(words) - 1))
        second = words[min(len(words) - 1, first + random.randrange(1, 6))]
        parts = [words[first], second]
        return b"*".join(parts).decode(), self.corpus.text(parts)

    def leaf_regex(self):
        random = self.random
        word = random.choice([x for x in WORD.findall(self.event_text().encode()) if len(x) > 3])
        word = word.decode()
        run = RUN.search(self.chinese_text()).group()
        cut = random.randrange(1, len(word))
        pattern = random.choice((
            lambda: rf"\b{word[:cut]}\w*\b", lambda: rf"{word}[^ ]* \S+", lambda: rf"{word[cut:]}$",
            lambda: rf"{word}|{run}", lambda: f"{run[0]}.?{run[1]}", lambda: rf"{run}\s",
            lambda: rf"[{run}]{{2,}}", lambda: rf"^\S+ \S+ .*{word}",
            lambda: re.sub(r"\d", r"\\d", word), lambda: rf"(?:{word[:cut]}){{1,2}}{word[cut:]}",
            lambda: rf"cost=\d{{{random.randrange(1, 5)}}}ms", lambda: r'"(GET|HEAD) /[^"]*" 50[0-4] ',
            lambda: rf"\tat .*\({word}", lambda: rf"={word[:cut]}[0-9a-f]+-",
        ))()
        ignore = random.random() < 0.3
        return f"/{pattern.replace('/', chr(92) + '/')}/{'i' * ignore}", self.corpus.regex(
            pattern, ignore)

    def leaf_number(self):
        random = self.random
        name = random.choice(("status", "status", "bytes", "took"))
        value = self.with_value(name, ("access",))
        convert = float if name == "took" else int
        bound = convert(value)
        kind = random.choice((":", ">", ">=", "<", "<=", "range", "half", "unit"))
        if kind == ":":
            return f"{name}:{value}", self.compare(name, lambda x: convert(x) == bound)
        if kind == "unit" and name != "status":
            written, factor = (("ms", 0.001) if name == "took" else ("k", 1000))
            step = random.randrange(1, 400)
            limit = float(str(step)) * factor
            return (f"{name}:>={step}{written}",
                    self.compare(name, lambda x: float(x) >= limit))
        if kind in ("range", "half", "unit"):
            low, high = sorted((bound, convert(self.with_value(name, ("access",)))))
            close = "]" if kind == "range" else "}"
            return (f"{name}:[{low} TO {high}{close}",
                    self.compare(name, lambda x: low <= convert(x) and (
                        convert(x) <= high if kind == "range" else convert(x) < high)))
        tests = {">": lambda x: convert(x) > bound, ">=": lambda x: convert(x) >= bound,
                 "<": lambda x: convert(x) < bound, "<=": lambda x: convert(x) <= bound}
        return f"{name}:{kind}{value}", self.compare(name, tests[kind])

    def compare(self, name, accept):
        return self.corpus.field(name, accept)

    def leaf_path(self):
        random = self.random
        path = self.with_value("path")
        kind = random.choice(("prefix", "prefix", "inner", "exact", "words", "suffix", "deep"))
        parts = path.split("/")
        if kind == "prefix":
            written = "/".join(parts[:random.randrange(2, len(parts) + 1)]) + "*"
        elif kind == "suffix":
            written = "*" + path[random.randrange(len(path)):]
        elif kind == "inner" and len(path) > 3:
            cut = random.randrange(1, len(path) - 1)
            written = path[:cut] + "*" + path[random.randrange(cut, len(path)):]
        elif kind == "exact":
            return f'path:="{path}"', self.compare("path", lambda x: x == path.encode())
        elif kind == "words":
            word = random.choice(WORD.findall(path.encode()) or [b"api"])
            return f"path:{word.decode()}", self.compare("path", contains([word]))
        else:
            written = random.choice(("/api/v2/*", "/api/*/pay", "/static/*.js", "/health*", "*"))
        if written == "*":
            return "path:*", self.compare("path", lambda x: True)
        return f"path:{written}", self.compare("path", glob(written))

    def leaf_level(self):
        random = self.random
        name = random.choice(("DEBUG", "INFO", "WARN", "WARNING", "ERROR", "SEVERE", "CRIT"))
        number = LEVELS[name]
        written = random.choice((name, name.lower(), name.capitalize()))
        kind = random.choice((":", ">=", "<", "not info"))
        if kind == ":":
            return f"level:{written}", self.corpus.levels(lambda x: x == number)
        if kind == ">=":
            return f"level:>={written}", self.corpus.levels(lambda x: x >= number)
        if kind == "<":
            return f"level:<{written}", self.corpus.levels(lambda x: x < number)
        return "(-level:INFO)", self.corpus.levels(lambda x: x != 9)

    def leaf_source(self):
        random = self.random
        file = random.choice(self.corpus.files)
        word = file.host.split("-")[0]
        return random.choice((
            lambda: (f"host:{file.host}", self.corpus.by_file(lambda f: f.host == file.host)),
            lambda: (f"host:{word}", self.corpus.by_file(lambda f: f.host.startswith(word))),
            lambda: (f"host:{word[:3]}*", self.corpus.by_file(
                lambda f: f.host.startswith(word[:3]))),
            lambda: (f"service:{file.service}", self.corpus.by_file(
                lambda f: f.service == file.service)),
            lambda: (f"file:{file.name}", self.corpus.by_file(
                lambda f: contains([file.name.encode()])(f.name.encode()))),
            lambda: (f"file:{file.name[:4]}*", self.corpus.by_file(
                lambda f: f.name.startswith(file.name[:4]))),
            lambda: (f'file:="{file.name}"', self.corpus.by_file(lambda f: f.name == file.name)),
            lambda: (f"file:*/{file.host}/*", self.corpus.by_file(
                lambda f: f"/{file.host}/" in f.path)),
        ))()

    def leaf_text_field(self, name):
        random = self.random
        value = self.with_value(name)
        kind = random.choice(("whole", "exact", "word", "wild", "regex"))
        if kind == "whole":
            return f"{name}:{quoted(value)}", self.compare(name, contains([value.encode()]))
        if kind == "exact":
            return f"{name}:={quoted(value)}", self.compare(name, lambda x: x == value.encode())
        if kind == "word":
            word = random.choice(WORD.findall(value.encode()))
            return f"{name}:{word.decode()}", self.compare(name, contains([word]))
        if kind == "wild":
            cut = random.randrange(1, len(value))
            written = value[:cut] + "*"
            if re.fullmatch(r"[\w.*-]+", written):
                return f"{name}:{written}", self.compare(name, glob(written))
            return f"{name}:*", self.compare(name, lambda x: True)
        cut = random.randrange(1, len(value))
        pattern = re.escape(value[:cut]).replace("\\ ", " ").replace("\\-", "-") + r"\w*$"
        compiled = re.compile(pattern, re.M)
        return (f"{name}:/{pattern}/",
                self.compare(name, lambda x: compiled.search(x.decode())))

    def leaf_thread(self):
        return self.leaf_text_field("thread")

    def leaf_logger(self):
        return self.leaf_text_field("logger")

    def leaf_exception(self):
        return self.leaf_text_field("exception")

    def leaf_method(self):
        value = self.with_value("method")
        return f"method:{value.lower()}", self.compare("method", contains([value.encode()]))

    def leaf_msg(self):
        random = self.random
        value = self.with_value("msg")
        start = random.randrange(len(value))
        text = value[start:start + random.choice((3, 8, 20))].strip()
        if not text or '"' in text or "\\" in text:
            text = value.split(" ")[0].strip('"') or "traceId"
        return f"msg:{quoted(text)}", self.compare("msg", contains([text.encode()]))

    def leaf_ip(self):
        random = self.random
        value = self.with_value("ip")
        kind = random.choice(("whole", "wild", "range", ">=", "text"))
        if kind == "whole":
            return f"ip:{value}", self.compare("ip", contains([value.encode()]))
        if kind == "text":
            return quoted(value), self.found(value)
        if kind == "wild":
            written = ".".join(value.split(".")[:random.randrange(1, 4)]) + ".*"
            return f"ip:{written}", self.compare("ip", glob(written))
        bound = address(value.encode())
        if kind == ">=":
            return f"ip:>={value}", self.compare("ip", lambda x: address(x) >= bound)
        other = self.with_value("ip")
        low, high = sorted((value, other), key=lambda x: address(x.encode()))
        first, last = address(low.encode()), address(high.encode())
        return (f"ip:[{low} TO {high}]",
                self.compare("ip", lambda x: first <= address(x) <= last))

    # ------------------------------------------------------------ times

    zones = ("+08:00", "UTC", "Asia/Shanghai", "Europe/Berlin")

    def moment(self, zone, whole=None):
        """A written time, and the span it names: a day, minute, second or an instant."""
        random = self.random
        info = (zoneinfo.ZoneInfo("UTC") if zone == "UTC"
                else datetime.timezone(datetime.timedelta(hours=8)) if zone == "+08:00"
                else zoneinfo.ZoneInfo(zone))
        time = self.corpus.time[self.event()]
        seconds, rest = divmod(time, 1_000_000_000)
        local = datetime.datetime.fromtimestamp(seconds, info)
        edge = random.random()
        if edge < 0.3:
            local = local.replace(hour=0, minute=0, second=0)
            rest = 0
        elif edge < 0.4:
            utc = local.astimezone(datetime.timezone.utc).replace(hour=0, minute=0, second=0)
            local, rest = utc.astimezone(info), 0
        kind = whole or random.choice(("day", "minute", "second", "instant", "offset"))
        if kind == "day":
            local = local.replace(hour=0, minute=0, second=0)
            start = int(local.timestamp()) * 1_000_000_000
            end = int((local + datetime.timedelta(days=1)).timestamp()) * 1_000_000_000
            return f"{local:%Y-%m-%d}", start, end
        if kind == "minute":
            local = local.replace(second=0)
            start = int(local.timestamp()) * 1_000_000_000
            return f"{local:%Y-%m-%d %H:%M}", start, start + 60_000_000_000
        start = int(local.timestamp()) * 1_000_000_000
        if kind == "second":
            return f"{local:%Y-%m-%d %H:%M:%S}", start, start + 1_000_000_000
        if kind == "offset":
            utc = local.astimezone(datetime.timezone.utc)
            return f"{utc:%Y-%m-%dT%H:%M:%SZ}", start, start + 1_000_000_000
        return (f"{local:%Y-%m-%d %H:%M:%S}.{rest // 1_000_000:03d}", start + rest, start + rest)

    def window(self):
        random = self.random
        zone = random.choice(self.zones)
        kind = random.choice(("since", "until", "both", "both", "at", "around"))
        since, since_start, _ = self.moment(zone)
        until, until_start, until_end = self.moment(zone)
        if kind == "since":
            return ["--tz", zone, "--since", since], self.corpus.window(since_start, None)
        if kind == "until":
            return ["--tz", zone, "--until", until], self.corpus.window(None, until_start)
        if kind == "both":
            if until_start <= since_start:
                return ["--tz", zone, "--since", until], self.corpus.window(until_start, None)
            return (["--tz", zone, "--since", since, "--until", until],
                    self.corpus.window(since_start, until_start))
        if kind == "at":
            at, start, end = self.moment(zone, random.choice(("day", "minute", "second")))
            return ["--tz", zone, "--at", at], self.corpus.window(start, end)
        width = random.choice((("30s", 30), ("5m", 300), ("1h30m", 5400), ("1d", 86400)))
        return (["--tz", zone, "--at", until, "--around", width[0]],
                self.corpus.window(until_start - width[1] * 1_000_000_000,
                                   until_end + width[1] * 1_000_000_000))

    def leaf_time(self):
        """`time:` inside the query; written with an offset, so that it holds in any --tz."""
        random = self.random
        text, start, end = self.moment("UTC", "offset")
        sign = random.choice((">", ">=", "<", "<="))
        bits = {
            ">": lambda: self.corpus.window(end, None),
            ">=": lambda: self.corpus.window(start, None),
            "<": lambda: self.corpus.window(None, start),
            "<=": lambda: self.corpus.window(None, end),
        }[sign]()
        return f'time:{sign}"{text}"', bits
