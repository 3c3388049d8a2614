"""Queries with their true answers: fixed ones, and random ones made of the corpus's own text."""
from dataclasses import dataclass, field

from fields import FieldLeaves
from model import glob
from textfields import TextFieldLeaves
from texts import TextLeaves, quoted
from times import ZONES, TimeLeaves

LEAVES = {
    "word": 10, "phrase": 12, "chinese": 12, "open": 8, "parts": 5, "escaped": 5, "regex": 12,
    "number": 12, "text_field": 22, "path": 6, "level": 6, "source": 7, "ip": 7, "time": 6,
    "presence": 4,
}


@dataclass
class Question:
    """Arguments of `logq search`, the events that must be found, and what it is about."""

    arguments: list
    bits: int
    ripgrep: list = None
    kinds: list = field(default_factory=list)
    window: tuple = (None, None)
    zone: str = "UTC"


class Maker(TextLeaves, FieldLeaves, TextFieldLeaves, TimeLeaves):
    def __init__(self, corpus, random):
        self.corpus, self.random = corpus, random
        self.zone, self.kinds = "+08:00", []

    def any(self, depth=None):
        """A random query, with a window of time in a third of all."""
        random = self.random
        self.zone, self.kinds = random.choice(ZONES), []
        depth = random.choice((0, 0, 0, 1, 1, 2, 3)) if depth is None else depth
        text, bits = self.tree(depth)
        question = Question([f"--tz={self.zone}"], bits, kinds=self.kinds, zone=self.zone)
        if random.random() < 0.35:
            self.kinds.append("window")
            flags, window, start, end = self.window()
            question.arguments += flags
            question.bits &= window
            question.window = (start, end)
        question.arguments += ["--", text] if text.startswith("-") else [text]
        return question

    def tree(self, depth):
        random, corpus = self.random, self.corpus
        if depth == 0:
            return self.leaf()
        kind = random.choice(("and", "and", "or", "not", "dash", "three", "double"))
        self.kinds.append(kind)
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
        if kind == "double":
            second, second_bits = self.leaf()
            return (f"NOT (({first}) OR NOT ({second}))",
                    corpus.all & ~(first_bits | corpus.all & ~second_bits))
        sign = "NOT " if kind == "not" else "-"
        second, second_bits = self.leaf()
        return f"{second} {sign}({first})", second_bits & ~first_bits

    def leaf(self):
        name = self.random.choices(list(LEAVES), LEAVES.values())[0]
        self.kinds.append(name)
        return getattr(self, "leaf_" + name)()

    # ------------------------------------------------------------ fixed

    def fixed(self):
        corpus = self.corpus
        edge = r"(?:^|[^0-9A-Za-z_]){}(?:$|[^0-9A-Za-z_])"
        found = []
        for phrase in ("Communications link failure", "timeout", "Read timed out",
                       "HikariPool-1", "order status changed"):
            found.append(Question(
                [quoted(phrase)], corpus.text([phrase.encode()]),
                ["-i", "-e", edge.format(phrase)], ["fixed"]))
        for run, pattern in (
            ("数据库连接超时", "数据库连接超时"), ("连接超时", "连接超时"), ("超", "超"),
            ("渠道", "渠道"), ("失败 traceId", "失败 traceId(?:$|[^0-9A-Za-z_])"),
            ("ms. 数据库", r"(?:^|[^0-9A-Za-z_])ms\. 数据库"),
        ):
            found.append(Question(
                [quoted(run)], corpus.text([run.encode()]), ["-i", "-e", pattern], ["fixed"]))
        for pattern in (r"order-[0-9]*77 ", r"cost=[3-9]\d\dms", r"code=E(1042|1007)\b",
                        r"超时.*timeout", r"^2026-11-20 1[01]:.*ERROR"):
            found.append(Question(
                [f"/{pattern}/"], corpus.regex(pattern), ["-e", pattern], ["fixed"]))
        for query, bits in (
            ("status:502", corpus.field("status", lambda x: int(x) == 502)),
            ("status:>=500", corpus.field("status", lambda x: int(x) >= 500)),
            ("status:(502 OR 504) path:/api/v2/*",
             corpus.field("status", lambda x: int(x) in (502, 504))
             & corpus.field("path", glob("/api/v2/*"))),
            ("level:ERROR host:control-1",
             corpus.levels(lambda x: x == 17) & corpus.field("host", lambda x: x == b"control-1")),
            ("level:>=WARN service:nginx",
             corpus.levels(lambda x: x >= 13) & corpus.field("service", lambda x: x == b"nginx")),
        ):
            found.append(Question([query], bits, None, ["fixed"]))
        return found
