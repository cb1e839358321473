"""The second choice, where bubblewrap may make no namespaces: Landlock for files and signals, seccomp for the rest."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from lrcourse.grading.sandbox.first_process import (
    INSIDE,
    environment_inside,
    first_process,
    limits_of_each,
    open_plan,
    packed,
)
from lrcourse.grading.sandbox.folders import home_unless_started, remove
from lrcourse.grading.sandbox.inside import landlock
from lrcourse.grading.sandbox.inside.rights import CAP_DAC_READ_SEARCH
from lrcourse.grading.sandbox.limits import Limits
from lrcourse.grading.sandbox.process import SHARED, Confined, below, start
from lrcourse.grading.sandbox.usage import folder_used, threads
from lrcourse.grading.sandbox.user import fresh_uid, threads_of_user
from lrcourse.grading.sandbox.visible import ETC, SYSTEM, hidden, python_paths, student_library

_OF_THE_KERNEL = (
    *("/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/filesystems", "/proc/sys/vm/overcommit_memory"),
    "/sys/devices/system/cpu",
)
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
_LIST = landlock.READ_DIR


class Landlock:
    """Runs each submission among the host's processes, with rights to little more than its own folder."""

    name = "landlock"
    lacks = (
        "Sizes and dates of files that can be named are seen; so are names in folders among Python's own. No contents.",
        "Student code can see that other processes run, but cannot read or signal them.",
        "Files are on the host's disk until the submission ends; too many are noticed after the fact, and end it.",
        "Student code can connect to no socket, not even its own; locks of multiprocessing and `!` commands fail.",
        "chmod and setting a file's date by its path do nothing; chown is refused.",
        *SHARED,
    )

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
        """Run `argv` confined, in a home that holds a copy of `files`. As `Bubblewrap.start`."""
        uid = fresh_uid()
        library = student_library()
        each = limits_of_each(limits)
        if uid is None:
            each["NPROC"] += threads_of_user()  # the kernel counts these with them
        else:
            os.chown(spool, uid, uid)
        with ExitStack() as open_here:
            archive = open_here.enter_context(packed(files, limits))
            home = open_here.enter_context(home_unless_started(uid))
            theirs, ours = os.pipe()
            open_here.callback(os.close, theirs)
            on_failure = open_here.enter_context(ExitStack())
            on_failure.callback(os.close, ours)
            needed = [*python_paths(), library, home, spool, INSIDE]
            plan = open_here.enter_context(
                open_plan(
                    argv,
                    level=self.name,
                    home=str(home),
                    files=archive.fileno(),
                    limits=each,
                    uid=uid,
                    # Root's own Python may lie where nobody else can go. What may be read, Landlock still says.
                    capability=None if uid is None or _open_to_all(needed) else CAP_DAC_READ_SEARCH,
                    control=theirs,
                    paths=list(_rules(home, spool, library)),
                )
            )
            process = start(
                first_process(INSIDE, plan.fileno()),
                # Without a shared lock joblib, which scikit-learn imports, works in one process and warns about it.
                env={"JOBLIB_MULTIPROCESSING": "0"}
                | environment_inside(environment, home=str(home), temporary=str(home / "tmp"), library=str(library)),
                stdin=stdin,
                stdout=stdout,
                stderr=stderr,
                start_new_session=True,
                pass_fds=[plan.fileno(), theirs, archive.fileno()],
            )
            on_failure.pop_all()
        return _Warded(process, ours, home, spool=spool, limits=limits)


class _Warded(Confined):
    """The warden inside ends all others and then itself, once our end of its pipe is closed, by us or by our death."""

    def __init__(self, process: subprocess.Popen, control: int, home: Path, *, spool: Path, limits: Limits):
        self._control = control
        self._home = home
        super().__init__(process, spool=spool, limits=limits)

    def pids(self) -> list[int]:
        return below(self._process.pid)

    def _end(self) -> None:
        os.close(self._control)
        self._process.wait()
        remove(self._home)

    def _exceeded(self, pids: list[int]) -> str | None:
        if threads(pids[1:]) > self.limits.processes:
            return "processes"
        return "files" if folder_used(self._home, pids) > self.limits.files else None


def _rules(home: Path, spool: Path, library: Path) -> Iterator[tuple[str, int]]:
    """Paths and the rights to them. What is not named here cannot be opened, made, moved or deleted."""
    readable = [Path(place) for place in SYSTEM if os.path.exists(place)]
    readable += [Path("/etc", name) for name in ETC]
    readable += [Path(place) for place in _OF_THE_KERNEL]
    readable += [*python_paths(), library]
    kept_out = hidden()
    for path in readable:
        yield from _read_only(path.resolve(), kept_out)
    for device in _DEVICES:
        yield device, landlock.READ_FILE | landlock.WRITE_FILE
    yield str(home), landlock.WRITE
    yield str(spool), landlock.WRITE & ~landlock.MAKING_FILES


def _read_only(path: Path, kept_out: list[Path]) -> Iterator[tuple[str, int]]:
    """Rights to read what is below `path` and not kept out. Rights only add up, so the neighbours get theirs singly."""
    if path in kept_out:
        return
    if not any(folder.is_relative_to(path) for folder in kept_out):
        yield str(path), landlock.READ
        return
    yield str(path), _LIST
    for entry in path.iterdir():
        if not entry.is_symlink():
            yield from _read_only(entry, kept_out)


def _open_to_all(paths: list[Path]) -> bool:
    """Whether every user can get to these."""
    folders = {folder for path in paths for folder in path.resolve().parents}
    return all(folder.stat().st_mode & 0o001 for folder in folders)
