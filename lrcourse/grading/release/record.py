"""The record of a release: its cells in order, kept beside the gradebook, from which submissions are repaired.

nbgrader's gradebook knows the graded and locked cells, but neither their order nor the cells around them.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor

FOLDER = Path(".lrcourse") / "released"


@dataclass(frozen=True)
class ReleasedCell:
    """A cell as it was released. `nbgrader` is its metadata, None for an ordinary cell of the lesson."""

    id: str
    cell_type: str
    source: str
    nbgrader: dict | None = None
    tags: tuple[str, ...] = ()

    @property
    def grade_id(self) -> str | None:
        """Its grade_id, None for an ordinary cell."""
        return self.nbgrader["grade_id"] if self.nbgrader else None

    @property
    def is_answer(self) -> bool:
        """Whether students write into it."""
        return bool(self.nbgrader and (self.nbgrader["solution"] or self.nbgrader.get("task")))

    @property
    def is_check(self) -> bool:
        """Whether it is graded by its own text."""
        return bool(self.nbgrader and self.nbgrader["grade"] and not self.nbgrader["solution"])


@dataclass(frozen=True)
class Record:
    """A released notebook: its cells in order. Each grade_id appears once."""

    cells: tuple[ReleasedCell, ...]


class RecordRelease(NbGraderPreprocessor):
    """Keeps the released notebook. It comes last in `generate_assignment`, when all checksums are there."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """The notebook as it is."""
        ids = resources["nbgrader"]
        save_record(Path(self.config.CourseDirectory.root), ids["assignment"], ids["notebook"], record_of(nb))
        return nb, resources


def record_of(nb: NotebookNode) -> Record:
    """The record of a released notebook."""
    cells = []
    for cell in nb.cells:
        about = cell.metadata.get("nbgrader") or None
        if about is not None and not any(about.get(flag) for flag in ("grade", "solution", "locked", "task")):
            about = None
        tags = tuple(cell.metadata.get("tags", ()))
        cells.append(ReleasedCell(cell.get("id", ""), cell.cell_type, cell.source, about and dict(about), tags))
    return Record(tuple(cells))


def save_record(root: Path, assignment: str, notebook: str, record: Record) -> None:
    """Keep the record in the course at `root`, in the place of an earlier one."""
    path = _path(root, assignment, notebook)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".new")
    temporary.write_text(json.dumps(asdict(record), indent=1), encoding="utf-8")
    os.replace(temporary, path)  # whoever reads sees the old one or the new one, whole


def load_record(root: Path, assignment: str, notebook: str, db_url: str) -> Record:
    """The record of a release.

    One from before there were records is taken from the notebook in release/, or else from the gradebook, which does
    not know the cells' order. nbgrader's MissingEntry if the gradebook has no such notebook either.
    """
    path = _path(root, assignment, notebook)
    if path.exists():
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        return Record(tuple(ReleasedCell(**cell | {"tags": tuple(cell["tags"])}) for cell in cells))
    released = root / "release" / assignment / f"{notebook}.ipynb"
    if released.exists():
        return record_of(nbformat.read(released, as_version=4))
    with Gradebook(db_url) as gradebook:
        return _from_gradebook(gradebook.find_notebook(notebook, assignment))


def _from_gradebook(notebook) -> Record:
    graded = {cell.name: cell for cell in notebook.grade_cells}
    answers = {cell.name for cell in notebook.solution_cells}
    tasks = {cell.name: cell for cell in notebook.task_cells}
    cells = []
    for cell in notebook.source_cells:
        about = {
            "cell_type": cell.cell_type,
            "checksum": cell.checksum,
            "grade": cell.name in graded,
            "grade_id": cell.name,
            "locked": cell.locked,
            "schema_version": 3,
            "solution": cell.name in answers,
            "task": cell.name in tasks,
        }
        if points := graded.get(cell.name) or tasks.get(cell.name):
            about["points"] = points.max_score
        cells.append(ReleasedCell("", cell.cell_type, cell.source, about))
    return Record(tuple(sorted(cells, key=_likely_order)))


def _likely_order(cell: ReleasedCell) -> tuple[str, bool]:
    """By the names of the course: question_x, answer_x and check_x belong together, the check last."""
    return re.sub("^(check|answer|question)_", "", cell.grade_id), cell.is_check


def _path(root: Path, assignment: str, notebook: str) -> Path:
    return root / FOLDER / assignment / f"{notebook}.json"
