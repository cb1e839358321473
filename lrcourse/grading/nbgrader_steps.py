"""nbgrader's own steps of grading, with what the job says in the gradebook's place: a worker has no gradebook.

A course sets them as with nbgrader, in `c.Autograde.sanitize_preprocessors` and `c.Autograde.autograde_preprocessors`.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from nbformat import NotebookNode
from nbgrader.preprocessors import (
    AssignLatePenalties,
    Execute,
    NbGraderPreprocessor,
    OverwriteCells,
    OverwriteKernelspec,
    SaveAutoGrades,
)
from nbgrader.utils import compute_checksum, determine_grade, is_grade, is_solution, is_task
from traitlets.config import Config, LoggingConfigurable

from lrcourse.grading.job import Job, KnownCell
from lrcourse.marks import Mark

# Done elsewhere: cells run in the sandbox, marks and penalties are saved by the one writer.
_DONE_ELSEWHERE = (Execute, SaveAutoGrades, AssignLatePenalties)


class NbgraderSteps:
    """The steps for one notebook of a submission. Their warnings go to `notes`."""

    def __init__(self, job: Job, notebook: str, notes: list[str]):
        self._settings, self._released = job.settings, job.settings.released[notebook]
        self._log = _log_into(notes)
        self._parent = LoggingConfigurable(config=Config(job.settings.config), log=self._log)
        self._resources = {
            "unique_key": notebook,
            "nbgrader": {
                "student": job.student,
                "assignment": job.settings.assignment,
                "notebook": notebook,
                "db_url": "",  # none here: a step that asks for it fails
            },
        }

    def as_released(self, nb: NotebookNode) -> NotebookNode:
        """The repaired notebook with the metadata of the release, and without outputs."""
        return self._all(self._settings.sanitize, nb)

    def after_running(self, nb: NotebookNode) -> NotebookNode:
        """The notebook after what nbgrader and the course do to one that has run."""
        return self._all(self._settings.autograde, nb)

    def scores(self, nb: NotebookNode, marks: Sequence[Mark]) -> dict[str, float | None]:
        """The automatic score of each graded cell, by grade_id; None where a person has to grade."""
        points = {mark.grade_id: mark.points for mark in marks}
        graded = [cell for cell in nb.cells if is_grade(cell)]
        by_hand = {_id(cell): determine_grade(cell, self._log)[0] for cell in graded if _id(cell) not in points}
        return {_id(cell): (points | by_hand)[_id(cell)] for cell in graded}

    def comments(self, nb: NotebookNode) -> dict[str, str | None]:
        """The automatic comment of each answer, by grade_id: "No response." where it is as it was released."""
        return {_id(cell): _comment(cell) for cell in nb.cells if is_solution(cell) or is_task(cell)}

    def apply(self, step: type, nb: NotebookNode) -> NotebookNode:
        """The notebook after one step, which has the course's settings. A step may be switched off there."""
        nb, _ = self._made(step)(nb, dict(self._resources))
        return nb

    def _all(self, steps: tuple[type, ...], nb: NotebookNode) -> NotebookNode:
        for step in steps:
            if step not in _DONE_ELSEWHERE:
                nb = self.apply(step, nb)
        return nb

    def _made(self, step: type) -> NbGraderPreprocessor:
        """A step, or its stand-in. A class derived from one is none of them: its author knows what it needs."""
        if step is OverwriteKernelspec:
            return _KernelspecOfTheJob(self._released.kernelspec, parent=self._parent)
        if step is OverwriteCells:
            return _CellsOfTheJob(self._released.cells, parent=self._parent)
        return step(parent=self._parent)


class _KernelspecOfTheJob(NbGraderPreprocessor):
    def __init__(self, kernelspec: dict | None, **keywords):
        super().__init__(**keywords)
        self.kernelspec = kernelspec

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        if self.kernelspec:
            nb.metadata["kernelspec"] = self.kernelspec
        return nb, resources


class _CellsOfTheJob(OverwriteCells):
    def __init__(self, cells: dict[str, KnownCell], **keywords):
        super().__init__(**keywords)
        self.gradebook = _Cells(cells)

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        # No cell is missing: what was, the repair has brought back.
        self.notebook_id, self.assignment_id = resources["nbgrader"]["notebook"], resources["nbgrader"]["assignment"]
        return NbGraderPreprocessor.preprocess(self, nb, resources)


class _Cells:
    """The two questions that OverwriteCells puts to a gradebook."""

    def __init__(self, cells: dict[str, KnownCell]):
        self._cells = cells

    def find_source_cell(self, name: str, notebook: str, assignment: str) -> NotebookNode:
        cell = self._cells[name]
        return NotebookNode(
            name=name, cell_type=cell.cell_type, locked=cell.locked, source=cell.source, checksum=cell.checksum
        )

    def find_graded_cell(self, name: str, notebook: str, assignment: str) -> NotebookNode:
        return NotebookNode(max_score=self._cells[name].points)


def _id(cell: NotebookNode) -> str:
    return cell.metadata.nbgrader["grade_id"]


def _comment(cell: NotebookNode) -> str | None:
    untouched = cell.metadata.nbgrader.get("checksum") == compute_checksum(cell)
    return "No response." if untouched and not is_task(cell) else None


class _Into(logging.Handler):
    """Keeps the warnings of a log."""

    def __init__(self, notes: list[str]):
        super().__init__(logging.WARNING)
        self._notes = notes

    def emit(self, record: logging.LogRecord) -> None:
        self._notes.append(record.getMessage()[:1000])


def _log_into(notes: list[str]) -> logging.Logger:
    log = logging.Logger("lrcourse.grading", logging.WARNING)
    log.addHandler(_Into(notes))
    return log
