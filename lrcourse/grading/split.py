"""Split execution: the student's cells run in a sandboxed kernel, graded ones here; only JSON passes between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.utils import compute_checksum, is_grade, is_locked, is_solution

from lrcourse.grading.attempt import Attempt
from lrcourse.grading.examine import examine
from lrcourse.grading.kernels import Kernels
from lrcourse.grading.sandbox import Limits
from lrcourse.student.remote import RemoteStudent

NOT_RUN = "(This cell only shows something and was not run for the mark.)\n"
MISSING = "(Cells that only show something were not run for the mark. This one may need a name from one of them.)\n"


@dataclass
class CellReport:
    """What became of one graded cell.

    `outcome` is "correct", "incorrect", "not attempted", "raised", "timeout", "died", "refused" or "could not be read".
    """

    grade_id: str
    outcome: str
    points: float
    of: float


@dataclass
class Report:
    """What became of a submission's code: its graded cells, and what happened to the student's own."""

    cells: list[CellReport] = field(default_factory=list)
    events: list[str] = field(default_factory=list)


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
        if all(cell.points == cell.of for cell in report.cells):
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
    failed = any(output.output_type == "error" for output in cell.outputs)
    one = found.assessed[0] if len(found.assessed) == 1 else None
    outcome = one.outcome if one else "incorrect" if failed else "correct"
    of = float(cell.metadata.nbgrader.points)
    points = one.points if one else 0.0 if failed else of
    report.cells.append(CellReport(cell.metadata.nbgrader.grade_id, outcome, points, of))
