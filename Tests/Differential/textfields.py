"""Random terms of fields that are texts: phrases, exact values, wildcards, lists, expressions."""
import re

from model import contains, glob
from texts import WORD, mixed_case, quoted

TEXT_FIELDS = {
    "thread": 6, "logger": 6, "exception": 5, "msg": 8, "method": 3, "ua": 4, "referer": 4,
    "url.query": 3, "server.address": 2, "exception.message": 3,
}
# In these a wildcard opens an end; in all others it is for the whole value.
OPENING = ("msg", "exception.message")


class TextFieldLeaves:
    def leaf_path(self):
        return self.text_field("path")

    def leaf_text_field(self):
        return self.text_field(self.random.choices(list(TEXT_FIELDS), TEXT_FIELDS.values())[0])

    def text_field(self, name):
        random = self.random
        value = self.with_value(name)
        kind = random.choice(("phrase", "exact", "word", "wild", "wild", "regex", "regex", "list",
                              "both", "range"))
        return getattr(self, "_text_" + kind)(name, value)

    def piece(self, value):
        """A part of a value that can stand in a phrase."""
        start = self.random.randrange(len(value))
        text = value[start:start + self.random.choice((1, 3, 8, 20, 60))].strip()
        return text or value.split()[0]

    def _text_phrase(self, name, value):
        text = self.piece(value)
        shown = mixed_case(self.random, text) if self.random.random() < 0.3 else text
        return f"{name}:{quoted(shown)}", self.where(name, contains([text.encode()]))

    def _text_exact(self, name, value):
        text = mixed_case(self.random, value) if self.random.random() < 0.3 else value
        return f"{name}:={quoted(text)}", self.where(name, lambda x: x == text.encode())

    def _text_word(self, name, value):
        word = self.random.choice(WORD.findall(value.encode()) or [b"api"])
        return f"{name}:{word.decode()}", self.where(name, contains([word]))

    def _text_list(self, name, value):
        texts = [self.piece(value), self.piece(self.with_value(name))]
        bits = [self.where(name, contains([x.encode()])) for x in texts]
        if self.random.random() < 0.3:
            return f"{name}:({quoted(texts[0])} {quoted(texts[1])})", bits[0] & bits[1]
        return f"{name}:({quoted(texts[0])} OR {quoted(texts[1])})", bits[0] | bits[1]

    def _text_both(self, name, value):
        text = self.piece(value)
        shown = mixed_case(self.random, text) if self.random.random() < 0.3 else text
        return f"{name}:*{quoted(shown)}*", self.where(
            name, lambda x: text.encode().lower() in x.lower())

    def _text_wild(self, name, value):
        cut = self.random.randrange(len(value) + 1)
        end = self.random.randrange(cut, len(value) + 1)
        kind = self.random.choice(("prefix", "suffix", "inner"))
        parts = {"prefix": (value[:cut], ""), "suffix": ("", value[cut:]),
                 "inner": (value[:cut], value[end:])}[kind]
        if name in OPENING or not all(re.fullmatch(r"[\w./$-]*", x, re.A) for x in parts):
            first = WORD.match(value.encode())
            if not first:
                return f"{name}:*", self.corpus.has(name)
            word = first.group().decode()
            text = word[:self.random.randrange(1, len(word) + 1)]
            if name in OPENING:
                return f"{name}:{text}*", self.where(
                    name, contains([text.encode()], open_end=True))
            return f"{name}:{text}*", self.where(name, glob(text + "*"))
        written = "*".join(parts)
        if written == "*":
            return f"{name}:*", self.corpus.has(name)
        return f"{name}:{written}", self.where(name, glob(written))

    def _text_regex(self, name, value):
        random = self.random
        words = [x.decode() for x in WORD.findall(value.encode())] or ["0"]
        word = random.choice(words)
        cut = random.randrange(1, len(value) + 1)
        start = re.sub(r"([][.*+?(){}|^$\\])", r"\\\1", value[:cut])
        pattern = random.choice((
            start + r"\w*$", "^" + start, rf"\b{word}\b", rf"{word}$", rf"^\W*\w+\W+{word}",
            rf"({word}|{words[0]})[^a-z]", rf"\d{{2,}}.*{word}", r"[\p{Han}]+\d?", r"^\S+$",
        ))
        ignore = random.random() < 0.3
        search = self.corpus.expression(pattern.replace("[\\p{Han}]", "\\p{Han}"), ignore).search
        shown = pattern.replace("/", r"\/")
        return (f"{name}:/{shown}/{'i' * ignore}",
                self.where(name, lambda x: search(x.decode())))

    def _text_range(self, name, value):
        other = self.with_value(name)
        return self.range(name, (quoted(value), value.encode()), (quoted(other), other.encode()),
                          lambda x: x)
