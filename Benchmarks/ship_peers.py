"""Files that grow as fast as they are read, beside other programs that follow files."""
import atexit
import os
import re
import shutil
import signal
import subprocess
import time

from ship_load import Corpus
from ship_process import Shipper, cpu_seconds, memory


def rate(options, directory):
    for speed in options.rates:
        for name in options.peers:
            target = os.path.join(directory, f"{name}-{speed / 1e6:.0f}")
            os.makedirs(target)
            if name == "rsyslog" and not shutil.which("rsyslogd"):
                yield name, "rsyslogd is not installed"
                continue
            yield f"{name}, written at {speed / 1e6:.0f} MB/s", one_rate(
                options, target, READERS[name], speed)
            shutil.rmtree(target)


def one_rate(options, directory, reader_type, speed):
    """One reader on files that grow; how long until it has all, and what it has."""
    logs = os.path.join(directory, "logs")
    # Two renamings while it is written, whatever the speed.
    corpus = Corpus(options.corpus(), logs, speed, 900_000_000, 900_000_000 / speed / 3)
    reader = reader_type(options, directory, corpus.paths)
    time.sleep(2)
    corpus.start()
    lines, size, start, end = corpus.finish()
    # Read to its end when what it has put out stays for five seconds.
    progress, since = -1, time.monotonic()
    while time.monotonic() - since < 5:
        time.sleep(0.05)
        if (now := reader.progress()) != progress:
            progress, since = now, time.monotonic()
    cpu, peak = reader.cost()
    got_lines, got_bytes = reader.finish()
    lost = "all lines, byte for byte" if (got_lines, got_bytes) == (lines, size) else \
        f"**{got_lines - lines:+d} lines, {got_bytes - size:+d} bytes**"
    return (f"**{min(got_bytes, size) / 1e6 / (since - start):.0f} MB/s** sustained (written in "
            f"{end - start:.1f} s, read {since - end:.1f} s later), {cpu / (size / 1e9):.1f} "
            f"CPU-s per GB, peak {peak / 1e6:.0f} MB, {lines} lines: {lost}")


class Logq:
    """`logq ship`, with what it has committed."""

    def __init__(self, options, directory, paths):
        self.shipper = Shipper(options, directory, {
            os.path.basename(os.path.dirname(path)): (path + "*", "") for path in paths})

    def progress(self):
        return self.shipper.bytes_read()

    def cost(self):
        return self.shipper.cpu(), self.shipper.peak()

    def finish(self):
        size = self.shipper.raw_size()
        self.shipper.stop()
        return size


class Rsyslog:
    """rsyslog's imfile with inotify, written to a file as it came."""

    def __init__(self, options, directory, paths):
        self.out = os.path.join(directory, "out.log")
        inputs = "\n".join(
            f'input(type="imfile" File="{path}" Tag="t" ruleset="out")' for path in paths)
        configuration = os.path.join(directory, "rsyslog.conf")
        with open(configuration, "w") as file:
            file.write(f"""global(workDirectory="{directory}" maxMessageSize="64k")
module(load="imfile" mode="inotify")
template(name="raw" type="string" string="%msg%\\n")
ruleset(name="out") {{ action(type="omfile" file="{self.out}" template="raw") }}
{inputs}
""")
        self.process = subprocess.Popen(
            ["rsyslogd", "-n", "-f", configuration, "-i", os.path.join(directory, "pid")],
            stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        atexit.register(self.process.kill)

    def progress(self):
        return os.path.getsize(self.out) if os.path.exists(self.out) else 0

    def cost(self):
        return cpu_seconds(self.process.pid), memory(self.process.pid)

    def finish(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        counted = subprocess.run(["wc", "-lc", self.out], capture_output=True).stdout.split()
        return int(counted[0]), int(counted[1])


class Tail:
    """`tail -F | wc -lc`, which does nothing with the lines."""

    def __init__(self, options, directory, paths):
        self.tail = subprocess.Popen(
            ["tail", "-q", "-n", "+1", "-F", *paths], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.wc = subprocess.Popen(["wc", "-lc"], stdin=self.tail.stdout, stdout=subprocess.PIPE)
        self.tail.stdout.close()
        atexit.register(self.tail.kill)

    def progress(self):
        with open(f"/proc/{self.wc.pid}/io") as file:
            return int(re.search(r"rchar: (\d+)", file.read())[1])

    def cost(self):
        pids = self.tail.pid, self.wc.pid
        return sum(map(cpu_seconds, pids)), sum(map(memory, pids))

    def finish(self):
        self.tail.send_signal(signal.SIGTERM)
        self.tail.wait()
        return tuple(map(int, self.wc.communicate()[0].split()))


READERS = {"logq": Logq, "rsyslog": Rsyslog, "tail": Tail}
