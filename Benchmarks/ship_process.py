"""Runs `logq ship` and its readers, and says what a running process costs."""
import atexit
import os
import re
import signal
import sqlite3
import subprocess
import threading
import time


def cpu_seconds(pid):
    """Processor time of all threads of a running process, those that ended included.

    CPUCLOCK_SCHED of linux/posix-timers.h: nanoseconds, where /proc/PID/stat has 10 ms ticks.
    """
    return time.clock_gettime((~pid << 3) | 2)


def memory(pid, which="VmHWM"):
    """Bytes: `VmHWM` is the peak since the start, `VmRSS` what is resident now."""
    with open(f"/proc/{pid}/status") as file:
        return int(re.search(rf"{which}:\s+(\d+) kB", file.read())[1]) * 1024


class Shipper:
    """`logq ship` on sources (name -> (globs, further lines)), with a store of its own."""

    def __init__(self, options, directory, sources):
        self.logq, self.store = options.logq, os.path.join(directory, "store")
        self.catalogue = os.path.join(self.store, "catalog.db")
        self.log = os.path.join(directory, "ship.log")
        configuration = os.path.join(directory, "ship.conf")
        with open(configuration, "w") as file:
            file.write(f"store: {self.store}\nzone: +08:00\n")
            for name, (globs, more) in sources.items():
                file.write(f"source: {name}\nfiles: {globs}\n{more}")
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [self.logq, "ship", "--config", configuration], stdin=subprocess.DEVNULL,
                stdout=log, stderr=log)
        self.pid = self.process.pid
        atexit.register(self.process.kill)

    def cpu(self):
        return cpu_seconds(self.pid)

    def peak(self):
        return memory(self.pid)

    def ask(self, *arguments):
        """What a `logq search` prints, and how long it took."""
        start = time.monotonic()
        run = subprocess.run(
            [self.logq, "search", "--data", self.store, *arguments], stdin=subprocess.DEVNULL,
            capture_output=True)
        elapsed = time.monotonic() - start
        # Until the first commit there is no store.
        if run.returncode not in (0, 1) and os.path.exists(self.catalogue):
            raise RuntimeError(f"search {arguments}: exit {run.returncode}: {run.stderr.decode()}")
        return run.stdout, elapsed

    def count(self, *query):
        return int(self.ask("--count", *query)[0].strip() or 0)

    def wait_for(self, text, number=1, timeout=900, pause=0.02, since=()):
        """Asks until `text` is found `number` times; returns when that was, monotonic."""
        end = time.monotonic() + timeout
        while self.count(*since, f'"{text}"') < number:
            if time.monotonic() > end or self.process.poll() is not None:
                raise RuntimeError(f"{text} was not found {number} times; see {self.log}")
            time.sleep(pause)
        return time.monotonic()

    def bytes_read(self, below=""):
        """Up to where the files are in the store, in all; a look at the catalogue costs less than
        a search."""
        if not os.path.exists(self.catalogue):
            return 0
        connection = sqlite3.connect(f"file:{self.catalogue}?mode=ro", uri=True, timeout=5)
        try:
            return connection.execute(
                "SELECT coalesce(sum(position), 0) FROM generation WHERE path LIKE ?",
                (below + "%",)).fetchone()[0]
        except sqlite3.OperationalError:
            # It is being made.
            return 0
        finally:
            connection.close()

    def raw_size(self):
        """Lines and bytes of all that is in the store."""
        find = subprocess.Popen(
            [self.logq, "search", "--raw", "--data", self.store, ""], stdout=subprocess.PIPE)
        wc = subprocess.run(["wc", "-lc"], stdin=find.stdout, capture_output=True)
        find.wait()
        return tuple(map(int, wc.stdout.split()))

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(60) != 0:
            raise RuntimeError(f"logq ship ended with {self.process.returncode}; see {self.log}")


class Follower:
    """`logq tail --raw`, each piece of its output with the time at which it arrived."""

    def __init__(self, shipper, *query):
        self.process = subprocess.Popen(
            [shipper.logq, "tail", "--raw", "--since", "now", "-n", "0", "--data", shipper.store,
             *query],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        atexit.register(self.process.kill)
        self.pieces = []
        self.thread = threading.Thread(target=self.read)
        self.thread.start()

    def read(self):
        while piece := os.read(self.process.stdout.fileno(), 1 << 20):
            self.pieces.append((time.monotonic(), piece))

    def cpu(self):
        return cpu_seconds(self.process.pid)

    def stop(self):
        """Ends it; returns (arrival, line) for each line."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait()
        self.thread.join()
        lines, rest = [], b""
        for arrival, piece in self.pieces:
            *whole, rest = (rest + piece).split(b"\n")
            lines += [(arrival, line) for line in whole]
        return lines


class Probe:
    """Appends a marked line at random moments and asks for it until it is found."""

    def __init__(self, shipper, lines, random, pause=0.02):
        self.shipper, self.lines, self.random, self.pause = shipper, lines, random, pause
        self.latencies, self.searches, self.failure = [], [], None
        self.is_ended = False
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        try:
            while not self.is_ended:
                time.sleep(self.random.uniform(0.05, 0.8))
                self.latencies.append(self.once())
        except RuntimeError as error:
            self.failure = error

    def once(self):
        mark = f"mark{self.random.getrandbits(60):015x}"
        path, line = self.lines.marked(mark)
        start = time.monotonic()
        with open(path, "ab", buffering=0) as file:
            file.write(line)
        while True:
            # The others' lines of the last minutes; a backlog has other days.
            answer, elapsed = self.shipper.ask("--count", "--since", "10m", f'"{mark}"')
            self.searches.append(elapsed)
            if answer.strip() == b"1":
                return time.monotonic() - start
            if time.monotonic() - start > 300:
                raise RuntimeError(f"{mark} was not found in 300 s")
            time.sleep(self.pause)

    def stop(self):
        self.is_ended = True
        self.thread.join()
        if self.failure:
            raise self.failure
