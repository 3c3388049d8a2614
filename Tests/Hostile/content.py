"""Hostile bytes inside of log lines, in every format that a line can have."""
import json

JAVA = "2026-11-20 10:00:{:02d}.{:03d} [main] INFO  c.e.App - "
ACCESS = '10.0.0.1 - - [20/Nov/2026:10:00:{:02d} +0800] "GET {} HTTP/1.1" 200 5 "-" "{}"\n'


def java(messages):
    """Log lines with these messages, as bytes."""
    lines = []
    for number, message in enumerate(messages):
        message = message.encode("utf-8", "surrogatepass") if isinstance(message, str) else message
        lines.append(JAVA.format(number // 1000 % 60, number % 1000).encode() + message)
    return b"\n".join(lines) + b"\n"


BYTES = {
    "NULs": ([b"a\0b nulword", b"\0\0leading", b"trailing\0"], [("nulword", 1)]),
    "invalid UTF-8": ([b"bad \xff\xfe badword", b"cut \xe4\xb8", b"\x80\x81 x"], [("badword", 1)]),
    "overlong UTF-8": ([b"over \xc0\xaf overword", b"\xe0\x80\xaf", b"\xf0\x80\x80\xaf"],
                       [("overword", 1)]),
    "lone surrogates": (["half \ud800 surword", "\udfff low"], [("surword", 1)]),
    "above U+10FFFF": ([b"\xf4\x90\x80\x80 bigword", b"\xf8\x88\x80\x80\x80"], [("bigword", 1)]),
    "ANSI colours": ([b"\x1b[31mERROR redword\x1b[0m", b"\x1b[2J\x1b[1;1H clear"],
                     [("redword", 1), ("clear", 1)]),
    "OSC and DCS": ([b"\x1b]0;title\x07 oscword", b"\x1b]52;c;aGk=\x1b\\ clip",
                     b"\x1bPq#0\x1b\\ sixel", b"\x9b31m c1 \x9d0;t\x9c", "\u009b31m c1utf".encode()],
                    [("oscword", 1), ("sixel", 1)]),
    "backspaces and bells": ([b"pass\b\b\b\bword bellword\x07", b"\x7fdel \x0b\x0c"],
                             [("bellword", 1)]),
    "bidi controls": (["\u202egpj.exe bidiword", "\u2066x\u2069", "\u200f\u061c"],
                      [("bidiword", 1)]),
    "line separators": (["one\u2028two\u2029three\u0085four sepword"], [("sepword", 1)]),
    "spreadsheet formulas": (["=cmd|'/C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1", "＝1+1",
                              '=HYPERLINK("http://x","y")'], [("calc", 1), ("HYPERLINK", 1)]),
    "HTML and Markdown": (["</script><script>alert(1)</script>", "[x](javascript:alert(1))",
                           "`````` ``` `", "<!-- --> ]]> &amp;"], [("javascript", 1)]),
    "emoji and combining": (["👩‍👩‍👧 family", "e\u0301 \u0301\u0301 zalgo", "\U000e0001 tag"], [("zalgo", 1)]),
    "very long word": (["w" * 200_000 + " longmark"], [("longmark", 1), ("w" * 3000 + "*", 1)]),
    "only punctuation": (["!!! ??? ---", "\"\"\"", "((()))", "|||"], [('"((()))"', 1)]),
    "SQL": (["'; DROP TABLE blocks; --", "%s %n %x ${jndi:ldap://x}"], [("jndi", 1)]),
}


def run(suite):
    for name, (messages, terms) in BYTES.items():
        suite.case(name, lambda case, m=messages, t=terms: content(case, java(m), t, len(m)))
        plain = b"".join(
            (x.encode("utf-8", "surrogatepass") if isinstance(x, str) else x) + b"\n"
            for x in messages)
        suite.case(name + ", plain text", lambda case, p=plain, t=terms: content(case, p, t))
    suite.case("hostile requests in an access log", access)
    suite.case("words behind ANSI colours", coloured)
    suite.case("every script", scripts)
    suite.case("GBK", gbk)
    suite.case("GBK in one file with UTF-8", gbk_mixed)
    suite.case("byte order mark", byte_order_mark)
    suite.case("UTF-16", utf16)
    suite.case("CR only", cr_only)
    suite.case("CR LF", crlf)
    suite.case("blank lines", blank_lines)
    suite.case("leading NULs", leading_nuls)
    suite.case("times", times)
    suite.case("times of clock changes", clock_changes)
    suite.case("JSON of 10 000 keys", lambda case: json_line(case, {
        f"key{i}": i for i in range(10_000)}, "key9999"))
    deep = '{"a":' * 1000 + '"deepword"' + "}" * 1000
    suite.case("JSON of depth 1000", lambda case: json_line(case, deep, "deepword"))
    suite.case("JSON that breaks off", lambda case: json_line(case, '{"a":"brokenword', "brokenword"))
    suite.case("one line of every byte", every_byte)
    suite.case("random bytes", random_bytes)
    suite.case("stack trace without end", endless_trace)


def content(case, data, terms, events=None):
    path = case.write("app.log", data)
    summary = case.ingest("--tz", "+08:00", path)
    if events is not None:
        case.equal("events", summary.get("events"), events)
    case.returns(data)
    case.is_safe()
    for query, number in terms:
        case.equal(f"count of {query[:40]}", case.count(query), number)
    case.again("--tz", "+08:00", path)


def access(case):
    strange = ["/\\x22\\x00", "/%00%0a", "=cmd|'/C calc'!A0", "/a\x1b[31mb", "/\u202ex", "/<script>",
               "/../../etc/passwd", "/" + "a" * 10_000]
    data = "".join(ACCESS.format(i, path, "=cmd()") for i, path in enumerate(strange)).encode()
    data += b'10.0.0.2 - - [20/Nov/2026:10:01:00 +0800] "\\x16\\x03\\x01" 400 150 "-" "-"\n'
    data += b'10.0.0.3 - - [20/Nov/2026:10:01:01 +0800] "" 400 0 "-" "-"\n'
    data += b'10.0.0.4 - - [20/Nov/2026:10:01:02 +0800] "GET / HTTP/1.1" 999999999999999999999 9223372036854775808 "-" "-"\n'
    path = case.write("access.log", data)
    case.ingest(path)
    case.returns(data)
    case.is_safe()
    case.equal("count of ip:10.0.0.1", case.count("ip:10.0.0.1"), len(strange))
    case.equal("count of passwd", case.count("passwd"), 1)
    case.equal("count of path:*passwd", case.count("path:*passwd"), 1)
    case.equal("count of status:400", case.count("status:400"), 2)
    case.again(path)


def coloured(case):
    """A colour's last byte is a letter, and yet no part of the word behind it."""
    data = java([b"\x1b[31mredword\x1b[0m x", b"\x1b[1;32m\xe6\x88\x90\xe5\x8a\x9f\x1b[m y"])
    data += b"2026-11-20 10:00:00.000 [main] \x1b[31mERROR\x1b[0;39m c.e.App - z\n"
    path = case.write("app.log", data)
    case.ingest(path)
    case.equal("level:ERROR", case.count("level:ERROR"), 1)
    case.equal("msg:redword", case.count("msg:redword"), 1)
    case.equal("redword", case.count("redword"), 1)
    case.equal("ERROR", case.count("ERROR"), 1)
    case.equal("Chinese", case.count("成功"), 1)
    case.returns(data)
    case.is_safe()


def gbk(case):
    messages = ["支付失败 原因=余额不足 gbkword", "数据库连接超时", "操作员=王伟 订单"]
    data = java([m.encode("gb18030") for m in messages])
    path = case.write("app.log", data)
    case.ingest(path)
    case.returns(data)
    case.is_safe()
    for query in ("支付失败", "余额不足", "连接超时", "王伟", "额", "gbkword", "*支付*", "/连接.时/",
                  "msg:数据库连接超时"):
        case.equal(f"count of {query}", case.count(query), 1)
    shown = case.run("search", "数据库连接超时").output.decode(errors="replace")
    case.check("数据库连接超时" in shown, f"not shown decoded: {shown!r}")
    event = case.events("数据库连接超时")
    case.check(event and event[0].get("Body") == "数据库连接超时", f"not decoded in JSON: {event}")
    case.again(path)


def gbk_mixed(case):
    data = java(["支付失败", "支付失败".encode("gbk"), "ascii"])
    path = case.write("app.log", data)
    case.ingest(path)
    case.returns(data)
    case.equal("count", case.count("支付失败"), 2)
    case.is_safe()


def byte_order_mark(case):
    data = b"\xef\xbb\xbf" + java(["first line bomword", "second"])
    path = case.write("app.log", data)
    summary = case.ingest(path)
    case.equal("unparsed", summary.get("unparsed"), 0)
    case.returns(data)
    case.is_safe()
    case.equal("level of both", case.count("level:INFO"), 2)
    case.again(path)


def utf16(case):
    data = java(["wide word", "余额不足"]).decode().encode("utf-16")
    path = case.write("app.log", data)
    done = case.run("ingest", "--host", "h", path)
    case.check(done.status in (0, 3), str(done))
    case.is_safe()
    if done.status == 0:
        case.returns(data)


def cr_only(case):
    data = java(["one crword", "two", "three"]).replace(b"\n", b"\r")
    path = case.write("app.log", data)
    case.ingest(path)
    raw = case.lines()
    case.check(raw.rstrip(b"\r\n").replace(b"\n", b"\r") == data.rstrip(b"\r"),
               f"--raw: {raw!r}")
    case.equal("count", case.count("crword"), 1)
    case.is_safe()
    case.again(path)


def crlf(case):
    data = java(["one", "two", "three 终"]).replace(b"\n", b"\r\n")
    path = case.write("app.log", data)
    case.ingest(path)
    stripped = data.replace(b"\r\n", b"\n")
    raw = case.lines()
    case.check(raw in (data, stripped), f"--raw: {raw!r}")
    case.equal("bodies", [x.get("Body") for x in case.events()], ["one", "two", "three 终"])
    case.equal("count of /two$/", case.count("/two$/"), 1)
    case.equal("count of msg:=two", case.count("msg:=two"), 1)
    case.is_safe()
    case.again(path)


def blank_lines(case):
    data = b"\n\n" + java(["one"]) + b"\n\n" + java(["two\n\n  more after a blank"]) + b"\n \n"
    path = case.write("app.log", data)
    case.ingest(path)
    case.returns(data)
    case.again(path)
    only = case.write("blank.log", b"\n" * 1000)
    case.equal("events of blank lines", case.ingest(only).get("events"), 0)
    case.again(only)


def leading_nuls(case):
    data = java(["first after the hole", "second"])
    path = case.write("app.log", b"")
    with open(path, "wb") as file:
        file.seek(5 << 20)
        file.write(data)
    case.ingest("--tz", "+08:00", path)
    case.equal("count", case.count("hole"), 1)
    case.equal("level", case.count("level:INFO"), 2)
    zeros = case.lines().count(b"\0")
    # Whole mebibytes of a hole are passed over; what is left belongs to the first line.
    case.equal("NULs that come back", zeros, 0)
    case.is_safe("hole")
    case.again("--tz", "+08:00", path)


def times(case):
    """Times that are no times keep their line; those that are get the right instant."""
    rows = [
        ("0001-01-01 00:00:00.000", None), ("9999-12-31 23:59:59.999", None),
        ("1677-09-21 00:12:43.000", None), ("2262-04-11 23:47:17.000", None),
        ("2024-02-29 12:00:00.000", "2024-02-29T12:00:00.000000000Z"),
        ("2026-02-29 12:00:00.000", None), ("2026-13-01 12:00:00.000", None),
        ("2026-11-20 24:00:00.000", "2026-11-21T00:00:00.000000000Z"),
        ("2016-12-31 23:59:60.000", None), ("2026-11-20 25:61:61.000", None),
        ("1970-01-01 00:00:00.000", "1970-01-01T00:00:00.000000000Z"),
        ("1969-12-31 23:59:59.999", "1969-12-31T23:59:59.999000000Z"),
    ]
    good = "2026-11-20 10:00:00.000 [main] INFO  c.e.App - good{}\n"
    data = "".join(good.format(i) for i in range(20))
    for number, (written, _) in enumerate(rows):
        data += f"{written} [main] INFO  c.e.App - row{number}\n"
    path = case.write("app.log", data.encode())
    case.ingest("--tz", "UTC", path)
    case.returns(data.encode())
    case.is_safe()
    for number, (written, want) in enumerate(rows):
        events = case.events(f"row{number}")
        case.equal(f"events of {written}", len(events), 1)
        if want and events:
            case.equal(f"time of {written}", events[0]["Timestamp"], want)
    case.again("--tz", "UTC", path)
    leap = case.events("row8")
    case.check(not leap or leap[0]["Timestamp"][:17] in ("2016-12-31T23:59:", "2017-01-01T00:00:"),
               f"leap second: {leap}")
    epochs = ["1763600000", "1763600000123", "1763600000123456", "1763600000123456789"]
    data = "".join(f"{x} epoch{i} plain\n" for i, x in enumerate(epochs)).encode()
    path = case.write("epoch.log", data)
    case.ingest("--tz", "UTC", path)
    for number in range(4):
        event = case.events(f"epoch{number}")
        case.equal(f"epoch {epochs[number]}", [x["Timestamp"][:19] for x in event],
                   ["2025-11-20T00:53:20"])
    data = "".join(f"Nov 20 10:00:0{i} host app[1]: noyear{i}\n" for i in range(5)).encode()
    path = case.write("syslog", data)
    case.ingest("--tz", "UTC", path)
    case.returns(data, "noyear*")


def clock_changes(case):
    """Europe/Berlin: 02:30 does not exist on 29 March 2026 and happens twice on 25 October."""
    written = ["2026-03-29 01:59:59.000", "2026-03-29 02:30:00.000", "2026-03-29 03:00:00.000",
               "2026-10-25 01:59:59.000", "2026-10-25 02:30:00.000", "2026-10-25 02:30:00.000",
               "2026-10-25 03:00:00.000"]
    data = "".join(f"{x} [main] INFO  c.e.App - c{i}\n" for i, x in enumerate(written)).encode()
    path = case.write("app.log", data)
    case.ingest("--tz", "Europe/Berlin", path)
    case.returns(data)
    got = [x["Timestamp"][:19] for i in range(7) for x in case.events(f"c{i}")]
    case.check(len(got) == 7, f"{got}")
    case.equal("sure times", [got[i] for i in (0, 2, 3, 6)],
               ["2026-03-29T00:59:59", "2026-03-29T01:00:00", "2026-10-24T23:59:59",
                "2026-10-25T02:00:00"])
    case.check(got[1] in ("2026-03-29T01:30:00", "2026-03-29T01:00:00", "2026-03-29T00:30:00"),
               f"the hour that is not: {got[1]}")
    for i in (4, 5):
        case.check(got[i] in ("2026-10-25T00:30:00", "2026-10-25T01:30:00"),
                   f"the hour that is twice: {got[i]}")
    for at, want in (("2026-03-29", 3), ("2026-10-25", 4), ("2026-10-25 02:30", 2)):
        case.equal(f"at {at}", case.count("--tz", "Europe/Berlin", "--at", at), want)
    case.is_safe("--tz", "Europe/Berlin")


def json_line(case, value, word):
    text = value if isinstance(value, str) else json.dumps(value)
    data = java(["before", text, "after"]) + text.encode() + b"\n"
    path = case.write("app.log", data)
    case.ingest(path)
    case.returns(data)
    case.check(case.count(word) >= 1, f"{word} is not found")
    case.is_safe()
    case.again(path)
    lines = (text + "\n").encode() * 20
    own = case.write("events.json", lines)
    case.ingest(own)
    case.returns(lines, "file:events.json")
    case.is_safe("file:events.json")
    case.again(own)


def every_byte(case):
    data = b"".join(b"x%03d" % i + bytes([i]) * 3 + b"y\n" for i in range(256) if i not in (10, 13))
    path = case.write("bytes.log", data)
    case.ingest(path)
    case.returns(data)
    case.is_safe()
    case.again(path)
    java_data = java([b"m%03d" % i + bytes([i]) * 3 + b" end" for i in range(256) if i not in (10, 13)])
    path = case.write("app.log", java_data)
    summary = case.ingest(path)
    case.equal("events", summary.get("events"), 254)
    case.returns(java_data, "file:app.log")
    case.equal("found by a word", case.count("file:app.log end"), 254)
    case.is_safe("file:app.log")


def random_bytes(case):
    import random
    rng = random.Random(case.suite.seed)
    data = rng.randbytes(1 << 20).replace(b"\r", b" ") + b"\n"
    path = case.write("random.log", data)
    case.ingest(path)
    case.returns(data)
    case.is_safe()
    case.again(path)


def endless_trace(case):
    data = java(["boom\njava.lang.RuntimeException: x"])
    data += b"\tat a.b.C.d(C.java:1)\n" * 200_000 + b"Caused by: " * 1000 + b"\n"
    path = case.write("app.log", data)
    case.ingest(path)
    case.returns(data)
    case.is_safe("-n", "1")
    case.again(path)


SCRIPTS = [
    (0x21, 0x7E), (0xA1, 0x17F), (0x386, 0x3FF), (0x400, 0x52F), (0x5D0, 0x5EA), (0x621, 0x64A),
    (0x905, 0x939), (0xE01, 0xE30), (0x10A0, 0x10FF), (0x1E00, 0x1EFF), (0x1F00, 0x1FFE),
    (0x2010, 0x2060), (0x20A0, 0x214F), (0x2C00, 0x2D2D), (0x2E80, 0x2FD5), (0x3000, 0x30FF),
    (0x3105, 0x312D), (0x31F0, 0x31FF), (0x3400, 0x3500), (0x4E00, 0x9FFF), (0xA640, 0xA69F),
    (0xAB30, 0xABBF), (0xAC00, 0xD7A3), (0xF900, 0xFAD9), (0xFB00, 0xFB06), (0xFE30, 0xFE4F),
    (0xFF01, 0xFFDC), (0x10400, 0x1044F), (0x1D400, 0x1D7FF), (0x1E900, 0x1E943),
    (0x1F300, 0x1F6FF), (0x20000, 0x20100), (0x30000, 0x30010), (0xE0100, 0xE01EF),
]


def scripts(case):
    """Any part of any line is found: index and scan must agree on every character."""
    import random
    rng = random.Random(case.suite.seed)
    lines = []
    for number in range(300):
        text = ""
        for _ in range(rng.randrange(3, 9)):
            # Neighbours of other scripts, glued or apart, and figures of all lengths.
            for _ in range(rng.choice((1, 1, 2, 3))):
                low, high = rng.choice(SCRIPTS)
                text += "".join(chr(rng.randint(low, high)) for _ in range(rng.choice((1, 2, 3, 9))))
                text += rng.choice(("", "", "7", "2026", "a1b2", "deadbeef01", "_", "ERROR"))
            text += rng.choice((" ", " ", "", "=", "，", "　"))
        lines.append(f"id{number:06d} {text} end")
    data = "".join(x + "\n" for x in lines).encode()
    path = case.write("scripts.log", data)
    case.ingest(path)
    case.returns(data)
    case.is_safe()
    wrong = 0
    for _ in range(400):
        line = rng.choice(lines)
        start = rng.randrange(len(line))
        part = line[start:start + rng.choice((1, 2, 3, 5, 9, 20))].strip(" 　") or "end"
        if rng.random() < 0.5:
            # Case is folded in the letters below U+0800.
            swapped = "".join(c.swapcase() if ord(c) < 0x800 and len(c.swapcase()) == 1
                              and ord(c.swapcase()) < 0x800 and c.swapcase().swapcase() == c
                              and c.lower() == c.swapcase().lower() else c for c in part)
        else:
            swapped = part
        quoted = '*"' + swapped.replace("\\", "\\\\").replace('"', '\\"') + '"*'
        found = case.lines(quoted).decode().split("\n")
        if line not in found:
            wrong += 1
            if wrong <= 5:
                case.check(False, f"{quoted} does not find {line!r} ({len(found) - 1} lines)")
    case.check(not wrong, f"{wrong} of 400 parts are not found")
