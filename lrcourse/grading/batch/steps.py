"""nbgrader's steps that need the gradebook, done with what the job says instead. All others run as they are."""

from __future__ import annotations

from collections.abc import Callable

from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from nbgrader.preprocessors import (
    AssignLatePenalties,
    NbGraderPreprocessor,
    OverwriteCells,
    OverwriteKernelspec,
    SaveAutoGrades,
)
from nbgrader.utils import compute_checksum, determine_grade, is_grade, is_solution, is_task

from lrcourse.grading.job import KnownCell, Released
from lrcourse.grading.release.record import Record
from lrcourse.grading.repair.matching import recognised
from lrcourse.grading.repair.repair import NotThisNotebook, Repair, repair
from lrcourse.grading.run.execution import Report
from lrcourse.grading.run.settings import SplitExecute


class RepairFromRecord(NbGraderPreprocessor):
    """Repair, with the record of the release that the job brings."""

    def __init__(self, record: Record, **keywords):
        super().__init__(**keywords)
        self.record = record

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """The repaired notebook; NotThisNotebook where there is nothing to grade."""
        if not any(recognised(nb, self.record)):
            name = resources["nbgrader"]["notebook"]
            raise NotThisNotebook(f"Nothing of {name} as it was released is in the submitted notebook.")
        nb, notes = repair(nb, self.record)
        for note in notes:
            self.log.warning("%s", note)
        return nb, resources


class KernelspecFromJob(NbGraderPreprocessor):
    """OverwriteKernelspec, with the kernelspec that the job brings."""

    def __init__(self, kernelspec: dict | None, **keywords):
        super().__init__(**keywords)
        self.kernelspec = kernelspec

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """The notebook with the kernelspec of the release."""
        if self.kernelspec:
            nb.metadata["kernelspec"] = self.kernelspec
        return nb, resources


class OverwriteFromJob(OverwriteCells):
    """OverwriteCells, with the cells that the job brings in the gradebook's place."""

    def __init__(self, cells: dict[str, KnownCell], **keywords):
        super().__init__(**keywords)
        self.gradebook = _Cells(cells)

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """The notebook with the released metadata. No cell is missing: what was, the repair has brought back."""
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


class Run(NbGraderPreprocessor):
    """SplitExecute, in the kernels of this worker. `report` says what became of the notebook."""

    def __init__(self, run: Callable[[NotebookNode], Report], **keywords):
        super().__init__(**keywords)
        self._run = run
        self.report = Report()

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """The notebook as run."""
        self.report = self._run(nb)
        for event in self.report.events:
            self.log.warning("%s", event)
        return nb, resources


class Collect(NbGraderPreprocessor):
    """SaveAutoGrades, which keeps what it finds instead of saving it: `scores` and `comments`, by grade_id."""

    def __init__(self, **keywords):
        super().__init__(**keywords)
        self.scores: dict[str, float | None] = {}
        self.comments: dict[str, str | None] = {}

    def preprocess_cell(self, cell: NotebookNode, resources: dict, index: int) -> tuple[NotebookNode, dict]:
        """The cell as it is."""
        if is_grade(cell):
            self.scores[cell.metadata.nbgrader["grade_id"]], _ = determine_grade(cell, self.log)
        if is_solution(cell) or is_task(cell):
            self.comments[cell.metadata.nbgrader["grade_id"]] = _comment(cell)
        return cell, resources


def _comment(cell: NotebookNode) -> str | None:
    untouched = cell.metadata.nbgrader.get("checksum") == compute_checksum(cell)
    return "No response." if untouched and not is_task(cell) else None


def without_gradebook(
    steps: tuple[type, ...], released: Released, run: Run, collect: Collect, parent: Exporter
) -> list[type | NbGraderPreprocessor]:
    """nbgrader's preprocessors with a stand-in for each that would ask the gradebook; late penalties are the writer's.

    A class derived from one of those is none of them and runs as it is: its author knows what it needs.
    """
    stand_ins = {
        Repair: RepairFromRecord(released.record, parent=parent),
        OverwriteKernelspec: KernelspecFromJob(released.kernelspec, parent=parent),
        OverwriteCells: OverwriteFromJob(released.cells, parent=parent),
        SplitExecute: run,
        SaveAutoGrades: collect,
    }
    return [stand_ins.get(step, step) for step in steps if step is not AssignLatePenalties]
