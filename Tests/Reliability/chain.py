"""Checks the fault records of a store, with nothing but SQLite and SHA-256: written from their description.

A record is a chain of entries. The header of each is a text with the SHA-256 of its content and that of the
header before; contents are JSON or were purged, which a later receipt must say. What a pin holds has its
SHA-256 in the pin's content, and stands in the log where the pin says.
"""
import collections
import hashlib
import json
import os
import re
import shutil
import sqlite3
import tempfile

from harness import Failure

HEADER = re.compile(
    r"logq incident entry 1\nincident: (INC-\d{4}-\d{4,})\nnumber: (\d+)\ntime: (\S+Z)\nby: (.*)\n"
    r"kind: (\w+)\ncontent: ([0-9a-f]{64})\nprevious: ([0-9a-f]{64})\n")
REVISIONS = ("new", "edit", "step", "close", "reopen", "import")
FILES = ("incidents.db", "incidents.db-wal", "incidents.db-shm")


class Broken(Failure):
    """A record that is not what was written."""


def sha256(data):
    return hashlib.sha256(data).hexdigest()


class Record:
    """One record: its entries, as dictionaries, and its pins by number."""

    def __init__(self, name, row, entries, pins):
        self.name, self.row, self.pins = name, row, pins
        self.entries = []
        previous = "0" * 64
        for number, header, content in entries:
            match = HEADER.fullmatch(header.decode())
            if not match:
                raise Broken(f"{name}: entry {number} has another header: {header!r}")
            entry = dict(zip(("incident", "number", "time", "by", "kind", "digest", "previous"),
                             match.groups()), content=content)
            if (entry["incident"], int(entry["number"])) != (name, len(self.entries) + 1):
                raise Broken(f"{name}: entry {number} is at place {len(self.entries) + 1}")
            if entry["previous"] != previous:
                raise Broken(f"{name}: the chain is broken at entry {number}")
            if content is not None and sha256(content) != entry["digest"]:
                raise Broken(f"{name}: the content of entry {number} has another digest")
            previous = sha256(header)
            self.entries.append(entry)
        self.root = previous
        self.check_purges()
        self.check_pins()
        self.check_row()

    def json(self, entry):
        return json.loads(entry["content"])

    def of_kind(self, *kinds):
        return [x for x in self.entries if x["kind"] in kinds]

    def now(self):
        """What the record says."""
        return self.json(self.of_kind(*REVISIONS)[-1])

    def check_purges(self):
        told = {}
        for receipt in self.of_kind("purge"):
            for item in self.json(receipt)["purged"]:
                told[item["entry"]] = item
        for number, entry in enumerate(self.entries, 1):
            if (entry["content"] is None) != (number in told):
                raise Broken(f"{self.name}: entry {number} is purged or told to be, not both")
            if number in told and (told[number]["content"], told[number]["kind"]) != (
                    entry["digest"], entry["kind"]):
                raise Broken(f"{self.name}: the receipt of entry {number} is of another")

    def check_pins(self):
        if sorted(self.pins) != list(range(1, len(self.of_kind("pin")) + 1)):
            raise Broken(f"{self.name}: pins {sorted(self.pins)}")
        removed = collections.defaultdict(list)
        for entry in self.of_kind("unpin"):
            if entry["content"] is not None:
                removed[self.json(entry)["pin"]].append(int(entry["number"]))
        uids = []
        for number, pin in self.pins.items():
            entry = self.entries[pin["entry"] - 1]
            if entry["kind"] != "pin":
                raise Broken(f"{self.name}: P{number} is entry {pin['entry']}, a {entry['kind']}")
            if entry["content"] is None:
                if any(pin[x] is not None for x in ("event", "before", "after", "uid", "time")):
                    raise Broken(f"{self.name}: P{number} is purged, and something is left")
                continue
            said = self.json(entry)
            if said["pin"] != f"P{number}" or said["uid"] != pin["uid"]:
                raise Broken(f"{self.name}: P{number} says that it is {said['pin']}")
            for part in ("event", "before", "after"):
                if said[part] != {"bytes": len(pin[part]), "sha256": sha256(pin[part])}:
                    raise Broken(f"{self.name}: P{number}: the {part} is not what was pinned")
            if ([pin["removed"]] if pin["removed"] else []) != removed[f"P{number}"]:
                raise Broken(f"{self.name}: P{number} is removed by {pin['removed']}")
            if not pin["removed"]:
                uids.append(pin["uid"])
        if len(set(uids)) < len(uids):
            raise Broken(f"{self.name}: an event is pinned twice: {uids}")

    def check_row(self):
        revision = max(x for x, entry in enumerate(self.entries, 1) if entry["kind"] in REVISIONS)
        shown = sum(pin["event"] is not None and not pin["removed"] for pin in self.pins.values())
        wanted = (len(self.entries), revision, self.now().get("title", ""), shown)
        if self.row != wanted:
            raise Broken(f"{self.name}: the list says {self.row}, not {wanted}")

    def shown(self):
        """The pins that were not removed, as (uid, event, before, after)."""
        return sorted((x["uid"], x["event"], x["before"], x["after"]) for x in self.pins.values()
                      if x["event"] is not None and not x["removed"])

    def in_logs(self, *, removed=False):
        """Every pin stands in its log, between its neighbours; unless some may have been `removed`."""
        for number, pin in self.pins.items():
            content = self.entries[pin["entry"] - 1]["content"]
            if content is None:
                continue
            said = json.loads(content)
            with open(said["path"], "rb") as log:
                text = log.read()
            start, end = said["offset"], said["offset"] + said["length"]
            if text[start:end] != pin["event"]:
                raise Broken(f"{self.name}: P{number} is not what its log has")
            if not removed and (not text[:start].endswith(pin["before"])
                                or not text[end:].startswith(pin["after"])):
                raise Broken(f"{self.name}: P{number} has other neighbours in its log")


def records(store):
    """All records of a store, checked, by name; read from a copy, so that nothing there changes."""
    directory = tempfile.mkdtemp(prefix="chain-")
    try:
        for name in FILES[:2]:
            if os.path.exists(f"{store}/{name}"):
                shutil.copy(f"{store}/{name}", directory)
        if not os.path.exists(f"{directory}/{FILES[0]}"):
            return {}
        connection = sqlite3.connect(f"{directory}/{FILES[0]}")
        try:
            return read(connection)
        finally:
            connection.close()
    finally:
        shutil.rmtree(directory)


def read(connection):
    answer = connection.execute("PRAGMA integrity_check").fetchone()[0]
    if answer != "ok":
        raise Broken(f"integrity: {answer}")
    found = {}
    for key, *row in connection.execute("SELECT key, entries, revision, title, pins FROM incident"):
        name = f"INC-{key // 10_000_000:04}-{key % 10_000_000:04}"
        entries = connection.execute(
            "SELECT number, header, content FROM entry WHERE incident = ? ORDER BY number", (key,)
        ).fetchall()
        columns = ("entry", "removed", "time", "uid", "event", "before", "after")
        pins = {number: dict(zip(columns, values)) for number, *values in connection.execute(
            f"SELECT number, {', '.join(columns)} FROM pin WHERE incident = ?", (key,))}
        found[name] = Record(name, tuple(row), entries, pins)
    known = {x[0] for x in connection.execute("SELECT DISTINCT incident FROM entry")}
    if len(known) != len(found):
        raise Broken(f"entries of {len(known)} records, of which {len(found)} are listed")
    return found


def has(store, text):
    """Whether any file of the records has these bytes."""
    for name in FILES:
        if os.path.exists(f"{store}/{name}"):
            with open(f"{store}/{name}", "rb") as file:
                if text in file.read():
                    return True
    return False
