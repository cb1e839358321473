"""nbgrader's own doors: `nbgrader autograde` and formgrader's button, which take the way of all submissions."""

from __future__ import annotations

import glob
import re
from contextlib import closing
from pathlib import Path

import nbgrader.apps.api
import nbgrader.apps.autogradeapp
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException

from lrcourse.errors import CommandError
from lrcourse.grading.gradebook.assignment import Assignment
from lrcourse.grading.gradebook.journal import Journal, only_driver
from lrcourse.grading.gradebook.ledger import Ledger
from lrcourse.grading.gradebook.writer import Writer
from lrcourse.grading.outcomes import Outcome
from lrcourse.grading.run.warm_kernels import kernels_for
from lrcourse.grading.submission import STOP_THE_RUN, grade_submission


class SafeAutograde(Autograde):
    """Grades a clean copy of each submission, one after the other, in this process.

    A submission that cannot be graded, for whatever reason, stops no other; the batch ends as with nbgrader, in an
    error, when all others are done. All notebooks of a submission are graded together.
    """

    def init_notebooks(self) -> None:
        """Whose submissions are to be graded. NbGraderException where there is none."""
        self.assignments, self.notebooks = {}, []
        self._students = self._submitted()
        if not self._students:
            super().init_notebooks()  # says what there is instead, and raises
            self.assignments = {}  # or there are only students who are excluded

    def convert_notebooks(self) -> None:
        """Grade them. NbGraderException names those who could not be graded, and what stopped the run."""
        if not self._students:
            return
        try:
            with only_driver(Path(self.coursedir.root)):
                ledger = self._graded()
        except (CommandError, *STOP_THE_RUN) as error:
            self.log.error("%s", error)
            raise NbGraderException(str(error)) from error
        if ledger.problems:
            raise NbGraderException(f"Not graded: {', '.join(sorted(ledger.problems))}.")

    def one(self, student: str, outcome: Outcome, problem: str = "") -> None:
        """Called when a submission is done: what became of it, or why it could not be graded."""
        assignment = self.coursedir.assignment_id
        if problem:
            self.log.error("%s: the submission of %s was not graded. %s", assignment, student, problem)
        else:
            self.log.info("%s: %s: %s", assignment, student, outcome)

    def _graded(self) -> Ledger:
        assignment = Assignment(self)
        if assignment.settings.sandbox == "none":
            self.log.warning("Students' code runs WITHOUT a sandbox, as asked.")
        journal = Journal(assignment.root, assignment.lesson)
        with Writer(assignment, journal) as writer:
            ledger = Ledger(assignment, journal, writer, watch=self)
            ledger.save_left_over()
            students = self._known(ledger.waiting(self._students, force=self.force), ledger)
            for student in self._students:
                graded = assignment.autograded(student)
                if graded.exists():
                    what = "Updating" if student in students else "Skipping"
                    self.log.info("%s existing assignment: %s", what, graded)
            settings = assignment.settings
            # For one submission alone a warm process takes longer than it saves.
            cold = settings.cold or len(students) < 2
            with closing(kernels_for(settings.sandbox, settings.limits, cold)) as kernels:
                for submission in ledger.submissions(students):
                    result = grade_submission(submission.job, kernels)
                    ledger.keep([(result, submission)])
                    for note in ledger.notes.get(result.student, ()):
                        self.log.warning("%s: %s: %s", assignment.lesson, result.student, note)
        return ledger

    def _known(self, students: list[str], ledger: Ledger) -> list[str]:
        """All of them, or, with `create_student = False`, those whom the gradebook has; the others are noted."""
        if self.create_student:
            return students
        with ledger.assignment.gradebook as gradebook:
            known = {student.id for student in gradebook.students}
        for student in students:
            if student not in known:
                ledger.not_graded(student, f"No student with ID '{student}' exists in the database.")
        return [student for student in students if student in known]

    def _submitted(self) -> list[str]:
        """The students with a submission that is to be looked at."""
        assignment = self.coursedir.assignment_id
        regexp = self.coursedir.format_path(
            self.coursedir.submitted_directory, "(?P<student_id>.*)", re.escape(assignment), escape=True
        )
        # Hidden folders as well: a student is refused by name, not passed over.
        paths = glob.glob(self._format_source(assignment, self.coursedir.student_id), include_hidden=True)
        found = {match["student_id"] for path in paths if (match := re.fullmatch(regexp, path, re.DOTALL))}
        return sorted(found - set(self.coursedir.student_id_exclude.split(",")))


def use_safe_autograde() -> None:
    """Make `nbgrader autograde` and formgrader use SafeAutograde.

    nbgrader has no setting for the class that it grades with: both look up the name `Autograde` in their own modules.
    """
    nbgrader.apps.autogradeapp.Autograde = SafeAutograde
    nbgrader.apps.api.Autograde = SafeAutograde
