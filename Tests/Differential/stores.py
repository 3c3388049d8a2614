"""Stores of one corpus that were filled in different ways, and the questions put to logq."""
import os
import random
import shutil
import subprocess


class Stores:
    """`whole` took each file in at once, `grown` in three pieces, `compacted` is that, merged."""

    names = ("whole", "grown", "compacted")

    def __init__(self, logq, directory):
        self.logq, self.directory = logq, directory

    def run(self, store, *arguments):
        return subprocess.run(
            [self.logq, *arguments], capture_output=True, stdin=subprocess.DEVNULL,
            env={**os.environ, "LOGQ_DATA": os.path.join(self.directory, store)})

    def ask(self, *arguments):
        """The answers of all stores to one search: name, exit status, output, errors."""
        running = [(store, subprocess.Popen(
            [self.logq, "search", *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "LOGQ_DATA": os.path.join(self.directory, store)}))
            for store in self.names]
        for store, process in running:
            output, errors = process.communicate()
            yield store, process.returncode, output, errors.decode(errors="replace")

    def fill(self, corpus, seed):
        """Copies the corpus piece by piece, so that the files grow; returns where it is."""
        copy = os.path.join(self.directory, "corpus")
        files = []
        generator = random.Random(f"pieces:{seed}")
        for host in sorted(os.listdir(corpus)):
            if not os.path.isdir(os.path.join(corpus, host)):
                continue
            os.makedirs(os.path.join(copy, host))
            for name in sorted(os.listdir(os.path.join(corpus, host))):
                with open(os.path.join(corpus, host, name), "rb") as file:
                    content = file.read()
                cuts = sorted(generator.randrange(len(content)) for _ in range(2))
                if generator.random() < 0.2:
                    cuts[0] = 0
                files.append((os.path.join(copy, host, name), content, cuts))
        for piece in range(3):
            for path, content, cuts in files:
                start, end = ([0] + cuts)[piece], (cuts + [len(content)])[piece]
                if end > 0:
                    with open(path, "ab") as file:
                        file.write(content[start:end])
            self.take_in("grown", copy)
        self.take_in("whole", copy)
        shutil.copytree(os.path.join(self.directory, "grown"),
                        os.path.join(self.directory, "compacted"))
        self.check("compacted", "compact", "--quiet")
        return copy

    def take_in(self, store, copy):
        for host in sorted(os.listdir(copy)):
            if os.listdir(os.path.join(copy, host)):
                self.check(store, "ingest", "--quiet", "--host", host, "--tz", "+08:00",
                           os.path.join(copy, host))

    def check(self, store, *arguments):
        done = self.run(store, *arguments)
        if done.returncode != 0:
            raise SystemExit(f"{store}: logq {' '.join(arguments)}: exit {done.returncode}: "
                             f"{done.stderr.decode(errors='replace')}")
