"""Hostile text in every field of a fault record and in its pinned lines, in all formats of its report."""
import html.parser
import json
import re
import shutil
import subprocess

import content
import harness

TEXTS = [
    "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "'\"><svg/onload=alert(1)>",
    "--></style></title></svg></pre><h1>x</h1>", "]]><b>", "]](javascript:alert(1))",
    "![x](http://evil.example/x.png)", "[click](javascript:alert(1))", "<http://evil.example>",
    "http://evil.example www.evil.example a@evil.example", "# title", "- item", "1. item", "> quote",
    "===", "---", "```", "~~~", "`" * 50, "` a `` b", "|a|b|", "\\|a\\\\|b", "    code", "\tcode",
    "*a* _b_ ~~c~~ **d**", "\u202ecod.exe\u2066", "\x1b[31mred\x1b]0;title\x07",
    "=cmd|'/C calc'!A0", "a\u2028b\u2029c", "\x01\x7f\x9b31m", "\ufeffx", "&lt;b&#62;", "x" * 5000,
]
LINES = ["title", "detection"]
PARAGRAPHS = ["description", "scope", "trigger", "root_cause", "prevention", "lessons"]
LISTS = ["services", "hosts", "factors", "whys", "handlers", "reviewers", "tags"]
ELEMENTS = {
    "html", "head", "meta", "title", "style", "body", "main", "header", "p", "h1", "h2", "h3", "span",
    "strong", "code", "a", "del", "dl", "dt", "dd", "ul", "ol", "li", "div", "table", "thead", "tbody",
    "tr", "th", "td", "figure", "figcaption", "pre", "svg", "desc", "rect", "line", "text", "footer",
    "br",
}
ATTRIBUTES = {
    "lang", "charset", "http-equiv", "content", "name", "class", "id", "href", "viewbox", "role",
    "aria-labelledby", "x", "y", "x1", "y1", "x2", "y2", "width", "height", "text-anchor",
}


class Page(html.parser.HTMLParser):
    """The elements of a page, and what they should not be."""

    def __init__(self, elements=ELEMENTS, link=r"#P\d+"):
        super().__init__(convert_charrefs=True)
        self.problems, self.open, self.count = [], [], {}
        self.elements, self.link = elements, link
        self.text = []

    def handle_starttag(self, tag, attributes):
        self.count[tag] = self.count.get(tag, 0) + 1
        if tag not in self.elements:
            self.problems.append(f"<{tag}>")
        for name, value in attributes:
            if name not in ATTRIBUTES | {"align"}:
                self.problems.append(f"<{tag} {name}>")
            if name == "href" and not re.fullmatch(self.link, value or ""):
                self.problems.append(f"a link to {value!r}")
        if tag not in ("meta", "br", "hr"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in ("meta", "br", "hr"):
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}> ends nothing")

    def handle_data(self, data):
        self.text.append(data)

    def handle_comment(self, data):
        self.problems.append(f"a comment: {data[:60]!r}")


def run(suite):
    for text in TEXTS:
        suite.case(f"reports: {text[:24]!r}", lambda case, t=text: one_text(case, t))
    suite.case("reports: pinned lines of every kind", pinned_lines)


def record(text):
    """A record with the text in every field that people write."""
    fields = {name: text for name in LINES}
    fields |= {name: text + "\n" + text for name in PARAGRAPHS}
    fields |= {name: [text, "a" + text] for name in LISTS}
    fields |= {
        "type": "application/error", "severity": "P1", "started": "2026-11-20T10:00:00+08:00",
        "resolved": "2026-11-20T10:20:00+08:00",
        "impact": [{"text": text, "query": "level:ERROR", "pins": ["P1"]}],
        "steps": [{"time": "2026-11-20T10:05:00+08:00", "by": text, "text": text, "pins": ["P1"]},
                  {"text": text}],
        "actions": [{"text": text, "owner": text, "due": "2026-12-01"}],
    }
    return fields


def make(case, text, messages):
    path = case.write("app.log", content.java(messages))
    case.ingest("--tz", "+08:00", path)
    steps = [
        (("new", "--title", "t"), b""),
        (("pin", "1", "host:h", "--limit", "100", "--note", text), b""),
        (("edit", "1", "--json", "-"), json.dumps(record(text)).encode()),
        (("unpin", "1", "P2", "--reason", text), b""),
    ]
    for arguments, given in steps:
        done = case.run("incident", *arguments, "--by", "ann", input=given)
        if done.status != 0:
            raise harness.Failure(f"no record: {done}")


def one_text(case, text):
    make(case, text, [text, "a " + text, "third"])
    reports_are_safe(case)


def pinned_lines(case):
    messages = [message for lines, _ in content.BYTES.values() for message in lines]
    make(case, "x", messages)
    reports_are_safe(case)


def reports_are_safe(case):
    for language in ("en", "zh"):
        for kind, check in (("html", page_is_safe), ("md", markdown_is_safe), ("json", json_is_whole)):
            done = case.run("incident", "export", "1", "--format", kind, "--lang", language)
            if not case.check(done.status == 0, f"no report: {done}"):
                continue
            text = done.output.decode()
            found = harness.HARMFUL.search(text)
            if found:
                around = text[max(0, found.start() - 40):found.end() + 20]
                case.check(False, f"{kind} {language}: {found.group()!r} in it: {around!r}")
            check(case, text)


def page_is_safe(case, text):
    page = Page()
    page.feed(text)
    page.close()
    case.check(not page.problems, f"html: {page.problems[:5]}")
    case.check(not page.open, f"html: open at the end: {page.open}")
    case.equal("html: titles of pages and pictures", page.count.get("h1"), 1)
    case.check("default-src 'none'" in text, "html: no policy")


def markdown_is_safe(case, text):
    """As another program reads it, where there is one: cmark-gfm, with all that GitHub adds."""
    if not shutil.which("cmark-gfm"):
        return
    extensions = [x for name in ("table", "autolink", "strikethrough", "tasklist")
                  for x in ("-e", name)]
    shown = subprocess.run(["cmark-gfm", *extensions], input=text.encode(), capture_output=True,
                           check=True).stdout.decode()
    page = Page({"h1", "h2", "h3", "p", "strong", "em", "code", "pre", "ul", "ol", "li", "table",
                 "thead", "tbody", "tr", "th", "td", "a", "br", "hr"}, r"#p\d+")
    page.feed(shown)
    page.close()
    case.check(not page.problems, f"md: {page.problems[:5]}")
    case.equal("md: titles", page.count.get("h1"), 1)
    case.equal("md: rules", page.count.get("hr"), 1)


def json_is_whole(case, text):
    document = json.loads(text)
    case.equal("json: pins and removed pins", len(document["removed_pins"]), 1)
    for pin in document["pins"]:
        case.check(pin["originals"]["event"].keys() <= {"text", "base64"}, f"json: {pin['pin']}")
    case.equal("json: the chain's last header", document["chain"][-1]["header"], document["root"])
