"""The points in the gradebook, and as a table."""

from __future__ import annotations

from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry


@dataclass(frozen=True)
class Score:
    """What one student has for one lesson. `points` is None where nothing was graded."""

    student: str
    lesson: str
    points: float | None
    of: float


def scores(gradebook: Path, lesson: str, students: list[str]) -> list[Score]:
    """The scores of `students` for `lesson`, in the order of the names given."""
    rows = []
    with Gradebook(f"sqlite:///{gradebook}") as gb:
        of = gb.find_assignment(lesson).max_score
        for student in students:
            try:
                points = gb.find_submission(lesson, student).score
            except MissingEntry:
                points = None
            rows.append(Score(student, lesson, points, of))
    return rows


def points_table(rows: list[Score]) -> str:
    """The scores as a plain table: student, lesson, points, of."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table("student", "lesson", box=box.SIMPLE)
    table.add_column("points", justify="right")
    table.add_column("of", justify="right")
    for row in rows:
        table.add_row(row.student, row.lesson, "not graded" if row.points is None else f"{row.points:g}", f"{row.of:g}")
    text = StringIO()
    Console(file=text, width=100).print(table)
    return text.getvalue().strip("\n")
