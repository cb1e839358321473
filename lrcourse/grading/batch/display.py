"""What a run shows while it works: a bar with counts and the time left on a terminal, else one line a submission."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from lrcourse.grading.outcomes import Outcome


class Watch:
    """Counts what becomes of the submissions, and says so."""

    def __init__(self, total: int, progress: Progress | None, quiet: bool):
        self.counts: Counter[str] = Counter()
        self._total = total
        self._progress = progress
        self._quiet = quiet
        self._done = 0
        self._started = time.monotonic()
        self._task = progress.add_task("", total=total) if progress else None

    def say(self, text: str) -> None:
        """A line of its own."""
        if self._progress:
            self._progress.console.print(text, highlight=False, markup=False, soft_wrap=True)
        elif not self._quiet:
            print(text, flush=True)

    def one(self, student: str, outcome: Outcome, problem: str = "") -> None:
        """A submission is done; `problem` says why it could not be graded."""
        self._done += 1
        self.counts[outcome.kind] += 1
        if problem or not self._progress:
            self.say(f"{self._done} of {self._total}: {student}: {problem or outcome}{self._left()}")
        if self._progress:
            counts = ", ".join(f"{number} {word}" for word, number in self.counts.most_common(4))
            self._progress.update(self._task, completed=self._done, description=counts)

    def _left(self) -> str:
        """For who reads a log: when it will be over."""
        if self._progress or self._done < 2 or self._done == self._total:
            return ""
        seconds = (time.monotonic() - self._started) / self._done * (self._total - self._done)
        return f" ({seconds / 60:.0f} min left)" if seconds > 90 else f" ({seconds:.0f} s left)"


@contextmanager
def watching(total: int, *, quiet: bool = False) -> Iterator[Watch]:
    """A Watch over `total` submissions; `quiet` where standard output is for a machine."""
    if quiet or not sys.stdout.isatty():
        yield Watch(total, None, quiet)
        return
    with Progress(*columns(), console=Console()) as progress:
        yield Watch(total, progress, quiet)


def columns() -> tuple[ProgressColumn, ...]:
    """Those of the bar."""
    count, text, left = MofNCompleteColumn(), TextColumn("{task.description}", markup=False), TimeRemainingColumn()
    return BarColumn(), count, text, TimeElapsedColumn(), TextColumn("left"), left
