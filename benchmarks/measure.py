"""Run a command to its very end and count what it took, with everything that it started.

CPU seconds are those of the whole machine meanwhile, so nothing else may run: what a sandbox ends with its last process
is in nobody's account.
"""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from lrcourse.grading.sandbox.usage import memory_used, tree

PR_SET_CHILD_SUBREAPER = 36
_SECOND = os.sysconf("SC_CLK_TCK")  # in ticks
LOOK = 2.0  # seconds between two looks at the memory: looking costs time of its own


@dataclass(frozen=True)
class Measured:
    """What a command took: `wall` and `cpu` in seconds, `memory` the most bytes that were in use at once."""

    wall: float
    cpu: float
    memory: int

    def __add__(self, other: Measured) -> Measured:
        return Measured(self.wall + other.wall, self.cpu + other.cpu, max(self.memory, other.memory))


def measure(command: Sequence[str | Path], folder: Path, environment: Mapping[str, str] | None = None) -> Measured:
    """Run `command` in `folder`. SystemExit, with what it printed, if it fails."""
    log = folder / "measured.log"
    ours = [sys.executable, __file__, log, *command]
    ran = subprocess.run(ours, cwd=folder, env=environment, capture_output=True, text=True)
    output = log.read_text(errors="replace") if log.exists() else ""
    if ran.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed in {folder}:\n{output[-4000:]}{ran.stderr[-2000:]}")
    return Measured(**json.loads(ran.stdout))


def _watch(command: list[str], log: str) -> dict:
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "no subreaper")
    memory = 0
    started, used = time.perf_counter(), busy()
    with open(log, "wb") as out:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT)
        while process.poll() is None:
            memory = max(memory, memory_used(tree(process.pid), 0))
            with suppress(subprocess.TimeoutExpired):
                process.wait(LOOK)
    wall = time.perf_counter() - started
    with suppress(ChildProcessError):
        while True:
            os.wait()  # what it left to itself; its time counts as well
    if process.returncode:
        sys.exit(process.returncode)
    return {"wall": wall, "cpu": busy() - used, "memory": memory}


def busy() -> float:
    """CPU seconds that this machine has worked so far: user, nice and system of all processors."""
    return sum(_ticks()[:3]) / _SECOND


def stolen() -> float:
    """CPU seconds that this machine wanted and its host gave to others."""
    return _ticks()[7] / _SECOND


def _ticks() -> list[int]:
    return [int(field) for field in Path("/proc/stat").read_text().splitlines()[0].split()[1:]]


if __name__ == "__main__":
    print(json.dumps(_watch(sys.argv[2:], sys.argv[1])))
