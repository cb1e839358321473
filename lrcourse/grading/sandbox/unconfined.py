"""No sandbox, where an instructor asks for that: some limits, and nothing between the code and what the user may do."""

from __future__ import annotations

import os
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
    packed,
)
from lrcourse.grading.sandbox.folders import home_unless_started, remove
from lrcourse.grading.sandbox.limits import Limits
from lrcourse.grading.sandbox.process import Confined, below, start
from lrcourse.grading.sandbox.usage import folder_used, threads
from lrcourse.grading.sandbox.visible import student_library


class Unconfined:
    """Runs each submission as the user who grades, with all that this user may do."""

    name = "none"
    lacks = (
        "Student code can read, change and delete all that you can: the gradebook, other submissions, your files.",
        "It can use the network.",
        "It can signal and trace your processes; a process of its own that hides survives the end of the submission.",
        "Limits on files, processes and total memory are checked after the fact, and not for processes that hide.",
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
        """Run `argv` in a home that holds a copy of `files`. As `Bubblewrap.start`, with nothing in between."""
        library = str(student_library())
        # A kernel that is told its parent looks for it once a second: it ends if the grader is killed.
        environment = {**environment, "JPY_PARENT_PID": str(os.getpid())}
        each = {name: value for name, value in limits_of_each(limits).items() if name != "NPROC"}
        with ExitStack() as open_here:
            archive = open_here.enter_context(packed(files, limits))
            home = open_here.enter_context(home_unless_started())
            plan = open_here.enter_context(
                open_plan(argv, level=self.name, home=str(home), files=archive.fileno(), limits=each)
            )
            process = start(
                first_process(INSIDE, plan.fileno()),
                env=environment_inside(environment, home=str(home), temporary=str(home / "tmp"), library=library),
                stdin=stdin,
                stdout=stdout,
                stderr=stderr,
                start_new_session=True,
                pass_fds=[plan.fileno(), archive.fileno()],
            )
        return _Unconfined(process, home, spool=spool, limits=limits)


class _Unconfined(Confined):
    """Found by descent, and by its home, which stands in the environment of all that it starts."""

    def __init__(self, process: subprocess.Popen, home: Path, *, spool: Path, limits: Limits):
        self._home = home
        super().__init__(process, spool=spool, limits=limits)

    def pids(self) -> list[int]:
        return below(self._process.pid)

    def _python(self) -> int | None:
        return self._process.pid

    def _end(self) -> None:
        while left := [pid for pid in {*self.pids(), *_with_home(self._home)} if _runs(pid)]:
            for number in (signal.SIGSTOP, signal.SIGKILL):  # stopped first, none starts another meanwhile
                for pid in left:
                    with suppress(ProcessLookupError):
                        os.kill(pid, number)
            self._process.poll()
        self._process.wait()
        remove(self._home)

    def _exceeded(self, pids: list[int]) -> str | None:
        if threads(pids) > self.limits.processes:
            return "processes"
        return "files" if folder_used(self._home, pids) > self.limits.files else None


def _with_home(home: Path) -> list[int]:
    mark = f"HOME={home}".encode()
    found = []
    for name in os.listdir("/proc") if os.path.isdir("/proc") else []:
        if name.isdigit():
            with suppress(OSError), open(f"/proc/{name}/environ", "rb") as file:  # another user's, or it has ended
                if mark in file.read().split(b"\0"):
                    found.append(int(name))
    return found


def _runs(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            return file.read().rpartition(")")[2].split()[0] not in ("Z", "X")
    except OSError:
        return False
