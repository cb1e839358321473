"""Runs a command and writes down, as JSON, its exit code and what it left running: `watch.py REPORT COMMAND...`.

It stands in as the parent of whatever loses its own, so nothing that the command started can get out of its sight,
under whatever user it runs, and nobody else's processes are in it.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from lrcourse.grading.sandbox.usage import tree

PR_SET_CHILD_SUBREAPER = 36
LEAVING = 20.0  # seconds that a process on its way out may take, on a busy machine


def watch(command: list[str], seconds: float) -> dict:
    """Run `command`; what is left afterwards is named, and ended."""
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "no subreaper")
    started = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    try:
        code = process.wait(seconds)
    except subprocess.TimeoutExpired:
        code = None
        process.kill()
        process.wait()
    taken = time.monotonic() - started
    end = time.monotonic() + LEAVING
    while left() and time.monotonic() < end:
        time.sleep(0.05)
    found = [described(pid) for pid in left()]
    while pids := left():
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    return {"code": code, "left": found, "seconds": taken}


def left() -> list[int]:
    """What still runs below this process."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    return tree(os.getpid())[1:]


def described(pid: int) -> str:
    """The process in a few words: number, user, command line."""
    with suppress(OSError):
        owner = Path(f"/proc/{pid}").stat().st_uid
        return f"{pid} of user {owner}: {Path(f'/proc/{pid}/cmdline').read_bytes()[:300]!r}"
    return str(pid)


if __name__ == "__main__":
    report, seconds, *command = sys.argv[1:]
    Path(report).write_text(json.dumps(watch(command, float(seconds))))
