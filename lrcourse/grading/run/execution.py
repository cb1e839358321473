"""Split execution: the student's cells run in a sandboxed kernel, graded ones here; only JSON passes between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.utils import compute_checksum, determine_grade, is_grade, is_locked, is_solution

from lrcourse.grading.run.graded_cell import examine
from lrcourse.grading.run.kernels import Kernels
from lrcourse.grading.run.student_cells import Attempt
from lrcourse.grading.sandbox import Limits
from lrcourse.marks import Mark
from lrcourse.student_code.remote import RemoteStudent

NOT_RUN = "(This cell only shows something and was not run for the mark.)\n"
MISSING = "(Cells that only show something were not run for the mark. This one may need a name from one of them.)\n"


@dataclass
class Report:
    """What became of a submission's code: its graded cells, and what happened to the student's own."""

    marks: list[Mark] = field(default_factory=list)
    events: list[str] = field(default_factory=list)

    def as_data(self) -> dict:
        """The report in JSON's own types."""
        return {"marks": [mark.as_data() for mark in self.marks], "events": self.events}

    @classmethod
    def from_data(cls, data: dict) -> Report:
        """The report that `as_data` wrote, in this version or one before marks had their name."""
        return cls([Mark.from_data(mark) for mark in data.get("marks", data.get("cells", ()))], data["events"])


def run_notebook(
    nb: NotebookNode,
    kernels: Kernels,
    limits: Limits,
    seed_of: Callable[[str], str],
    files: Path | None = None,
    *,
    all_cells: bool = True,
) -> Report:
    """Execute `nb` in place; `files` is the folder that the submission's code finds around it.

    Every graded cell ends with outputs that say what it is worth: nbgrader gives one without outputs all its points.

    Without `all_cells` those that only show something are left out. Where that may be why a name is missing and a
    point is lost, the notebook is run again as a whole, and that counts.
    """
    skip = not all_cells and any(map(is_demo, nb.cells))
    attempt = Attempt(kernels, limits, files)
    report = _run_once(nb, attempt, seed_of, skip)
    if skip and any(map(_misses_a_name, nb.cells)):
        if all(mark.points == mark.of for mark in report.marks):
            _explain_missing_names(nb)
        else:
            # In what is left of its time: a submission has it once.
            report = _run_once(nb, Attempt(kernels, limits, files, deadline=attempt.deadline), seed_of, skip=False)
    return report


def _run_once(nb: NotebookNode, attempt: Attempt, seed_of: Callable[[str], str], skip: bool) -> Report:
    report = Report()
    submitted: list[str] = []
    student = RemoteStudent(attempt.line, submitted)
    try:
        for cell in nb.cells:
            if cell.cell_type != "code":
                continue
            if is_trusted(cell):
                _examine(cell, student, seed_of, report)
                continue
            if skip and is_demo(cell):
                submitted.append(cell.source)
                cell.execution_count = None
                cell.outputs = [new_output("stream", name="stdout", text=NOT_RUN)]
                continue
            if (became := attempt.run_cell(cell)) != "too long":
                submitted.append(cell.source)
            if became not in ("ok", "error"):
                report.events.append(f"{became}: {cell.source.strip().splitlines()[0][:80]}")
    finally:
        attempt.close()
    return report


def is_demo(cell: NotebookNode) -> bool:
    """Whether a cell only shows something, as its author has said by the tag `demo`.

    Repair gives the tag to cells that are as they were released, and to no other.
    """
    return (
        cell.cell_type == "code"
        and "demo" in cell.metadata.get("tags", ())
        and not (is_grade(cell) or is_solution(cell))
    )


def _misses_a_name(cell: NotebookNode) -> bool:
    # In a traceback too: a NameError may have been caught and become another error.
    texts = ("".join([output.get("text", ""), *output.get("traceback", ())]) for output in cell.get("outputs", ()))
    return any("NameError" in text for text in texts)


def _explain_missing_names(nb: NotebookNode) -> None:
    for cell in nb.cells:
        if _misses_a_name(cell):
            cell.outputs.append(new_output("stream", name="stdout", text=MISSING))


def is_trusted(cell: NotebookNode) -> bool:
    """Whether a cell is graded by its own text, which is the course's: locked, and unchanged since the release.

    An answer that is graded by hand is the student's text and runs with the student's code. ValueError for a graded
    cell whose text is not the course's: nbgrader's OverwriteCells has to come before.
    """
    if cell.cell_type != "code" or not is_grade(cell) or is_solution(cell):
        return False
    if not is_locked(cell) or cell.metadata.nbgrader.get("checksum") != compute_checksum(cell):
        raise ValueError(f"The graded cell {cell.metadata.nbgrader.grade_id} is not as it was released.")
    return True


def _examine(cell: NotebookNode, student: RemoteStudent, seed_of: Callable[[str], str], report: Report) -> None:
    found = examine(cell.source, student, seed_of)
    cell.execution_count = None
    cell.outputs = found.outputs or [new_output("stream", name="stdout", text="(no remarks)\n")]
    grade_id, of = cell.metadata.nbgrader.grade_id, float(cell.metadata.nbgrader.points)
    if len(found.marks) == 1:
        report.marks.append(replace(found.marks[0], grade_id=grade_id, of=of))
        return
    # A cell of the author's own, without a check or with several: its points are what nbgrader reads in its outputs.
    points, _ = determine_grade(cell)
    report.marks.append(Mark(grade_id, "correct" if points == of else "incorrect", float(points), of))
