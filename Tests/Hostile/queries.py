"""Queries that try to be something else: FTS operators, unbalanced text, endless expressions."""
from content import java

MESSAGES = [
    'say "NEAR(a b)" nearword', "col:value starword*", "^caret AND OR NOT and or not",
    "a+b-c {x} [y] (z) 100% ~tilde !bang #hash $dollar", "back\\slash 'single' `tick`",
    "rowid:1 blocks terms{2}", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!",
]
TEXTS = [
    ('"NEAR(a b)"', 1), ('"NEAR("', 1), ("NEAR", 1), ('"col:value"', 1), ('"starword*"', 1),
    ('"^caret"', 1), ('"AND OR NOT"', 1), ("\\AND", 1), ('"{x} [y] (z)"', 1), ('"~tilde"', 1),
    ('"back\\\\slash"', 1), ("\"'single'\"", 1), ('"terms{2}"', 1), ('"rowid:1"', 1), ('"-c"', 1),
    ('"say \\"NEAR"', 1), ('"100%"', 1), ("nearword*", 1), ("*earwor*", 1), ("nearword NOT col", 1),
]
ODD = [
    '"', '""', "*", "**", "^", "(", ")", "()", "((", "NEAR(", "NEAR(a b)", "AND", "OR", "NOT",
    "a AND", "OR a", "NOT NOT", "-", "--", "- -", "col:", "col:x", ":", ":x", "a:b:c", "level:",
    "status:>=", "status:[1 TO", "status:[1 TO 2", "status:[* TO *]", "status:abc", "status:>=x",
    "/", "//", "/(/", "/[/", "/\\/", "/a{1000000}/", "/(a{1000}){1000}/", "/(?<=x)/", "/\\1/",
    "field:/[/", "a|b", "|", "x | stats", "\\", "\\\\", '"\\', "\x00", "\x1b[31m", "a\nb", "\u202e",
    "time:yesterdayish", "time:>99999999999999999999", "ip:>=1.2.3", "bytes:>=1e999", "took:>=NaN",
    "(" * 500 + "a" + ")" * 500, "-" * 1000 + "a", "NOT " * 1000 + "a", "a " * 20_000, "x" * 70_000,
    "=", "level:=", "level:(", "level:(ERROR", "level:()", "host:*", "{", "}", "a{b}c", "'; --",
    "level:ERROR OR", "\ufeffa", "👩‍👩‍👧", "\u0301", "raw:*", "raw:x", "id:*", "time:*", "seen:*",
]
ENDLESS = [
    "/(a+)+$/", "/(a|aa)+$/", "/(a*)*b/", "/(.*)*x/", "/(a?){50}a{50}/", "/(x+x+)+y/",
    "/^(([a-z])+.)+[A-Z]([a-z])+$/", "/(?:a|b|ab)*c/i", "/.*.*.*.*.*=.*/", "/(.{1,100}){1,9}z/",
]


def run(suite):
    suite.case("FTS operators are text", fts)
    suite.case("odd queries", odd)
    suite.case("arguments that are not UTF-8", arguments)
    suite.case("endless regular expressions", endless)


def fts(case):
    path = case.write("app.log", java(MESSAGES))
    case.ingest(path)
    for query, want in TEXTS:
        case.equal(f"count of {query}", case.count(query), want)


def odd(case):
    path = case.write("app.log", java(MESSAGES))
    case.ingest(path)
    for query in ODD:
        if "\x00" in query:
            continue
        for options in ((), ("--count",), ("--json",)):
            done = case.run("search", *options, "--", query, limit=20)
            case.check(done.status in (0, 1, 2), f"{done}")
            text = done.errors + ("" if options == ("--json",) else done.output.decode())
            case.check("\x1b" not in text and "\u202e" not in text,
                       f"control characters shown: {query!r}: {text!r}")
            low = done.errors.lower()
            case.check(not any(x in low for x in ("fts5", "sqlite", "syntax error near", "malformed match")),
                       f"the index leaks: {done}")
            if done.status == 2:
                case.check(done.errors.strip(), f"an error without a word: {query!r}")


def arguments(case):
    path = case.write("app.log", java(MESSAGES))
    case.ingest(path)
    for query in (b"\xff\xfe", b"caf\xe9", b"\xe4\xb8", "余额".encode("gbk")):
        done = case.run("search", "--count", query, limit=20)
        case.check(done.status in (0, 1, 2), f"{done}")


def endless(case):
    lines = ["a" * 5000 + "!", "x" * 20_000, "ab" * 10_000 + "d", "=" * 3000] * 30
    path = case.write("app.log", java(lines))
    case.ingest(path)
    for query in ENDLESS:
        done = case.run("search", "--count", query, limit=30)
        case.check(done.status in (0, 1, 2), f"{done}")
        case.check(done.seconds < 10, f"{query}: {done.seconds:.1f} s")
        done = case.run("search", "-n", "3", "--color", "always", query, limit=30)
        case.check(done.seconds < 10, f"{query}, shown: {done.seconds:.1f} s")
