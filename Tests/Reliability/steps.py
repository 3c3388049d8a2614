"""Kills a command at each step that changes a file, and runs the cases that share one fixture.

The steps are the system calls that strace(1) can kill a process at: it dies as it enters its N-th one.
"""
import argparse
import concurrent.futures
import os
import random
import shutil
import signal
import tempfile
import time

from harness import Failure

CALLS = ["rename", "unlink", "fsync", "fdatasync", "pwrite64", "ftruncate", "openat", "write"]


def counts(world, command):
    """How many of each call a command makes when nobody disturbs it."""
    done = world.run(["strace", "-f", "-c", "-U", "calls,name", "-e", "trace=" + ",".join(CALLS),
                      *command])
    found = {}
    for line in done.stderr.decode(errors="replace").splitlines():
        words = line.split()
        if len(words) == 2 and words[1] in CALLS:
            found[words[1]] = int(words[0])
    if not found:
        raise Failure(f"strace counts nothing: {done.stderr[-300:]!r}")
    return found


def killed(world, command, call, number):
    """Runs a command that dies as it enters a call; whether it made so many of them."""
    done = world.run(["strace", "-f", "-o", "/dev/null", "-e", f"trace={call}", "-e",
                      f"inject={call}:signal=SIGKILL:when={number}", *command], status=None)
    if done.returncode not in (0, -signal.SIGKILL, 128 + signal.SIGKILL):
        raise Failure(f"to be killed at {call} {number}: exit {done.returncode}: "
                      f"{done.stderr[-500:]!r}")
    return done.returncode != 0


def kill_at(steps, kill, options, rng):
    """What `kill(*step, slot)` gives for the steps that are asked for, and how many those are."""
    total = len(steps)
    if not options.all:
        steps = rng.sample(steps, min(options.kills, total))
    results, problems = [], []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for future in [pool.submit(kill, *step, slot) for slot, step in enumerate(steps)]:
            try:
                results.append(future.result())
            except Failure as failure:
                problems.append(str(failure))
    if problems:
        raise Failure(f"{len(problems)} of {len(steps)}: " + "\n     ".join(problems[:4]))
    return results, f"{len(steps)} of {total} steps"


# ---------------------------------------------------------------- cases

def arguments(description, kills, quick):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--logq", required=True, help="the program to test")
    parser.add_argument("--kills", type=int, default=kills, metavar="N", help="at so many steps")
    parser.add_argument("--all", action="store_true", help="at each step that there is")
    parser.add_argument("--quick", action="store_true", help="the choice for each commit")
    parser.add_argument("--only", help="the case with this name")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 30))
    parser.add_argument("--jobs", type=int, default=2, help="kills at once")
    parser.add_argument("--scratch", default=tempfile.gettempdir(), help="where files are made")
    parser.add_argument("--keep", action="store_true", help="leave the files")
    options = parser.parse_args()
    if options.quick:
        options.kills = quick
    return options


def run(options, name, fixture, *, strace, others, root):
    """Runs the cases that need strace, none, or root, on `fixture(logq, directory, rng)`.

    Gives the exit status. The files of failed cases are left.
    """
    print(f"seed {options.seed}", flush=True)
    if not shutil.which("strace"):
        print("strace is not there: no kills (apt-get install strace)", flush=True)
        strace = []
    if os.geteuid() != 0:
        print("not root: no full disks", flush=True)
        root = []
    rng = random.Random(options.seed)
    directory = tempfile.mkdtemp(prefix=f"{name}-", dir=options.scratch)
    made = fixture(os.path.abspath(options.logq), directory, rng)
    failed = 0
    for case in [*strace, *others, *root]:
        if options.only and options.only != case.__name__:
            continue
        started, word = time.time(), "ok"
        try:
            note = case(made, options, rng)
        except Failure as failure:
            note, word = failure, "FAIL"
            failed += 1
        print(f"{word:4} {case.__name__} ({time.time() - started:.1f} s): {note}", flush=True)
    if not options.keep and not failed:
        shutil.rmtree(directory, ignore_errors=True)
    return 1 if failed else 0
