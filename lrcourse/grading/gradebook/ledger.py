"""One run over submissions: who is to be graded, what became of each, and that all of it is saved."""

from __future__ import annotations

import errno
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from sqlalchemy.exc import DataError, IntegrityError, OperationalError

from lrcourse.errors import CommandError
from lrcourse.grading.gradebook.assignment import Assignment, Submission
from lrcourse.grading.gradebook.journal import Entry, Journal
from lrcourse.grading.gradebook.writer import Writer
from lrcourse.grading.intake.intake import Refused, shown
from lrcourse.grading.job import Result
from lrcourse.grading.outcomes import Outcome, outcome_of

LOG = Path(".lrcourse") / "grade.log"
GROUP = 32  # submissions in one transaction at most
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
# What is wrong with one entry, and not with the disk or the gradebook as a whole.
_OF_ONE = (DataError, IntegrityError, ValueError, TypeError, LookupError)
_LOCKED = 12  # times five seconds to wait for somebody else's transaction


class Watching(Protocol):
    """Who is told what becomes of each submission."""

    def one(self, student: str, outcome: Outcome, problem: str = "") -> None:
        """A submission is done; `problem` says why it could not be graded."""


@dataclass
class Ledger:
    """What a run over submissions keeps. `problems` says why one was not graded, `notes` what is odd about it."""

    assignment: Assignment
    journal: Journal
    writer: Writer
    watch: Watching | None = None
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

    def submissions(self, students: Iterable[str]) -> Iterator[Submission]:
        """The submissions of these students, taken in one by one; who is refused is noted, and passed over."""
        for student in students:
            try:
                yield self.assignment.submission(student)
            except Refused as refused:
                if isinstance(refused.__cause__, OSError) and refused.__cause__.errno in _NO_ROOM:
                    raise self._cannot_write(refused.__cause__) from refused
                self.not_graded(student, str(refused))
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
                self.not_graded(result.student, result.problem)
                continue
            files, permissions = submission.job.files, self.assignment.permissions
            try:
                entries.append(self.journal.add(result, files, submission.submitted, permissions))
            except OSError as error:
                raise self._cannot_write(error) from error
            except ValueError as error:  # what cannot be written as text
                self.not_graded(result.student, f"{type(error).__name__}: {error}"[:200])
        for entry in self._save(entries):
            marks = [mark for one in entry.notebooks.values() for mark in one.report.marks]
            self.watch.one(entry.student, outcome_of(marks))

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
                        f"The gradebook cannot be written: {error.orig}. Graded work waits in the journal. "
                        "Once this is fixed, the same command saves it."
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
        problem = f"it was graded but cannot be saved ({what}); the result is in {place}"
        if self.watch is None:  # left over from an earlier run, before there is anything to watch
            self._note_problem(student, problem)
        else:
            self.not_graded(student, problem)

    def _cannot_write(self, error: OSError) -> CommandError:
        return CommandError(
            f"Cannot write below {self.assignment.root}: {error.strerror}. Nothing graded so far is lost. "
            "Once this is fixed, run the same command to resume."
        )

    def log(self, student: str, lines: Iterable[str]) -> None:
        """Keep lines about a student in the course's log of grading."""
        now = time.strftime("%Y-%m-%d %H:%M:%S")
        try:
            with (self.assignment.root / LOG).open("a", encoding="utf-8") as log:
                log.writelines(f"{now} {self.assignment.lesson} {shown(student)}: {shown(line)}\n" for line in lines)
        except OSError as error:
            raise self._cannot_write(error) from error

    def not_graded(self, student: str, problem: str) -> None:
        """Note that a student's submission was not graded, and why."""
        self._note_problem(student, problem)
        self.journal.regraded(student)
        self.watch.one(shown(student), Outcome("not graded"), self.problems[shown(student)])

    def _note_problem(self, student: str, problem: str) -> None:
        self.problems[shown(student)] = shown(problem)
        self.log(student, [f"not graded: {problem}"])
