#!/usr/bin/env python3
"""Compares logq's answers with those of an independent model, on a corpus of generate.py.

    python3 Benchmarks/generate.py --out DIR --mb 2 --days 4
    python3 Tests/Differential/compare.py --logq .build/release/logq --corpus DIR --queries 2000

Takes the corpus in three times (whole, in pieces while its files grow, and compacted), then asks
fixed queries (of which ripgrep gives the truth once more) and random ones made of the corpus's own
text. Of each, the listed events must be the model's, byte for byte, in the order asked for, or
their number; of pipes, every row. All three stores are asked. Each difference is printed with the
batch that repeats it (--batch); the exit status is 1 if there is any. Needs python3.11 and rg.
A corpus of 2 to 5 MB is enough: ten questions a second and more, 100 MB of memory a process.
"""
import argparse
import collections
import functools
import multiprocessing
import os
import random
import sys
import tempfile
import time

import answers
import pipes
import questions
from model import Corpus
from stores import Stores

BATCH = 50


def main():
    options = arguments()
    print(f"seed {options.seed}", flush=True)
    started = time.time()
    with tempfile.TemporaryDirectory(prefix="logq-compare-") as scratch:
        stores = Stores(os.path.abspath(options.logq), scratch)
        corpus = Corpus(stores.fill(options.corpus, options.seed))
        say(f"{corpus.count} events in {len(corpus.files)} files, {time.time() - started:.0f} s")
        check = Check(stores, corpus, options.seed)
        batches = range(options.batch, options.batch + 1) if options.batch is not None else range(
            -1, -(-options.queries // BATCH))
        total = collections.Counter()
        with multiprocessing.get_context("fork").Pool(options.jobs) as pool:
            for done, (kinds, differences) in enumerate(
                    pool.imap_unordered(functools.partial(Check.batch, check), batches), 1):
                total.update(kinds)
                for text in differences:
                    print(f"DIFFERENT {text}", flush=True)
                total["differences"] += len(differences)
                if done % 10 == 0:
                    say(f"{total['questions']} questions, {total['differences']} differences, "
                        f"{time.time() - started:.0f} s")
    kinds = ", ".join(f"{name} {count}" for name, count in sorted(total.items())
                      if name not in ("questions", "differences"))
    print(f"{total['questions']} questions, {total['differences']} differences, "
          f"{time.time() - started:.0f} s\n{kinds}")
    return 1 if total["differences"] else 0


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--logq", required=True, help="the program to test")
    parser.add_argument("--corpus", required=True, help="directory made by generate.py")
    parser.add_argument("--queries", type=int, default=1000, help="random queries (1000)")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 30))
    parser.add_argument("--batch", type=int, help=f"only this batch of {BATCH}, -1: the fixed ones")
    parser.add_argument("--jobs", type=int, default=2, help="processes (2)")
    return parser.parse_args()


def say(text):
    print(text, file=sys.stderr, flush=True)


class Check:
    """Asks the stores, and tells where the answers differ from the model's."""

    def __init__(self, stores, corpus, seed):
        self.stores, self.corpus, self.seed = stores, corpus, seed

    def batch(self, number):
        """The kinds of the questions of a batch, and the differences."""
        self.kinds, self.differences = collections.Counter(), []
        self.random = random.Random(f"{self.seed}:{number}")
        self.place = f"batch {number}"
        maker = questions.Maker(self.corpus, self.random)
        if number < 0:
            self.whole()
            for question in maker.fixed():
                self.asked(question.kinds)
                if question.ripgrep is not None:
                    self.differ(question.arguments, answers.ripgrep(self.corpus, question))
                self.question(question, "list")
                self.question(question, "count")
        for _ in range(BATCH if number >= 0 else 0):
            if self.random.random() < 0.25:
                self.pipe(maker)
            else:
                question = maker.any()
                self.asked({*question.kinds})
                self.question(question, self.random.choices(
                    ("list", "count", "limit", "places"), (70, 15, 10, 5))[0])
        return self.kinds, self.differences

    def asked(self, kinds):
        self.kinds["questions"] += 1
        self.kinds.update(kinds)

    def differ(self, arguments, text):
        if text:
            shown = " ".join(repr(x) for x in arguments)
            self.differences.append(f"{self.place}: {shown}\n    {text}")

    def whole(self):
        for store in self.stores.names:
            self.asked(["json"])
            output = self.stores.run(store, "search", "--json").stdout
            for text in answers.whole_json(self.corpus, output):
                self.differ([store, "--json"], text)

    def question(self, question, way):
        self.kinds["way: " + way] += 1
        order = self.random.choice(("newest", "oldest"))
        limit = self.random.choice((1, 7, 100, 1003)) if way in ("limit", "places") else 0
        flags = {"count": ["--count"], "places": ["--json", "--order", order, "-n", str(limit)],
                 "list": ["--raw", "--order", order],
                 "limit": ["--raw", "--order", order, "-n", str(limit)]}[way]
        want = self.corpus.indices(question.bits)

        def wrong(output):
            if way == "count":
                return None if output == b"%d\n" % len(want) else (
                    f"--count {output.decode().strip()}, expected {len(want)}")
            if way == "places":
                return answers.places(output, order == "newest")
            return answers.raw(self.corpus, output, want, order, limit)

        self.ask([*flags, *question.arguments], wrong, bool(want))

    def pipe(self, maker):
        question, stages, wrong = pipes.Pipes(maker).any()
        self.asked({"pipe", *stages, *question.kinds})
        self.ask(["--json", *question.arguments], wrong, None)

    def ask(self, arguments, wrong, is_found):
        """Puts one question to all stores; equal answers are looked at once."""
        verdicts = {}
        for store, status, output, errors in self.stores.ask(*arguments):
            if status > 1 or is_found is not None and status != (not is_found):
                self.differ([store, *arguments], f"exit {status}, expected "
                            f"{'found' if is_found else 'none'}: {errors[:400]}")
                if status > 1:
                    continue
            if output not in verdicts:
                verdicts[output] = wrong(output)
            self.differ([store, *arguments], verdicts[output])


if __name__ == "__main__":
    sys.exit(main())
