"""The points in the gradebook, and as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from nbgrader.api import Assignment, Gradebook, SubmittedAssignment
from sqlalchemy import select

from lrcourse.grading import outcomes
from lrcourse.grading.outcomes import Outcome


@dataclass(frozen=True)
class Score:
    """What one student has for one lesson, and what became of it. `points` is None where nothing was graded."""

    student: str
    lesson: str
    points: float | None
    of: float
    outcome: Outcome


def scores(
    gradebook: Gradebook, root: Path, lesson: str, students: list[str], not_graded: Collection[str] = ()
) -> list[Score]:
    """The scores of `students` for `lesson`, in the order of the names given. None for those who are `not_graded`.

    `gradebook` is the open gradebook of the course in `root`.
    """
    of = gradebook.find_assignment(lesson).max_score
    # One query: asked one by one, a thousand submissions take half a minute.
    wanted = select(SubmittedAssignment.student_id, SubmittedAssignment.score).join(Assignment)
    points = dict(map(tuple, gradebook.db.execute(wanted.where(Assignment.name == lesson))))
    rows = []
    for student in students:
        outcome = Outcome("not graded")
        if student not in not_graded:
            outcome = outcomes.of_submission(root, lesson, student, submitted=True)
        rows.append(Score(student, lesson, None if outcome.word == "not graded" else points.get(student), of, outcome))
    return rows


def points_table(rows: list[Score]) -> str:
    """The scores as a plain table: student, lesson, points, of."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table("student", "lesson", box=box.SIMPLE)
    table.add_column("points", justify="right")
    table.add_column("of", justify="right")
    table.add_column("outcome")
    for row in rows:
        table.add_row(
            row.student, row.lesson, "-" if row.points is None else f"{row.points:g}", f"{row.of:g}", str(row.outcome)
        )
    text = StringIO()
    Console(file=text, width=100).print(table)
    return text.getvalue().strip("\n")


def summary_table(rows: list[Score]) -> str:
    """How many submissions have which outcome, and the mean of their points, as a plain table."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table("outcome", box=box.SIMPLE)
    table.add_column("submissions", justify="right")
    table.add_column("mean points", justify="right")
    for outcome, number in Counter(row.outcome.kind for row in rows).most_common():
        points = [row.points for row in rows if row.outcome.kind == outcome and row.points is not None]
        table.add_row(outcome, str(number), f"{sum(points) / len(points):.2f}" if points else "-")
    text = StringIO()
    Console(file=text, width=100).print(table)
    return text.getvalue().strip("\n")
