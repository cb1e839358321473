"""A submission's code as it runs: cell by cell in a kernel, and in a new one when a cell has taken it down."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_output

from lrcourse.grading.run.kernel_client import GRACE, Ran
from lrcourse.grading.run.kernels import Kernel, Kernels
from lrcourse.grading.sandbox import Limits
from lrcourse.student_code.remote import NoReply
from lrcourse.student_code.source import LONGEST_CELL

MOST_RESTARTS = 8
SETTLING = 0.3  # seconds after which a kernel that a cell has told to end answers no more: exit() takes 0.1 s
MOST_OUTPUT = 16 * 2**20  # bytes of output that all cells together may leave behind; the grader has to hold them
LONGEST_CODE = 1_000_000  # characters of all cells that are run; the grader has to read them too
# The agent ends a question after 10 s by itself, or 90 s where an optimizer is asked. These are for code that does not
# let it: seconds for a message with many questions, and for one with a single one.
PLAIN_SECONDS = (60.0, 15.0)
APPLIED_SECONDS = (300.0, 100.0)
AGENT = "__import__('lrcourse.student_code.agent', fromlist=['obey']).obey({!r})"


@dataclass
class Attempt:
    """Runs the cells of one submission and puts questions to its code.

    When the kernel dies or has to be killed, the next cell gets a new one in which the earlier cells have run again,
    without those that broke a kernel. So a cell that breaks costs itself and no other. Whatever was at work when a
    kernel died is tried once more: an earlier cell may have ended it. Cells that ran out of memory or time are left out
    then.
    """

    kernels: Kernels
    limits: Limits
    files: Path | None = None
    log: Callable[[str], None] = lambda text: None
    _kernel: Kernel | None = None
    _ran: list[str] = field(default_factory=list)  # cells to run again in a new kernel
    _suspects: list[str] = field(default_factory=list)  # those of them that ran out of memory or time
    _starts: int = 0
    deadline: float = 0.0  # when the submission's time is over; from the first kernel on, unless another attempt set it
    _over: str = ""  # why no kernel is started any more
    _characters: int = 0
    _room: int = MOST_OUTPUT
    _careful: bool = False  # whether to see, after each cell that runs again, that the kernel is still there

    def run_cell(self, cell: NotebookNode) -> str:
        """Run a cell and keep its outputs: "ok", "error", "timeout", "died", "not run" or "too long"."""
        cell.outputs = []
        cell.execution_count = None
        if not cell.source.strip():
            return "ok"
        if len(cell.source) > LONGEST_CELL or self._characters + len(cell.source) > LONGEST_CODE:
            limits = f"{LONGEST_CELL:,} characters, and all cells together {LONGEST_CODE:,}"
            cell.outputs = [_note(f"This cell was not run: a cell may have {limits}.")]
            return "too long"
        self._characters += len(cell.source)
        if not self._ready():
            cell.outputs = [_note(self._over)]
            return "not run"
        ran = self._twice(lambda: self._execute(cell.source, self._room))
        cell.outputs = ran.outputs
        self._room -= sum(map(_size, ran.outputs))
        if ran.status == "died" or not ran.stopped:
            cell.outputs.append(_note(self._why(ran, self.limits.cell_seconds)))
            self._drop()
        else:
            self._ran.append(cell.source)
            if ran.status == "timeout" or any(output.get("ename") == "MemoryError" for output in ran.outputs):
                self._suspects.append(cell.source)
            if ran.status == "timeout":
                cell.outputs.append(
                    _note(f"This cell was stopped: it ran for more than {self.limits.cell_seconds:g} s.")
                )
        return ran.status

    def line(self, message: str) -> str:
        """The answer of the student's process to one message; NoReply if there is none."""
        if not self._ready():
            raise NoReply("died", self._over)
        many, one = APPLIED_SECONDS if '"applied": true' in message or '"do": "applied"' in message else PLAIN_SECONDS
        limit = many if message.count('"name"') > 1 else one
        ran = self._twice(lambda: self._kernel.evaluate(AGENT.format(message), *self._times(limit)))
        out_of_memory = ran.expression is None or "MemoryError" in ran.expression
        if self._suspects and (ran.status == "timeout" or out_of_memory):
            self._leave_out_suspects()
            return self.line(message)
        if ran.status == "died" or not ran.stopped:
            why = self._why(ran, limit)
            self._drop()
            raise NoReply("timeout" if ran.status == "timeout" else "died", why)
        if ran.status == "timeout":
            raise NoReply("timeout", f"did not return within {limit:g} s")
        return ran.expression or ""

    def close(self) -> None:
        """End the kernel, if there is one."""
        if self._kernel is not None:
            self._kernel.kill()
            self._kernel = None

    def _twice(self, request: Callable[[], Ran]) -> Ran:
        """What comes of a request, in a new kernel if this one dies of it."""
        ran = request()
        if ran.status == "timeout" and not ran.heard:
            self._careful = True  # a cell may have made the kernel deaf, as by another key; the next one is watched
        if ran.status != "died":
            return ran
        self._careful = True
        self._leave_out_suspects()
        return request() if self._ready() else ran

    def _leave_out_suspects(self) -> None:
        """Go on in a new kernel without them: what they hold may leave no room, or no time, for anything else.

        That costs these cells and no other.
        """
        self._ran = [source for source in self._ran if source not in self._suspects]
        self._suspects = []
        self._drop()

    def _ready(self) -> bool:
        """Whether there is a kernel in which every cell so far has run."""
        if not self.deadline:
            self.deadline = time.monotonic() + self.limits.submission_seconds
        while not self._over:
            if time.monotonic() > self.deadline:
                self._over = f"The submission ran for more than {self.limits.submission_seconds:g} s in all."
                break
            if self._kernel is not None and self._kernel.alive:
                return True
            self._drop()
            if self._starts > MOST_RESTARTS:
                self._over = f"The submission's kernel died or hung {self._starts} times."
                break
            self._starts += 1
            self._kernel = self.kernels.start(self.files)
            if self._replay():
                return True
        self.close()
        return False

    def _replay(self) -> bool:
        """Run the earlier cells in a new kernel; False if one of them takes it down this time."""
        for source in list(self._ran):
            if time.monotonic() > self.deadline:
                return False
            ran = self._execute(source, room=0)
            if ran.status == "died" or not ran.stopped or (self._careful and not self._still_answers()):
                self._ran.remove(source)
                self._drop()
                return False
        return True

    def _still_answers(self) -> bool:
        """Whether the kernel goes on after the cell that has just run."""
        time.sleep(SETTLING)
        return self._kernel.evaluate("0", *self._times(SETTLING + 1.0)).status == "ok"

    def _execute(self, source: str, room: int) -> Ran:
        return self._kernel.execute(source, *self._times(self.limits.cell_seconds), room)

    def _times(self, limit: float) -> tuple[float, float]:
        """Seconds for a request and, after these, for an interrupt to help: none where nothing can run afterwards."""
        left = self.deadline - time.monotonic()
        return (limit, GRACE) if limit < left else (max(0.1, left), 0.0)

    def _why(self, ran: Ran, limit: float) -> str:
        if self._kernel is None:
            return self._over
        if kind := self._kernel.stopped_for:
            return f"The kernel was stopped: the submission used more {kind} than it may."
        if ran.status == "timeout":
            return f"did not stop within {limit:g} s, so its kernel was ended"
        return "The kernel died while this ran."

    def _drop(self) -> None:
        if self._kernel is not None:
            self._kernel.kill()
            self._kernel = None


def _size(output: NotebookNode) -> int:
    """About how many bytes an output takes."""
    texts = [output.get("text", ""), output.get("evalue", ""), *output.get("traceback", ())]
    return sum(map(len, [*texts, *output.get("data", {}).values()]))


def _note(text: str) -> NotebookNode:
    return new_output("stream", name="stdout", text=f"{text}\n")
