"""Running logq as a shipper: its process, its store, and the checks that close every case."""
import concurrent.futures
import glob
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import threading
import time
import traceback

from model import Lines, Logs

DEADLINE = 30


class Failure(Exception):
    """A check that did not hold."""


class Suite:
    """The cases that were asked for, some at a time: most of a case is waiting."""

    def __init__(self, options):
        self.logq = os.path.abspath(options.logq)
        self.only, self.quick, self.keep = options.only, options.quick, options.keep
        self.scratch, self.seed, self.jobs = options.scratch, options.seed, options.jobs
        self.cases, self.failed, self.ran = [], [], 0
        self.incomplete = []  # what searches beside the shipper said that were not whole
        self.lock = threading.Lock()
        self.environment = {**os.environ, "TZ": "Asia/Shanghai", "NO_COLOR": "1"}

    def case(self, name, body, *, quick=False, root=False):
        """Adds a case; `quick` ones belong to the run of a minute, `root` ones mount or chown."""
        if self.only and not any(x in name for x in self.only):
            return
        if self.quick and not quick:
            return
        if root and os.geteuid() != 0:
            print(f"skip {name}: not root", flush=True)
            return
        self.cases.append((name, body))

    def run(self):
        with concurrent.futures.ThreadPoolExecutor(self.jobs) as pool:
            for future in [pool.submit(self.run_case, *case) for case in self.cases]:
                future.result()

    def run_case(self, name, body):
        started = time.time()
        directory = tempfile.mkdtemp(prefix="reliability-", dir=self.scratch)
        world = World(self, name, directory)
        problem = None
        try:
            body(world)
        except Failure as failure:
            problem = str(failure)
        except Exception:  # a case that breaks must not hide the others
            problem = traceback.format_exc()
        finally:
            world.end()
        with self.lock:
            self.ran += 1
            note = f": {world.note}" if world.note else ""
            print(f"{'FAIL' if problem else 'ok':4} {name} ({time.time() - started:.1f} s){note}",
                  flush=True)
            if problem:
                self.failed.append(name)
                print("     " + problem.replace("\n", "\n     "), flush=True)
                if self.keep:
                    print(f"     kept: {directory}", flush=True)
        if not (problem and self.keep):
            shutil.rmtree(directory, ignore_errors=True)


class World:
    """One host: its logs, a store, a configuration, and the shipper that may be running."""

    def __init__(self, suite, name, directory):
        self.suite, self.name, self.directory = suite, name, directory
        self.rng = random.Random(f"{suite.seed} {name}")
        self.logs = Logs(os.path.join(directory, "logs"))
        self.lines = Lines(self.rng)
        self.store = os.path.join(directory, "store")
        self.config = os.path.join(directory, "ship.conf")
        self.messages = os.path.join(directory, "shipper.log")
        self.prefix = []
        self.process, self.started = None, 0
        self.note = ""
        self.ends = []
        self.configure("app.log* app.*.log* app.*.tmp access.log*")

    def configure(self, patterns, *settings):
        """Writes the configuration of one source, with the globs `patterns` below the logs."""
        files = " ".join(self.logs.path(x) for x in patterns.split())
        with open(self.config, "w", encoding="utf-8") as file:
            file.write("\n".join(
                [f"store: {self.store}", "host: h", *settings, "source: app", f"files: {files}",
                 "service: app", ""]))

    # ------------------------------------------------------------ the shipper

    def command(self, *options):
        return [*self.prefix, self.suite.logq, "ship", "--config", self.config, *options]

    def start(self):
        if self.process:
            raise Failure("the case starts two shippers")
        with open(self.messages, "ab") as messages:
            self.started = time.time()
            self.process = subprocess.Popen(
                self.command(), stdin=subprocess.DEVNULL, stdout=messages, stderr=messages,
                env=self.suite.environment)

    def stop(self, number=signal.SIGTERM):
        """Ends the shipper; with SIGTERM it must say goodbye with 0."""
        process, self.process = self.process, None
        if process.poll() is not None:
            raise Failure(f"the shipper ended by itself with {process.returncode}: {self.said()}")
        process.send_signal(number)
        try:
            status = process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise Failure(f"not stopped 20 s after SIGTERM: {self.said()}") from None
        # Before it has set its handler, the signal ends it as any other program.
        expected = (0, -signal.SIGTERM) if time.time() - self.started < 0.5 else (0,)
        if number == signal.SIGTERM and status not in expected:
            raise Failure(f"exit {status} after SIGTERM: {self.said()}")

    def kill(self):
        self.stop(signal.SIGKILL)

    def once(self, *, status=(0,)):
        done = subprocess.run(
            self.command("--once"), capture_output=True, env=self.suite.environment, timeout=120,
            stdin=subprocess.DEVNULL, check=False)
        if done.returncode not in status:
            raise Failure(f"--once: exit {done.returncode}: {done.stderr[-500:]!r}")
        return done

    def said(self):
        with open(self.messages, "rb") as file:
            return file.read()[-700:].decode(errors="replace")

    # ------------------------------------------------------------ the store

    def logq(self, *arguments, status=(0, 1)):
        done = subprocess.run(
            [self.suite.logq, *arguments, "--data", self.store], capture_output=True,
            env=self.suite.environment, stdin=subprocess.DEVNULL, timeout=300, check=False)
        if status is not None and done.returncode not in status:
            raise Failure(f"logq {' '.join(arguments)}: exit {done.returncode}: "
                          f"{done.stderr[-500:].decode(errors='replace')}")
        return done

    def stored(self):
        if not os.path.exists(os.path.join(self.store, "catalog.db")):
            return b""
        for _ in range(5):
            done = self.logq("search", "--raw", "--order", "oldest", "--limit", "0", "",
                             status=(0, 1, 3))
            if done.returncode != 3:
                return done.stdout
            self.suite.incomplete.append(done.stderr[:200].decode(errors="replace"))
        raise Failure(f"search: the answer stays incomplete: {done.stderr[-500:]!r}")

    def problems(self):
        return self.logs.compare(self.stored())

    def check(self, holds, text):
        if not holds:
            raise Failure(text)

    def settle(self, what="caught up", deadline=DEADLINE):
        """Waits until the running shipper has stored all that was written, and no more.

        The deadline begins anew as long as something comes: a loaded machine is slow.
        """
        until = time.time() + deadline
        pause, had = 0.05, 0
        while True:
            stored = self.stored()
            problems = self.logs.compare(stored)
            if len(stored) > had:
                until, had = time.time() + deadline, len(stored)
            if not problems:
                self.logs.note_shipped()
                return
            if self.process and self.process.poll() is not None:
                raise Failure(f"the shipper ended by itself with {self.process.returncode}: "
                              f"{self.said()}")
            if time.time() > until:
                raise Failure(f"not {what} after {deadline} s: {'; '.join(problems)}"
                              f"\nshipper: {self.said()}")
            time.sleep(pause)
            pause = min(pause * 1.3, 1)

    def finish(self, *, audit=True, deadline=DEADLINE):
        """All is there, once; and stays so over a stop, another look, and an audit."""
        if not self.process:
            self.start()
        self.settle(deadline=deadline)
        self.stop()
        self.hold("after the stop")
        self.once()
        self.hold("after another look")
        self.sound()
        if audit:
            self.audit()

    def audit(self, status=0, *, lost=False):
        """The exit status of audit; or 1 only because logs were truncated in use.

        Nothing tells a shipper what was written between its last look and a truncation. So it
        names a possible gap where the log had grown within a second, also where nothing was lost;
        and a certain one, in bytes, only where lines were `lost`.
        """
        done = self.logq("audit", "--json", status=None)
        self.check(done.returncode in (0, 1), f"audit: exit {done.returncode}: "
                   f"{done.stderr[-900:].decode(errors='replace')}")
        found = json.loads(done.stdout)
        bad = [x for x in found["files"] if not x["holds"]] + found["unreadable"] + [
            x for x in found["gaps"] if x["missing"] > 0 and not lost or not x["truncated"]
            or not os.path.basename(x["path"]).startswith(tuple(self.logs.cut))]
        self.check(done.returncode == status or status == 0 and not bad,
                   f"audit: exit {done.returncode}, not {status}: {bad}"[:1500])
        return found["gaps"]

    def hold(self, when):
        problems = self.problems()
        self.check(not problems, f"{when}: {'; '.join(problems)}")

    def sound(self):
        for path in glob.glob(os.path.join(self.store, "**", "*.db"), recursive=True):
            connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
            try:
                answer = connection.execute("PRAGMA integrity_check").fetchone()[0]
            finally:
                connection.close()
            self.check(answer == "ok", f"integrity of {os.path.basename(path)}: {answer}")

    def end(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for undo in reversed(self.ends):
            undo()
