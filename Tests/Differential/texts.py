"""Random terms over the whole text: words, phrases, Chinese, wildcards, regular expressions."""
import re

WORD = re.compile(rb"[0-9A-Za-z_]+")
RUN = re.compile("[\u4e00-\u9fff]{2,}")
PLAIN = re.compile(r"[0-9A-Za-z_\u4e00-\u9fff][0-9A-Za-z_=.,#\u4e00-\u9fff]*")
OPERATORS = ("AND", "OR", "NOT")
ESCAPABLE = re.compile(r"[0-9A-Za-z_\u4e00-\u9fff=.,# ()*|\"-]+")


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def mixed_case(random, text):
    return "".join(random.choice((c.upper(), c.lower(), c)) if c.isascii() else c for c in text)


class TextLeaves:
    def event(self, kinds=()):
        """A random event's number, from a random file, so that small files count as much."""
        files = [f for f in self.corpus.files if not kinds or f.kind in kinds]
        file = self.random.choice(files)
        return file.first + self.random.randrange(file.count)

    def event_text(self, kinds=()):
        return self.corpus.texts[self.event(kinds)]

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
        if PLAIN.fullmatch(text) and text not in OPERATORS and random.random() < 0.5:
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

    def leaf_escaped(self):
        """A piece of a line without quotes, its special characters behind backslashes."""
        random = self.random
        for _ in range(100):
            line = random.choice(self.event_text().split("\n"))
            start = random.randrange(max(1, len(line) - 3))
            text = line[start:start + random.randrange(3, 25)].strip()
            if ESCAPABLE.fullmatch(text) and text[0] not in "-#" and text not in OPERATORS:
                return re.sub(r'([ ()*|"\\])', r"\\\1", text), self.found(text)
        return self.leaf_word()

    def leaf_regex(self):
        random = self.random
        words = [x for x in WORD.findall(self.event_text().encode()) if len(x) > 3] or [b"trace"]
        word = random.choice(words).decode()
        run = RUN.search(self.chinese_text()).group()
        cut = random.randrange(1, len(word))
        number = random.randrange(1, 5)
        pattern = random.choice((
            rf"\b{word[:cut]}\w*\b", rf"{word}[^ ]* \S+", rf"{word[cut:]}$", rf"^.*{word}$",
            rf"{word}|{run}", f"{run[0]}.?{run[1]}", rf"{run}\s", rf"[{run}]{{2,}}",
            rf"^\S+ \S+ .*{word}", re.sub(r"\d", r"\\d", word),
            rf"(?:{word[:cut]}){{1,2}}{word[cut:]}", rf"cost=\d{{{number}}}ms",
            r'"(GET|HEAD) /[^"]*" 50[0-4] ', rf"\tat .*\({word}", rf"={word[:cut]}[0-9a-f]+-",
            rf"[^{run}\s]{run[0]}", rf"\p{{Han}}{{{number},}}\w", rf"(?i){word}\W{{{number}}}",
            rf"\Q{word}\E\B", rf"(?s){word}.*Caused by", rf"\A\d+[-/.].*{word[cut:]}\z",
            rf"\p{{Lu}}{{{number + 3}}}", rf"(?:{run}|{word}){{1}}[^\n]*?\d$",
            rf"\b\w{{{number}}}\b=",
            rf"\x{ord(word[0]):02x}{word[1:]}\D", rf"\u{ord(run[0]):04x}{run[1:]}.{{0,{number}}} ",
            rf"[[:upper:]]{word[1:]}", rf"(?:{word}|{word[:cut]}[a-f]+)[^0-9a-z]+",
        ))
        ignore = random.random() < 0.3
        shown = re.sub(r"(?<!\\)/", r"\\/", pattern)
        pattern = re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found.group(1), 16)), pattern)
        pattern = pattern.replace("[[:upper:]]", "[A-Z]")
        return f"/{shown}/{'i' * ignore}", self.corpus.regex(pattern, ignore)
