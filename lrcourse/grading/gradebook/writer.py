"""The one writer: what was graded into the gradebook and autograded/, row for row and file for file as nbgrader does.

nbgrader's own way through SQLAlchemy's objects saves three to five submissions a second. Here what all submissions
share is read once, and many rows go in one statement, through the same tables.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from lrcourse.grading import outcomes
from lrcourse.grading.gradebook.assignment import Assignment
from lrcourse.grading.gradebook.journal import Entry, Journal
from lrcourse.grading.gradebook.rows import Rows


class Writer:
    """Saves results of one assignment. A context manager: it keeps the gradebook open."""

    def __init__(self, assignment: Assignment, journal: Journal):
        self._assignment = assignment
        self._journal = journal
        self._rows = Rows(assignment)

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, *exception: object) -> None:
        self._rows.close()

    def save(self, entries: Sequence[Entry]) -> None:
        """Save results that are in the journal. Saving one twice is saving it once.

        Killed in between, the journal still has them, and the next run saves them again.
        """
        self._rows.save(entries)
        for entry in entries:
            for name, graded in entry.notebooks.items():
                outcomes.save(self._assignment.root, self._assignment.lesson, entry.student, name, graded.report)
            if entry.files.exists():
                self._put_in_place(entry)
        self._journal.done(entries)

    def _put_in_place(self, entry: Entry) -> None:
        place = self._assignment.autograded(entry.student)
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.exists():
            shutil.rmtree(place)
        _move(entry.files, place)
        if self._assignment.coursedir.groupshared:
            self._assignment.converter.set_permissions(self._assignment.lesson, entry.student)
        self._assignment.run_hook("post", place)


def _move(folder: Path, place: Path) -> None:
    """Make `folder` appear at `place` all at once, also where that is on another disk."""
    try:
        os.rename(folder, place)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        half = place.with_name(f".{place.name}.new")
        shutil.rmtree(half, ignore_errors=True)
        shutil.copytree(folder, half)
        os.rename(half, place)
        shutil.rmtree(folder)
