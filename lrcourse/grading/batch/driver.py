"""Hand submissions to workers and save what comes back: the loop behind `lrcourse grade`."""

from __future__ import annotations

import errno
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from uuid import uuid4

from distributed import Client, Future, wait
from sqlalchemy.exc import DataError, IntegrityError, OperationalError

from lrcourse.errors import CommandError
from lrcourse.grading import outcomes
from lrcourse.grading.batch.display import Watch
from lrcourse.grading.batch.worker import STOP_THE_RUN, grade_job
from lrcourse.grading.gradebook.assignment import Assignment, Submission
from lrcourse.grading.gradebook.journal import Entry, Journal
from lrcourse.grading.gradebook.writer import Writer
from lrcourse.grading.intake.intake import Refused, shown
from lrcourse.grading.job import Result
from lrcourse.grading.run.execution import Report

LOG = Path(".lrcourse") / "grade.log"
GROUP = 32  # submissions in one transaction at most
_LOOK = 5.0  # seconds between two looks at whether there are workers
_NO_WORKERS = 120.0  # seconds to wait for new ones when all are gone
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
# What is wrong with one entry, and not with the disk or the gradebook as a whole.
_OF_ONE = (DataError, IntegrityError, ValueError, TypeError, LookupError)
_LOCKED = 12  # times five seconds to wait for somebody else's transaction


@dataclass
class Run:
    """One run over submissions. `problems` says why one was not graded, `notes` what is odd about it."""

    assignment: Assignment
    journal: Journal
    writer: Writer
    watch: Watch | None = None
    problems: dict[str, str] = field(default_factory=dict)
    notes: dict[str, list[str]] = field(default_factory=dict)
    saved: int = 0

    def save_left_over(self) -> list[str]:
        """Save what an earlier run had graded when it was stopped; whose submissions they are."""
        entries = []
        for student in self.journal.waiting():
            try:
                entries.append(self.journal.entry(student))
            except (*_OF_ONE, FileNotFoundError) as error:
                self._set_aside(student, error)
        return [entry.student for entry in self._save(entries)]

    def waiting(self, students: Sequence[str], *, force: bool) -> list[str]:
        """Those of `students` who are to be graded: what is new, and what a run with --force that was stopped left."""
        left = self.journal.to_regrade().intersection(students)
        if force and not left:
            left = set(self.assignment.waiting(students, force=True))
            self.journal.regrade(left)
        new = set(self.assignment.waiting(students, force=False))
        return [student for student in students if student in new or student in left]

    def grade(self, students: Sequence[str], client: Client) -> None:
        """Grade these submissions. CommandError where that cannot go on; what is graded by then is saved."""
        submissions = self._submissions(students)
        ready: deque[Submission] = deque()  # the next one, taken in while the workers are busy
        sent: dict[Future, Submission] = {}
        finished: list[tuple[Result, Submission]] = []
        while True:
            free = max(1, _number_of_workers(client)) - len(sent)
            ready.extend(islice(submissions, max(0, free + 1 - len(ready))))
            for _ in range(min(free, len(ready))):
                submission = ready.popleft()
                # One a worker and no more: a submission that ends its worker takes no other with it.
                future = client.submit(grade_job, submission.job, key=f"grade-{uuid4().hex}", pure=False)
                sent[future] = submission
            self.keep(finished)
            if not sent:
                return
            finished = [(_result(future, sent[future].job.student), sent.pop(future)) for future in _next(client, sent)]

    def _submissions(self, students: Iterable[str]) -> Iterator[Submission]:
        for student in students:
            try:
                yield self.assignment.submission(student)
            except Refused as refused:
                if isinstance(refused.__cause__, OSError) and refused.__cause__.errno in _NO_ROOM:
                    raise self._cannot_write(refused.__cause__) from refused
                self._not_graded(student, str(refused))
            except OSError as error:
                raise self._cannot_write(error) from error

    def keep(self, finished: Iterable[tuple[Result, Submission]]) -> None:
        """Put results into the journal, then save them. CommandError where there is no room for them."""
        entries = []
        for result, submission in finished:
            if notes := [*submission.notes, *result.notes]:
                self.notes[result.student] = notes
                self.log(result.student, notes)
            if result.problem:
                self._not_graded(result.student, result.problem)
                continue
            files, permissions = submission.job.files, self.assignment.permissions
            try:
                entries.append(self.journal.add(result, files, submission.submitted, permissions))
            except OSError as error:
                raise self._cannot_write(error) from error
            except ValueError as error:  # what cannot be written as text
                self._not_graded(result.student, f"{type(error).__name__}: {error}"[:200])
        for entry in self._save(entries):
            report = Report([cell for one in entry.notebooks.values() for cell in one.report.cells])
            self.watch.one(entry.student, outcomes.in_words(report))

    def _save(self, entries: Sequence[Entry]) -> list[Entry]:
        """Save what can be saved; those entries."""
        saved = []
        for start in range(0, len(entries), GROUP):
            saved += self._save_group(entries[start : start + GROUP])
        self.saved += len(saved)
        return saved

    def _save_group(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        for last in [False] * _LOCKED + [True]:
            try:
                self.writer.save(entries)
                return entries
            except OperationalError as error:
                if last or "locked" not in str(error.orig):
                    raise CommandError(
                        f"The gradebook cannot be written: {error.orig}. What is graded waits in the journal; "
                        "the same command saves it when that is cured."
                    ) from error
            except OSError as error:
                raise self._cannot_write(error) from error
            except _OF_ONE as error:
                if len(entries) > 1:  # one by one, the bad one costs itself
                    return [saved for entry in entries for saved in self._save_group([entry])]
                self._set_aside(entries[0].folder.name, error)
                return []
        raise AssertionError("unreachable")

    def _set_aside(self, student: str, error: Exception) -> None:
        place = self.journal.set_aside(student).relative_to(self.assignment.root)
        what = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        problem = f"it was graded, and cannot be saved ({what}); the result lies in {place}"
        if self.watch is None:  # left over from an earlier run, before there is anything to watch
            self._note_problem(student, problem)
        else:
            self._not_graded(student, problem)

    def _cannot_write(self, error: OSError) -> CommandError:
        return CommandError(
            f"Cannot write below {self.assignment.root}: {error.strerror}. What is graded so far is not lost; "
            "the same command goes on when that is cured."
        )

    def log(self, student: str, lines: Iterable[str]) -> None:
        """Keep lines about a student in the course's log of grading."""
        now = time.strftime("%Y-%m-%d %H:%M:%S")
        try:
            with (self.assignment.root / LOG).open("a", encoding="utf-8") as log:
                log.writelines(f"{now} {self.assignment.lesson} {shown(student)}: {shown(line)}\n" for line in lines)
        except OSError as error:
            raise self._cannot_write(error) from error

    def _not_graded(self, student: str, problem: str) -> None:
        self._note_problem(student, problem)
        self.journal.regraded(student)
        self.watch.one(shown(student), "not graded", self.problems[shown(student)])

    def _note_problem(self, student: str, problem: str) -> None:
        self.problems[shown(student)] = shown(problem)
        self.log(student, [f"not graded: {problem}"])


def _number_of_workers(client: Client) -> int:
    return len(client.scheduler_info(n_workers=-1)["workers"])


def _next(client: Client, sent: Iterable[Future]) -> list[Future]:
    """The next that are done. CommandError where nobody is left to do any."""
    alone_since = None
    while True:
        try:
            return list(wait(list(sent), timeout=_LOOK, return_when="FIRST_COMPLETED").done)
        except TimeoutError:
            if _number_of_workers(client):
                alone_since = None
                continue
            alone_since = alone_since or time.monotonic()
            if time.monotonic() - alone_since > _NO_WORKERS:
                raise CommandError("All workers are gone. Start some; the same command goes on.") from None


def _result(future: Future, student: str) -> Result:
    """What came of it. Raises what must stop the run."""
    error = future.exception()
    if error is None:
        return future.result()
    if isinstance(error, STOP_THE_RUN):
        raise CommandError(f"The workers cannot grade: {error}") from error
    if type(error).__name__ == "KilledWorker":
        return Result(student, problem="Grading it ended the worker process each time, so it was given up.")
    return Result(student, problem=f"{type(error).__name__}: {error}".splitlines()[0][:400])
