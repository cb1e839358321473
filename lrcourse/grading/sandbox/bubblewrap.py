"""The first choice: namespaces of its own for each submission, made by bubblewrap."""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

from lrcourse.grading.sandbox.first_process import (
    INSIDE,
    environment_inside,
    first_process,
    limits_of_each,
    open_plan,
    open_with,
    packed,
)
from lrcourse.grading.sandbox.inside import landlock
from lrcourse.grading.sandbox.limits import MIB, Limits
from lrcourse.grading.sandbox.process import SHARED, Confined, below, start
from lrcourse.grading.sandbox.usage import ENTRY, files_counted
from lrcourse.grading.sandbox.user import fresh_uid
from lrcourse.grading.sandbox.visible import ETC, SYSTEM, hidden, python_paths, student_library

HOME = "/home/student"
INSIDE_AT = "/run/lrcourse/inside"
LIBRARY_AT = "/run/lrcourse/library"
SCRATCH = (HOME, "/tmp", "/dev/shm")  # in memory, gone with the sandbox


def view(spool: Path, limits: Limits, user: int, group: int) -> list[str]:
    """What is there and where, in the order in which it is put there; `user` and `group` are open files of a line."""
    # All in all no more than the limit.
    small = max(64 * 1024, min(16 * MIB, limits.files // 8))
    large = max(64 * 1024, limits.files - 2 * small)
    made: list[str] = []
    for place in SYSTEM:
        if os.path.islink(place):
            made += ["--symlink", os.readlink(place), place]
        elif os.path.isdir(place):
            made += _mount("--ro-bind", place, place)
    for name in ETC:
        if os.path.exists(f"/etc/{name}"):
            made += _mount("--ro-bind", f"/etc/{name}", f"/etc/{name}")
    for name, descriptor in (("passwd", user), ("group", group)):
        made += ["--perms", "0444", "--ro-bind-data", str(descriptor), f"/etc/{name}"]
    made += ["--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev"]
    made += [*_scratch("/dev/shm", small), *_scratch("/tmp", small)]
    for path in python_paths():
        made += _mount("--ro-bind", path, path)
    for path in hidden():
        made += ["--tmpfs", str(path), "--remount-ro", str(path)]
    made += _mount("--ro-bind", INSIDE, INSIDE_AT)
    made += _mount("--ro-bind", student_library(), LIBRARY_AT)
    made += _mount("--bind", spool, spool)
    made += [*_parents(HOME), *_scratch(HOME, large)]
    return [*made, "--remount-ro", "/"]


def _mount(how: str, source: str | Path, place: str | Path) -> list[str]:
    return [*_parents(place), how, str(source), str(place)]


def _parents(place: str | Path) -> list[str]:
    """The folders above a place; by itself bubblewrap makes them for their owner alone."""
    above = list(Path(place).parents)[-2::-1]
    return [word for folder in above for word in ("--perms", "0755", "--dir", str(folder))]


def _scratch(place: str, size: int) -> list[str]:
    return ["--perms", "1777", "--size", str(size), "--tmpfs", place]


_ORDINARY = 1000  # the user inside, whoever runs this
_SECONDS = 5
_NO_LANDLOCK = (
    "Files that student code puts beside its sockets are noticed only after the fact: this kernel has no Landlock."
)


class Bubblewrap:
    """Runs each submission in namespaces of its own: nothing of the host to see, to reach or to signal."""

    name = "bubblewrap"

    def __init__(self, program: str):
        self._program = program
        without = () if landlock.abi() >= landlock.WITH_REFER else (_NO_LANDLOCK,)
        self.lacks: tuple[str, ...] = (*without, *SHARED)

    def start(
        self,
        argv: Sequence[str],
        *,
        spool: Path,
        files: Path | None,
        limits: Limits,
        environment: Mapping[str, str],
        stdin: int = subprocess.DEVNULL,
        stdout: int = subprocess.DEVNULL,
        stderr: int = subprocess.DEVNULL,
    ) -> Confined:
        """Run `argv` in a sandbox of its own, in a home that holds a copy of `files`.

        `spool` is at the same path inside, for sockets. The three streams are as subprocess takes them. CommandError
        where `files` are too large.
        """
        uid = fresh_uid()
        if uid is not None:
            os.chown(spool, uid, uid)
        inner = _ORDINARY if uid is None else uid
        with ExitStack() as open_here:
            archive = open_here.enter_context(packed(files, limits))
            plan = open_here.enter_context(
                open_plan(
                    argv,
                    level=self.name,
                    home=HOME,
                    files=archive.fileno(),
                    limits=limits_of_each(limits),
                    uid=uid,
                    paths=_writable(spool),
                )
            )
            user = open_here.enter_context(open_with(f"student:x:{inner}:{inner}:Student:{HOME}:/bin/sh\n"))
            group = open_here.enter_context(open_with(f"student:x:{inner}:\n"))
            # What bubblewrap is told stays out of the list of processes, which the submission reads.
            told = "\0".join([*_rights(uid), *view(spool, limits, user.fileno(), group.fileno()), ""])
            options = open_here.enter_context(open_with(told))
            reading, writing = os.pipe()
            answer = open_here.enter_context(open(reading, encoding="utf-8"))
            inside = first_process(INSIDE_AT, plan.fileno())
            try:
                process = start(
                    [self._program, "--info-fd", str(writing), "--args", str(options.fileno()), *inside],
                    env=environment_inside(environment, home=HOME, temporary=f"{HOME}/tmp", library=LIBRARY_AT),
                    stdin=stdin,
                    stdout=stdout,
                    stderr=stderr,
                    pass_fds=[writing, *(file.fileno() for file in (archive, plan, user, group, options))],
                )
            finally:
                os.close(writing)
            text = answer.read()
        first = json.loads(text)["child-pid"] if text else None
        return _Namespaced(process, first, spool=spool, limits=limits)


class _Namespaced(Confined):
    """`first` is the first process of the pid namespace: the kernel ends all others with it, whatever they did."""

    def __init__(self, process: subprocess.Popen, first: int | None, *, spool: Path, limits: Limits):
        self._first = first
        self._handle = _handle(first)
        super().__init__(process, spool=spool, limits=limits)

    def pids(self) -> list[int]:
        return below(self._first)

    def _end(self) -> None:
        if self._handle is not None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_SECONDS)  # left to itself it also takes its child off the list of processes
        self._process.kill()
        self._process.wait()
        if self._handle is not None:
            gone = select.poll()
            gone.register(self._handle, select.POLLIN)
            gone.poll()  # the first process ends after all others
            os.close(self._handle)

    def _exceeded(self, pids: list[int]) -> str | None:
        # The sizes are bounded already; an empty file takes some memory too.
        return "files" if pids[1:] and files_counted(pids[1], SCRATCH) * ENTRY > self.limits.files else None


def _writable(spool: Path) -> list[str]:
    """Where files may be made. What holds for a folder holds for all below it, so the spool's parents are left out."""
    places = [*SCRATCH, "/dev/pts", "/dev/null", "/dev/zero", "/dev/full", "/dev/tty", "/proc"]
    return [place for place in places if not spool.is_relative_to(place)]


def find_program() -> str | None:
    """Where bwrap is."""
    return shutil.which("bwrap")


def _rights(uid: int | None) -> list[str]:
    given = ["--die-with-parent", "--new-session", "--hostname", "student", "--unshare-ipc", "--unshare-pid"]
    given += ["--unshare-net", "--unshare-uts", "--unshare-cgroup-try", "--cap-drop", "ALL"]
    if uid is None:
        return [*given, "--unshare-user", "--uid", str(_ORDINARY), "--gid", str(_ORDINARY)]
    # Root needs no user namespace; the first process inside changes to another user, and loses these two by it.
    return [*given, "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]


def _handle(pid: int | None) -> int | None:
    try:
        return None if pid is None else os.pidfd_open(pid)
    except ProcessLookupError:
        return None
