"""Much at once: a backlog, and a burst."""
import os
import random
import shutil
import time

from ship_latency import milliseconds
from ship_load import Lines
from ship_process import Probe, Shipper, memory

MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct".split()


def burst(options, directory):
    """Appends a file of a corpus to a log at once; the last line is the one that is asked for."""
    logs = os.path.join(directory, "logs")
    os.mkdir(logs)
    path = os.path.join(logs, "app-0.log")
    size = options.burst * 1_000_000
    with open(os.path.join(options.corpus(), "nginx-1", "access.log"), "rb") as file:
        head, data = file.readline(), file.read(size)
    data = data[:data.rfind(b"\n") + 1]
    last = data[data.rstrip(b"\n").rfind(b"\n") + 1:]
    data += last.replace(b'"GET /', b'"GET /theendmark/').replace(b'"POST /', b'"GET /theendmark/')
    with open(path, "wb") as file:
        file.write(head)
    shipper = Shipper(options, directory, {"app": (os.path.join(logs, "*"), "")})
    while not shipper.count(""):
        time.sleep(0.1)
    time.sleep(1)
    resident, cpu, start = memory(shipper.pid, "VmRSS"), shipper.cpu(), time.monotonic()
    with open(path, "ab", buffering=0) as file:
        file.write(data)
    written = time.monotonic()
    found = shipper.wait_for("theendmark")
    events = shipper.count("")
    yield f"{len(data) / 1e6:.0f} MB appended in", f"{written - start:.2f} s"
    written_lines = data.count(b"\n") + 1
    yield "until the last line is found", \
        f"**{found - start:.1f} s** ({events} events, {written_lines} lines written)"
    yield "processor", f"{shipper.cpu() - cpu:.1f} s"
    yield "memory before, peak", f"{resident / 1e6:.0f} MB, {shipper.peak() / 1e6:.0f} MB"
    shipper.stop()


def backlog(options, directory):
    """Copies of a corpus with other dates, found at the start; a live file beside them."""
    logs = os.path.join(directory, "logs")
    os.mkdir(logs)
    hosts = made_backlog(options)
    size = sum(os.path.getsize(os.path.join(folder, name))
               for folder, _, names in os.walk(hosts) for name in names)
    yield "backlog", f"{size / 1e9:.2f} GB in {sum(len(x) for _, _, x in os.walk(hosts))} files"
    lines = Lines(logs, files=2, rate=100, seed=options.seed).start()
    start = time.monotonic()
    shipper = Shipper(options, directory, {
        "live": (os.path.join(logs, "*"), ""),
        "backlog": (os.path.join(hosts, "*", "*", "*"), "")})
    probe = Probe(shipper, lines, random.Random(options.seed), pause=0.1)
    done = 0
    while done < size and time.monotonic() < start + options.longest:
        time.sleep(1)
        if shipper.process.poll() is not None:
            raise RuntimeError(f"the shipper ended; see {shipper.log}")
        done = shipper.bytes_read(below=hosts)
    span, cpu = time.monotonic() - start, shipper.cpu()
    probe.stop()
    lines.stop()
    yield "peak memory", f"**{shipper.peak() / 1e6:.0f} MB**"
    yield "read", f"{done / 1e9:.2f} GB in {span:.0f} s, **{done / 1e6 / span:.0f} MB/s**, " \
        f"{cpu / (done / 1e9):.1f} CPU-s per GB"
    yield "a live file's lines meanwhile, written to found", milliseconds(probe.latencies)
    stored = sum(os.path.getsize(os.path.join(folder, name))
                 for folder, _, names in os.walk(shipper.store) for name in names)
    yield "store", f"{stored / 1e6:.0f} MB, {stored / done * 100:.1f} % of raw"
    shipper.stop()


def made_backlog(options):
    """Kept for the next run, as the corpus is."""
    target = os.path.join(options.work, f"backlog-{options.gigabytes:g}")
    if not os.path.exists(target + ".made"):
        shutil.rmtree(target, ignore_errors=True)
        size = 0
        for number, month in enumerate(MONTHS, 1):
            if size < options.gigabytes * 1e9:
                size += copy(options.corpus(), os.path.join(target, f"{number:02d}"), number,
                             month, options.gigabytes * 1e9 - size)
        # On the disk before the start, or the disk is busy with the logs and not with the store.
        os.sync()
        with open(target + ".made", "w"):
            pass
    return target


def copy(corpus, target, number, month, limit):
    """The corpus with the dates of another month; files until `limit` bytes are there."""
    size = 0
    for host in sorted(os.listdir(corpus)):
        os.makedirs(os.path.join(target, host))
        for name in sorted(os.listdir(os.path.join(corpus, host))):
            if size >= limit:
                return size
            written = os.path.join(target, host, name.replace("-11-", f"-{number:02d}-"))
            with open(os.path.join(corpus, host, name), "rb") as source, \
                    open(written, "wb") as file:
                while piece := source.read(4 << 20):
                    piece += source.readline()
                    file.write(piece.replace(b"2026-11-", b"2026-%02d-" % number)
                               .replace(b"/Nov/2026", b"/%s/2026" % month.encode())
                               .replace(b"2026/11/", b"2026/%02d/" % number)
                               .replace(b"-Nov-2026", b"-%s-2026" % month.encode()))
                size += file.tell()
    return size
