"""Random terms of numbers, addresses, levels and sources, with every operator."""
import decimal

from model import address, contains, glob
from reading import LEVELS
from texts import quoted

NUMBER_FIELDS = ("status", "status", "bytes", "bytes", "took", "took", "pid", "connection")
UNITS = {
    "bytes": {"": 1, "k": 1000, "kB": 1000, "KiB": 1024, "M": 10**6, "MB": 10**6, "MiB": 2**20},
    "took": {"": 1, "ms": "0.001", "s": 1, "us": "0.000001", "m": 60},
}
number = decimal.Decimal


class FieldLeaves:
    def where(self, name, accept):
        return self.corpus.field(name, accept)

    def leaf_presence(self):
        name = self.random.choice(("status", "exception", "took", "bytes", "referer", "thread",
                                   "logger", "url.query", "connection", "ip", "level"))
        if name == "level":
            return "level:*", self.corpus.all
        bits = self.corpus.has(name)
        if self.random.random() < 0.5:
            return f"(-{name}:*)", self.corpus.all & ~bits
        return f"{name}:*", bits

    # ------------------------------------------------------------ numbers

    def with_unit(self, name):
        """A number near those of the field, as it is written, and its value."""
        random = self.random
        value = number(self.with_value(name, ("error",) if name in ("pid", "connection")
                                       else ("access",)))
        if name not in UNITS or random.random() < 0.5:
            return str(value), value
        unit, factor = random.choice(list(UNITS[name].items()))
        factor = number(factor)
        near = value / factor
        written = f"{near.quantize(number('0.1')) if unit in ('s', 'm', 'M', 'MB') else int(near)}"
        return written + unit, number(written) * factor

    def leaf_number(self):
        random = self.random
        name = random.choice(NUMBER_FIELDS)
        text, bound = self.with_unit(name)
        kind = random.choice((":", ":", ">", ">=", "<", "<=", "range", "range", "list", "glob"))
        if kind == ":":
            return f"{name}:{text}", self.where(name, lambda x: number(x.decode()) == bound)
        if kind == "list":
            chosen = {text: bound, **dict(self.with_unit(name) for _ in range(2))}
            return (f"{name}:({' OR '.join(chosen)})",
                    self.where(name, lambda x: number(x.decode()) in chosen.values()))
        if kind == "glob" and name != "took":
            digits = self.with_value(name)
            cut = random.randrange(1, len(digits))
            written = random.choice((digits[:cut] + "*", "*" + digits[cut:], f"*{digits[cut]}*"))
            return f"{name}:{written}", self.where(name, glob(written))
        if kind in ("range", "glob"):
            return self.range(name, (text, bound), self.with_unit(name),
                              lambda x: number(x.decode()))
        tests = {">": lambda x: x > bound, ">=": lambda x: x >= bound,
                 "<": lambda x: x < bound, "<=": lambda x: x <= bound}
        return f"{name}:{kind}{text}", self.where(name, lambda x: tests[kind](number(x.decode())))

    def range(self, name, first, second, convert):
        """`[a TO b]` with each kind of end, of two pairs of text and value."""
        random = self.random
        (low_text, low), (high_text, high) = sorted((first, second), key=lambda x: x[1])
        left, right = random.choice("[{"), random.choice("]}")
        open_end = random.choice((None, None, "low", "high"))
        if open_end == "low":
            low_text = "*"
        if open_end == "high":
            high_text = "*"

        def accept(value):
            value = convert(value)
            above = open_end == "low" or value > low or left == "[" and value == low
            below = open_end == "high" or value < high or right == "]" and value == high
            return above and below

        return f"{name}:{left}{low_text} TO {high_text}{right}", self.where(name, accept)

    def leaf_ip(self):
        random = self.random
        value = self.with_value("ip")
        kind = random.choice(("whole", "wild", "range", ">=", "text", "network", "list", "start"))
        parts = value.split(".")
        if kind == "whole":
            return f"ip:{value}", self.where("ip", contains([value.encode()]))
        if kind == "text":
            return quoted(value), self.found(value)
        if kind == "start":
            text = ".".join(parts[:random.randrange(2, 4)])
            return f'ip:"{text}"', self.where("ip", contains([text.encode()]))
        if kind == "list":
            others = [value, self.with_value("ip"), self.with_value("ip")]
            return (f"ip:({' OR '.join(others)})",
                    self.where("ip", lambda x: x.decode() in others))
        if kind == "wild":
            written = ".".join(parts[:random.randrange(1, 4)]) + ".*"
            return f"ip:{written}", self.where("ip", glob(written))
        bound = address(value.encode())
        if kind == "network":
            length = random.choice((8, 12, 16, 20, 24, 28, 31, 32))
            low = bound >> (32 - length) << (32 - length)
            text = ".".join(str(low >> shift & 255) for shift in (24, 16, 8, 0))
            return (f"ip:{text}/{length}",
                    self.where("ip", lambda x: address(x) >> (32 - length) == low >> (32 - length)))
        if kind == ">=":
            return f"ip:>={value}", self.where("ip", lambda x: address(x) >= bound)
        other = self.with_value("ip")
        return self.range("ip", (value, bound), (other, address(other.encode())), address)

    # ------------------------------------------------------------ levels and sources

    def leaf_level(self):
        random, levels = self.random, self.corpus.levels
        name = random.choice(("DEBUG", "INFO", "WARN", "WARNING", "ERROR", "SEVERE", "CRIT"))
        bound = LEVELS[name]
        written = random.choice((name, name.lower(), name.capitalize()))
        other = random.choice(("TRACE", "INFO", "ERROR", "FATAL"))
        low, high = sorted(((written, bound), (other, LEVELS[other])), key=lambda x: x[1])
        return random.choice((
            lambda: (f"level:{written}", levels(lambda x: x == bound)),
            lambda: (f"level:>={written}", levels(lambda x: x >= bound)),
            lambda: (f"level:>{written}", levels(lambda x: x > bound)),
            lambda: (f"level:<{written}", levels(lambda x: x < bound)),
            lambda: (f"level:<={written}", levels(lambda x: x <= bound)),
            lambda: (f"(-level:{written})", levels(lambda x: x != bound)),
            lambda: (f"level:({written} OR {other})",
                     levels(lambda x: x in (bound, LEVELS[other]))),
            lambda: (f"level:[{low[0]} TO {high[0]}]", levels(lambda x: low[1] <= x <= high[1])),
            lambda: (f"level:{{{low[0]} TO {high[0]}}}", levels(lambda x: low[1] < x < high[1])),
            lambda: (f"level:={written}", self.where("level", lambda x: x == written.encode())),
        ))()

    def leaf_source(self):
        random = self.random
        file, other = random.choice(self.corpus.files), random.choice(self.corpus.files)
        word = file.host.split("-")[0]
        starts = lambda text: lambda x: x.startswith(text.encode())
        return random.choice((
            lambda: (f"host:{file.host}", self.where("host", starts(file.host))),
            lambda: (f"host:{word}", self.where("host", starts(word))),
            lambda: (f"host:{word[:3]}*", self.where("host", starts(word[:3]))),
            lambda: (f"host:*{file.host[-2:]}",
                     self.where("host", lambda x: x.endswith(file.host[-2:].encode()))),
            lambda: (f"host:({file.host} OR {other.host})", self.where(
                "host", lambda x: x.decode() in (file.host, other.host))),
            lambda: (f"host:/^{word[0]}.*-[12]$/", self.where("host", starts(word[0]))),
            lambda: (f"service:{file.service}", self.where("service", starts(file.service))),
            lambda: (f"service:={file.service}", self.where("service", starts(file.service))),
            lambda: (f"service:({file.service} OR {other.service})", self.where(
                "service", lambda x: x.decode() in (file.service, other.service))),
            lambda: (f"file:{file.name}", self.where("file", contains([file.name.encode()]))),
            lambda: (f"file:{file.name[:4]}*", self.where("file", starts(file.name[:4]))),
            lambda: (f'file:="{file.name}"', self.where("file", lambda x: x == file.name.encode())),
            lambda: (f"file:*/{file.host}/*", self.where(
                "file.path", lambda x: f"/{file.host}/".encode() in x)),
            lambda: (f"file:{file.path}", self.where("file.path", starts(file.path))),
        ))()
