"""`nbgrader export` with one column more: what became of a submission. A crash is not the same 0 as a blank."""

from __future__ import annotations

import csv
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import ExportPlugin

from lrcourse.grading import outcomes

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # with what a spreadsheet takes a text for one, and runs it
COLUMNS = (
    "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email",
    "raw_score", "late_submission_penalty", "score", "max_score", "outcome",
)  # fmt: skip


class OutcomeCsvExport(ExportPlugin):
    """nbgrader's columns in its order, then `outcome`: "graded", "not submitted", "2 not attempted" and the like."""

    def export(self, gradebook: Gradebook) -> None:
        """Write the CSV file `to`, grades.csv by default."""
        destination = self.to or "grades.csv"
        self.log.info("Exporting grades to %s", destination)
        with open(destination, "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            for assignment in gradebook.assignments:
                if self.assignment and assignment.name not in map(str, self.assignment):
                    continue
                for student in gradebook.students:
                    if not self.student or student.id in map(str, self.student):
                        writer.writerow(self._row(gradebook, assignment, student))

    def _row(self, gradebook: Gradebook, assignment, student) -> dict:
        try:
            submission = gradebook.find_submission(assignment.name, student.id)
        except MissingEntry:
            submission = None
        score = submission.score if submission else 0.0
        penalty = submission.late_submission_penalty if submission else 0.0
        row = {
            "assignment": assignment.name,
            "duedate": assignment.duedate,
            "timestamp": submission.timestamp if submission else None,
            "student_id": student.id,
            "last_name": student.last_name,
            "first_name": student.first_name,
            "email": student.email,
            "raw_score": score,
            "late_submission_penalty": penalty,
            "score": max(0.0, score - penalty),
            "max_score": assignment.max_score,
            "outcome": str(self._outcome(assignment.name, student.id, submitted=bool(submission))),
        }
        return {key: _defused("" if value is None else value) for key, value in row.items()}

    def _outcome(self, assignment: str, student: str, *, submitted: bool) -> outcomes.Outcome:
        root = Path(self.config.CourseDirectory.root or Path.cwd())
        return outcomes.of_submission(root, assignment, student, submitted=submitted)


def _defused(value: object) -> object:
    """A text that no spreadsheet takes for a formula: students choose their ids and names themselves."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
