"""A submission that runs: is it still there, what does it use, and how it is ended for good."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import IO

from lrcourse.grading.sandbox.limits import Limits
from lrcourse.grading.sandbox.usage import memory_used, spool_used, tree

# What no level here defends.
SHARED = (
    "Student code runs on the same kernel: a flaw in Linux itself would be a way out.",
    "The processor is bounded by time only, and memory that the kernel uses for a process is not counted.",
)

_PERIOD = 0.2  # seconds between two looks
_SPOOL = 4 << 20  # bytes that connection files may take; sockets take none


class Confined:
    """What runs in one sandbox. A watch ends it when it uses more than its limits and the kernel does not see it."""

    def __init__(self, process: subprocess.Popen, *, spool: Path, limits: Limits):
        # What a limit ended it for: "memory", "files" or "processes"; None while none has.
        self.stopped_for: str | None = None
        self.limits = limits
        self._process = process
        self._spool = spool
        self._ending = threading.Lock()
        self._ended = threading.Event()
        threading.Thread(target=self._watch, name=f"sandbox-{process.pid}", daemon=True).start()

    @property
    def pid(self) -> int:
        """The process that stands for the sandbox on the host, our child. It ends when the submission's Python does."""
        return self._process.pid

    @property
    def stdin(self) -> IO[bytes] | None:
        """Its standard input if started with a pipe, else None; so for `stdout` and `stderr`."""
        return self._process.stdin

    @property
    def stdout(self) -> IO[bytes] | None:
        """See `stdin`."""
        return self._process.stdout

    @property
    def stderr(self) -> IO[bytes] | None:
        """See `stdin`."""
        return self._process.stderr

    def poll(self) -> int | None:
        """The exit code of the submission's Python, 128 + n where signal n ended it; None while it runs.

        Once there is one, nothing inside runs any more.
        """
        if self._process.poll() is None:
            return None
        return self.wait()

    def wait(self, timeout: float | None = None) -> int:
        """As `poll`, but waits; subprocess.TimeoutExpired after that many seconds."""
        code = self._process.wait(timeout)
        self.kill()
        return code if code >= 0 else 128 - code

    def signal(self, number: int) -> None:
        """Send a signal, such as SIGINT, to the submission's Python alone; to nobody once that has ended."""
        python = self._python()
        if python is not None and self._process.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(python, number)

    def kill(self) -> None:
        """End everything inside, and wait until it is gone. Once is enough; more does no harm."""
        with self._ending:
            if not self._ended.is_set():
                self._end()
                self._ended.set()

    def pids(self) -> list[int]:
        """The host's pids of all that runs inside, the first process first."""
        return []

    def _python(self) -> int | None:
        """The submission's Python: what the first process started first."""
        return next(iter(self.pids()[1:]), None)

    def _end(self) -> None:
        """End everything inside and wait for it: each level has its own way."""
        raise NotImplementedError

    def _exceeded(self, pids: list[int]) -> str | None:
        """What of the limits is exceeded, as only this level knows."""
        return None

    def _watch(self) -> None:
        pause = _PERIOD
        while not self._ended.wait(pause):
            before = time.monotonic()
            pids = self.pids()
            reason = None
            if memory_used(pids, self.limits.memory) > self.limits.memory:
                reason = "memory"
            elif spool_used(self._spool) > _SPOOL:
                reason = "files"
            reason = reason or self._exceeded(pids)
            if reason and not self._ended.is_set():
                self.stopped_for = reason
                self.kill()
            # A look at many files or processes takes its time; most of the processor's is for the submission.
            pause = max(_PERIOD, 4 * (time.monotonic() - before))


def start(command: list[str], **options: object) -> subprocess.Popen:
    """Popen from a thread that stays: bubblewrap ends with the thread that started it, not with the process."""
    return _starter(os.getpid()).submit(lambda: subprocess.Popen(command, cwd="/", **options)).result()


@cache
def _starter(pid: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix=f"sandbox-starter-{pid}")


def below(first: int | None) -> list[int]:
    """The process and all its descendants; empty where there is no such process."""
    return [] if first is None or not os.path.exists(f"/proc/{first}") else tree(first)
