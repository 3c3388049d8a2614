"""An independent model of logq: what a query finds in a generated corpus.

Nothing here knows how logq works: each test is tried on every event, or on every different value
of a field. A set of events is an integer with one bit an event.
"""
import bisect
import functools
import re
import unicodedata

from reading import ANY_START, Reader


class Corpus(Reader):
    def __init__(self, directory):
        super().__init__(directory)
        self.originals = []
        for file in self.files:
            self.originals += (file.bytes[slice(*file.range(i))] for i in range(file.count))
            span = range(file.first, file.first + file.count)
            for name, value in (("host", file.host), ("service", file.service),
                                ("file", file.name), ("file.path", file.path)):
                self.fields[name].update(dict.fromkeys(span, value.encode()))
        self.texts = [x.decode() for x in self.originals]
        # Every line has its time written in it, so equal texts are of one time.
        self.time_of = dict(zip(self.originals, self.time))
        self._grouped = {}

    def bits(self, indices):
        """A set of events from their numbers."""
        mask = bytearray((self.count + 7) // 8)
        for index in indices:
            mask[index >> 3] |= 1 << (index & 7)
        return int.from_bytes(mask, "little")

    def indices(self, bits):
        mask = bits.to_bytes((self.count + 7) // 8, "little")
        found = []
        for place, byte in enumerate(mask):
            if byte:
                base = place * 8
                found += [base + bit for bit in range(8) if byte >> bit & 1]
        return found

    def file_of(self, index):
        return self.files[bisect.bisect_right(self.firsts, index) - 1]

    # ------------------------------------------------------------ what a query finds

    def text(self, parts, open_start=False, open_end=False):
        """Events with a word or phrase; `parts` are what stands between wildcards."""
        pattern = text_pattern(parts, open_start, open_end)
        first = parts[0].lower()
        checks_start = not open_start and is_word(first[0])
        checks_end = not open_end and is_word(parts[-1][-1])
        found = []
        for file in self.files:
            folded, position = file.folded, -1
            while (position := folded.find(first, position + 1)) >= 0:
                if checks_start and position > 0 and is_word(folded[position - 1]):
                    continue
                number = file.event_at(position)
                start, end = file.range(number)
                if len(parts) > 1:
                    if pattern.search(folded[start:end]):
                        found.append(file.first + number)
                    position = end - 1
                    continue
                after = position + len(first)
                if after <= end and not (checks_end and after < end and is_word(folded[after])):
                    found.append(file.first + number)
                    position = end - 1
        return self.bits(found)

    def regex(self, pattern, ignore_case=False):
        """Events whose text a regular expression of RE2 matches."""
        search = self.expression(pattern, ignore_case).search
        return self.bits(i for i, text in enumerate(self.texts) if search(text))

    def expression(self, pattern, ignore_case=False):
        """RE2's expression as Python's: `^ $` at lines, `\\w \\b` by letters of all scripts."""
        pattern = pattern.replace(r"\z", r"\Z")
        pattern = re.sub(r"\\Q(.*?)\\E", lambda found: re.escape(found.group(1)), pattern)
        pattern = re.sub(r"\\p\{(\w+)\}", lambda found: self._class(found.group(1)), pattern)
        return re.compile(pattern, re.M | (re.I if ignore_case else 0))

    @functools.cache
    def _class(self, name):
        """`\\p{name}` as the letters of the corpus that are in it."""
        letters = sorted({letter for text in self.texts for letter in text})
        if name == "Han":
            return "[\u4e00-\u9fff]"
        return "[" + "".join(re.escape(x) for x in letters
                             if unicodedata.category(x).startswith(name)) + "]"

    def field(self, name, accept):
        """Events whose field has a value that `accept` takes."""
        groups = self._grouped.get(name)
        if groups is None:
            groups = self._grouped[name] = {}
            for index, value in self.fields[name].items():
                groups.setdefault(value, []).append(index)
        found = []
        for value, indices in groups.items():
            if accept(value):
                found += indices
        return self.bits(found)

    def has(self, name):
        return self.field(name, lambda value: True)

    def levels(self, accept):
        return self.bits(i for i, level in enumerate(self.level) if accept(level))

    def window(self, start, end):
        """Events from `start` up to `end`, not included; ns since 1970, None for open."""
        low = start if start is not None else -1 << 70
        high = end if end is not None else 1 << 70
        return self.bits(i for i, time in enumerate(self.time) if low <= time < high)


def split_events(output):
    """The events of --raw output: a line that starts no event belongs to the one before it."""
    events, lines = [], []
    for line in output.split(b"\n")[:-1]:
        if lines and line[:1].isdigit() and ANY_START.match(line):
            events.append(b"\n".join(lines))
            lines = []
        lines.append(line)
    return events + [b"\n".join(lines)] if lines else events


def is_word(byte):
    return byte < 128 and (chr(byte).isalnum() or byte == 0x5F)


def text_pattern(parts, open_start=False, open_end=False):
    """A word or phrase as a regular expression over lower-case bytes."""
    parts = [part.lower() for part in parts]
    pattern = b"(?s:.*?)".join(re.escape(part) for part in parts)
    if not open_start and is_word(parts[0][0]):
        pattern = rb"(?<![0-9a-z_])" + pattern
    if not open_end and is_word(parts[-1][-1]):
        pattern += rb"(?![0-9a-z_])"
    return re.compile(pattern)


def contains(parts, open_start=False, open_end=False):
    """A test of a field: a word or phrase in its value."""
    pattern = text_pattern(parts, open_start, open_end)
    return lambda value: pattern.search(value.lower())


def glob(written):
    """A test of a field: the whole value, with `*`."""
    pattern = re.compile(
        b"(?s:.*)".join(re.escape(part) for part in written.encode().lower().split(b"*")))
    return lambda value: pattern.fullmatch(value.lower())


def address(value):
    number = 0
    for part in value.split(b"."):
        number = number * 256 + int(part)
    return number
