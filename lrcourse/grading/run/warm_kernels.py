"""Kernels that are forked from a process which has the libraries loaded: a second instead of ten for each submission.

One sandbox holds that process, the forge, and one kernel at a time. After each submission the forge kills every other
process in the sandbox and empties every place that can be written to. A kernel cannot reach the forge: Landlock keeps
its signals, seccomp refuses calls that name another process, and the forge's memory is closed to its own user. A kernel
starts with a copy of that memory, so the forge never sees anything of a submission: what was handed in goes through it
as an open file, which only the kernel reads.
"""

from __future__ import annotations

import json
import os
import select
import socket
import sys
import time
from functools import cache
from pathlib import Path
from subprocess import PIPE

from lrcourse.grading.run.kernels import (
    KERNEL_OPTIONS,
    READY,
    ColdKernels,
    Kernel,
    KernelFailed,
    Kernels,
    connection_in,
    kernel_environment,
)
from lrcourse.grading.sandbox import Confined, Limits, Sandbox, find_sandbox
from lrcourse.grading.sandbox.bubblewrap import HOME, INSIDE_AT, SCRATCH
from lrcourse.grading.sandbox.first_process import packed
from lrcourse.grading.sandbox.folders import new_spool, remove_folder
from lrcourse.grading.sandbox.inside import landlock
from lrcourse.grading.sandbox.inside.forge import LOADED, like_new

_ENDING = 20.0  # seconds for the forge to clean up; beyond that the sandbox is replaced
_DEVICES = ("/dev/pts", "/dev/null", "/dev/zero", "/dev/full", "/dev/tty")  # not /proc, where others could be set up


def best_kernels(sandbox: Sandbox, limits: Limits) -> tuple[Kernels, str]:
    """Warm kernels where a fork can be confined from its parent, else cold ones and the reason."""
    if sandbox.name != "bubblewrap":
        return ColdKernels(
            sandbox, limits
        ), f"Each kernel starts from scratch: warm ones need bubblewrap, and this is {sandbox.name}."
    if landlock.abi() < landlock.WITH_SCOPES:
        return ColdKernels(
            sandbox, limits
        ), "Each kernel starts from scratch: warm ones need Landlock of Linux 6.12 or newer."
    return WarmKernels(sandbox, limits), ""


def kernels_for(sandbox: str, limits: Limits, cold: bool) -> Kernels:
    """Kernels in the sandbox of that name ("auto": the best one): warm where that is safe, unless `cold`."""
    found = found_sandbox(sandbox)
    return ColdKernels(found, limits) if cold else best_kernels(found, limits)[0]


@cache
def found_sandbox(name: str) -> Sandbox:
    """The sandbox of that name ("auto": the best one), tried once a process; NoSandbox if it does not work here."""
    return find_sandbox(None if name == "auto" else name)


class WarmKernels:
    """A kernel at a time, each forked in a sandbox that is kept."""

    def __init__(self, sandbox: Sandbox, limits: Limits):
        self._sandbox = sandbox
        self._limits = limits
        self._forge: _Forge | None = None

    def start(self, files: Path | None) -> Kernel:
        """A kernel that answers; KernelFailed if it does not start. The one before it must have been killed."""
        for last_try in (False, True):
            if self._forge is None or not self._forge.alive:
                self.close()
                self._forge = _Forge(self._sandbox, self._limits)
            try:
                return self._forge.start(files, self._limits)
            except (_Silent, KernelFailed):
                # A submission before this one may have harmed the sandbox; in a new one the fault is ours.
                self.close()
                if last_try:
                    raise
        raise AssertionError("unreachable")

    def close(self) -> None:
        """End the sandbox."""
        if self._forge is not None:
            self._forge.close()
            self._forge = None


class _Silent(KernelFailed):
    """The forge did not answer."""


class _Forge:
    """The preloaded process and its sandbox, seen from outside."""

    def __init__(self, sandbox: Sandbox, limits: Limits):
        self._spool = new_spool()
        self._number = 0
        self._text = b""
        self._exited = False
        plan = {"modules": LOADED, "scratch": SCRATCH, "paths": [*SCRATCH, *_DEVICES], "options": KERNEL_OPTIONS}
        argv = [sys.executable, "-P", f"{INSIDE_AT}/forge.py", json.dumps(plan)]
        self._orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._orders.settimeout(_ENDING)
        with theirs:
            self._confined: Confined = sandbox.start(
                argv,
                spool=self._spool,
                files=None,
                limits=limits,
                environment=kernel_environment(),
                stdin=theirs.fileno(),
                stdout=PIPE,
            )
        try:
            self._wait_for("ready", READY)
        except _Silent:
            self.close()
            raise

    @property
    def alive(self) -> bool:
        return self._confined.poll() is None

    @property
    def stopped_for(self) -> str | None:
        return self._confined.stopped_for

    def start(self, files: Path | None, limits: Limits) -> Kernel:
        self._number += 1
        folder = self._spool / str(self._number)
        folder.mkdir()
        owner = self._spool.stat()
        os.chown(folder, owner.st_uid, owner.st_gid)
        connection_file = connection_in(folder)
        self._exited = False
        with packed(files, limits) as archive:
            self._send({"start": str(connection_file), "folder": HOME}, archive.fileno())
        self._wait_for("started", READY)
        kernel = Kernel(_Forked(self), connection_file, folder)
        kernel.wait_until_ready()
        return kernel

    def exited(self) -> bool:
        """Whether the kernel has ended."""
        if not self._exited:
            for report in self._reports(0):
                self._exited = report.get("exited", self._exited)
        return self._exited or not self.alive

    def end(self) -> None:
        """Leave nothing of the last submission; where that fails, nothing of the sandbox."""
        try:
            self._send({"end": True})
            self._wait_for("ended", _ENDING)
        except _Silent:
            self.close()
            return
        like_new(str(self._spool), 0o700)  # which belongs to the user inside

    def close(self) -> None:
        self._confined.kill()
        self._orders.close()
        self._confined.stdout.close()
        remove_folder(self._spool)

    def _send(self, order: dict, *descriptors: int) -> None:
        try:
            socket.send_fds(self._orders, [json.dumps(order).encode()], descriptors)
        except OSError as error:
            raise _Silent("The process that kernels are forked from has ended.") from error

    def _wait_for(self, word: str, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            for report in self._reports(min(left, 0.5)):
                self._exited = report.get("exited", self._exited)
                if word in report:
                    return
            if not self.alive:
                break
        raise _Silent(f"The process that kernels are forked from did not say {word!r}.")

    def _reports(self, seconds: float) -> list[dict]:
        """What the forge has said, waiting so long for the first word."""
        stream = self._confined.stdout
        while b"\n" not in self._text and select.select([stream], [], [], seconds)[0]:
            part = os.read(stream.fileno(), 65536)
            if not part:
                break
            self._text += part
        *lines, self._text = self._text.split(b"\n")
        return [json.loads(line) for line in lines]


class _Forked:
    """One kernel of a forge, as `Kernel` wants to see it."""

    def __init__(self, forge: _Forge):
        self._forge = forge
        self._code: int | None = None
        self.stopped_for: str | None = None

    def poll(self) -> int | None:
        """None while it runs; after that a number that says no more, for the forge is told none."""
        if self._code is None:
            self._code = 1 if self._forge.exited() else None
            self.stopped_for = self._forge.stopped_for
        return self._code

    def kill(self) -> None:
        """End it and all that it started."""
        if self._forge.alive:
            self._forge.end()
        self.stopped_for = self._forge.stopped_for
        self._code = self._code if self._code is not None else 137
