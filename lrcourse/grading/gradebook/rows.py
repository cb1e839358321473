"""The rows that nbgrader writes for a graded submission, many submissions in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nbgrader.api import (
    Comment,
    Grade,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import Connection, Row, Table, bindparam, insert, select, update

from lrcourse.grading.gradebook.assignment import Assignment
from lrcourse.grading.gradebook.journal import Entry

_STUDENT, _SUBMISSION = Student.__table__, SubmittedAssignment.__table__
_NOTEBOOK, _GRADE, _COMMENT = SubmittedNotebook.__table__, Grade.__table__, Comment.__table__


@dataclass(frozen=True)
class _Notebook:
    """A notebook of the assignment: its id, and the ids of its cells by grade_id."""

    id: str
    grades: dict[str, str]
    comments: dict[str, str]


class Rows:
    """The gradebook of a course, for the submissions of one assignment."""

    def __init__(self, assignment: Assignment):
        self._gradebook = assignment.gradebook
        found = self._gradebook.find_assignment(assignment.lesson)
        self._id, self._due = found.id, found.duedate
        self._notebooks = {
            notebook.name: _Notebook(
                notebook.id,
                {cell.name: cell.id for cell in (*notebook.grade_cells, *notebook.task_cells)},
                {cell.name: cell.id for cell in (*notebook.solution_cells, *notebook.task_cells)},
            )
            for notebook in found.notebooks
        }
        self._gradebook.db.remove()  # ends the transaction that reading has begun
        self._penalties = None
        if any(issubclass(step, AssignLatePenalties) for step in assignment.settings.autograde):
            self._penalties = AssignLatePenalties(config=assignment.converter.config)
            self._penalties.init_plugin()

    def close(self) -> None:
        """Close the gradebook."""
        self._gradebook.close()

    def save(self, entries: Sequence[Entry]) -> None:
        """Save scores, comments, penalties and times: all of them, or none if this raises."""
        by_student = {entry.student: entry for entry in entries}
        with self._gradebook.engine.begin() as connection:
            self._add_students(connection, by_student)
            submissions = self._submissions(connection, by_student)
            notebooks = self._submitted_notebooks(connection, submissions)
            grades = self._of_notebooks(connection, _GRADE, notebooks, "grades")
            comments = self._of_notebooks(connection, _COMMENT, notebooks, "comments")
            scores = self._save_grades(connection, by_student, notebooks, grades)
            self._save_comments(connection, by_student, notebooks, comments)
            self._save_penalties(connection, by_student, submissions, notebooks, scores)

    def _add_students(self, connection: Connection, students: Iterable[str]) -> None:
        known = set(connection.scalars(select(_STUDENT.c.id).where(_STUDENT.c.id.in_(students))))
        _insert(connection, _STUDENT, [{"id": student} for student in students if student not in known])

    def _submissions(self, connection: Connection, by_student: dict[str, Entry]) -> dict[str, Row]:
        """The row of each student's submission, made where there is none, with the time of this one."""
        wanted = select(_SUBMISSION).where(
            _SUBMISSION.c.assignment_id == self._id, _SUBMISSION.c.student_id.in_(by_student)
        )
        known = {row.student_id: row for row in connection.execute(wanted)}
        new = [
            {"assignment_id": self._id, "student_id": entry.student, "timestamp": entry.submitted}
            for entry in by_student.values()
            if entry.student not in known
        ]
        _insert(connection, _SUBMISSION, new)
        changed = [
            {"row": row.id, "timestamp": by_student[student].submitted}
            for student, row in known.items()
            if by_student[student].submitted is not None
        ]
        _update(connection, _SUBMISSION, changed)
        return {row.student_id: row for row in connection.execute(wanted)}

    def _submitted_notebooks(self, connection: Connection, submissions: dict[str, Row]) -> dict[str, tuple[str, str]]:
        """Of which student and which notebook each submitted notebook is, by its id; made where there is none."""
        ids = {row.id: student for student, row in submissions.items()}
        names = {notebook.id: name for name, notebook in self._notebooks.items()}
        wanted = select(_NOTEBOOK).where(_NOTEBOOK.c.assignment_id.in_(ids), _NOTEBOOK.c.notebook_id.in_(names))
        known = {(row.assignment_id, row.notebook_id) for row in connection.execute(wanted)}
        new = [
            {"assignment_id": submission, "notebook_id": notebook}
            for submission in ids
            for notebook in names
            if (submission, notebook) not in known
        ]
        _insert(connection, _NOTEBOOK, new)
        return {row.id: (ids[row.assignment_id], names[row.notebook_id]) for row in connection.execute(wanted)}

    def _of_notebooks(
        self, connection: Connection, table: Table, notebooks: dict[str, tuple[str, str]], kind: str
    ) -> dict[str, dict[str, Row]]:
        """The grades or comments of each submitted notebook, by grade_id; made where there are none."""
        wanted = select(table).where(table.c.notebook_id.in_(notebooks))
        known = {(row.notebook_id, row.cell_id) for row in connection.execute(wanted)}
        new = [
            {"notebook_id": id, "cell_id": cell}
            for id, (_, name) in notebooks.items()
            for cell in getattr(self._notebooks[name], kind).values()
            if (id, cell) not in known
        ]
        _insert(connection, table, new)
        names = {id: name for one in self._notebooks.values() for name, id in getattr(one, kind).items()}
        found: dict[str, dict[str, Row]] = {id: {} for id in notebooks}
        for row in connection.execute(wanted):
            if row.cell_id in names:
                found[row.notebook_id][names[row.cell_id]] = row
        return found

    def _save_grades(self, connection, by_student, notebooks, grades) -> dict[str, float]:
        """The score of each submitted notebook, as nbgrader adds it up."""
        changed, scores = [], {}
        for id, (student, name) in notebooks.items():
            graded = by_student[student].notebooks.get(name)
            total = 0.0
            for cell, row in grades[id].items():
                auto, by_hand = row.auto_score, row.needs_manual_grade
                if graded is None:  # the notebook was not handed in
                    auto, by_hand = 0.0, False
                elif cell in graded.scores:
                    auto = graded.scores[cell]
                    by_hand = row.manual_score is not None or auto is None
                if (auto, by_hand) != (row.auto_score, row.needs_manual_grade):
                    changed.append({"row": row.id, "auto_score": auto, "needs_manual_grade": by_hand})
                points = auto if row.manual_score is None else row.manual_score
                total += 0.0 if points is None else points + (row.extra_credit or 0.0)
            scores[id] = total
        _update(connection, _GRADE, changed)
        return scores

    def _save_comments(self, connection, by_student, notebooks, comments) -> None:
        changed = []
        for id, (student, name) in notebooks.items():
            graded = by_student[student].notebooks.get(name)
            for cell, row in comments[id].items():
                if graded is not None and cell in graded.comments and graded.comments[cell] != row.auto_comment:
                    changed.append({"row": row.id, "auto_comment": graded.comments[cell]})
        _update(connection, _COMMENT, changed)

    def _save_penalties(self, connection, by_student, submissions, notebooks, scores) -> None:
        if self._penalties is None:
            return
        changed = []
        for id, (student, name) in notebooks.items():
            if name in by_student[student].notebooks:
                penalty = self._penalty(submissions[student], scores[id])
                changed.append({"row": id, "late_submission_penalty": penalty})
        _update(connection, _NOTEBOOK, changed)

    def _penalty(self, submission: Row, score: float) -> float | None:
        """What the course's plugin takes off, between nothing and all; None for a submission in time."""
        due = self._due + submission.extension if self._due and submission.extension else self._due
        if submission.timestamp is None or due is None:
            return None
        late = max(0, (submission.timestamp - due).total_seconds())
        if not late:
            return None
        penalty = self._penalties.plugin_inst.late_submission_penalty(submission.student_id, score, late)
        return None if penalty is None else min(max(penalty, 0), score)


def _insert(connection: Connection, table: Table, rows: list[dict]) -> None:
    if rows:
        connection.execute(insert(table), rows)  # ids and defaults are the tables' own


def _update(connection: Connection, table: Table, rows: list[dict]) -> None:
    """Set the columns that each dictionary names, in the row with the id `row`."""
    if rows:
        connection.execute(update(table).where(table.c.id == bindparam("row")), rows)
