"""Runs a program once and says what it cost."""
import os
import statistics
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Run:
    """One finished process: what it printed, how it ended, what it took."""

    output: bytes
    exit_code: int
    wall: float
    cpu: float
    peak_bytes: int


def run(command, scratch, environment=None):
    """Runs `command` with stdout and stderr in files under `scratch`.

    Files and posix_spawn instead of pipes and fork: the parent then costs about half a
    millisecond, which counts when the answer takes five. The kernel charges the parent's own
    peak to the child until it has called exec, so `peak_bytes` is never below this
    interpreter's 15 MB or so.
    """
    out, err = os.path.join(scratch, "stdout"), os.path.join(scratch, "stderr")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, out, flags, 0o600),
        (os.POSIX_SPAWN_OPEN, 2, err, flags, 0o600),
    ]
    start = time.perf_counter()
    pid = os.posix_spawnp(
        command[0], command, os.environ | (environment or {}), file_actions=actions)
    _, status, usage = os.wait4(pid, 0)
    wall = time.perf_counter() - start
    with open(out, "rb") as file:
        output = file.read()
    return Run(output, os.waitstatus_to_exitcode(status), wall,
               usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def last_errors(scratch, limit=2000):
    """The end of what the last process wrote to stderr."""
    with open(os.path.join(scratch, "stderr"), errors="replace") as file:
        return file.read()[-limit:].strip()


def interleaved(commands, runs, scratch):
    """Runs each of `commands` (name -> (arguments, environment)) once unmeasured, then `runs`
    times in turn, so that a noisy minute of the machine hits all of them alike.

    Returns name -> list of Run, without the first.
    """
    for arguments, environment in commands.values():
        run(arguments, scratch, environment)
    results = {name: [] for name in commands}
    for _ in range(runs):
        for name, (arguments, environment) in commands.items():
            results[name].append(run(arguments, scratch, environment))
    return results


def median_ms(results):
    """The median wall time in milliseconds."""
    return statistics.median(result.wall for result in results) * 1000


def tree_bytes(path):
    """What the files under `path` occupy on disk, as du counts it, and their plain sizes."""
    blocks = size = 0
    for directory, _, names in os.walk(path):
        for name in names:
            status = os.lstat(os.path.join(directory, name))
            blocks += status.st_blocks * 512
            size += status.st_size
    return blocks, size
