"""Small notebooks for the tests of grading: a student's cells and graded ones, as nbgrader leaves them."""

from __future__ import annotations

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.utils import compute_checksum

TIME = "def time_based_decay(initial_lr, decay, step):\n    return initial_lr / (1 + decay * step)"
STEPS = "def steps_between_decays(n_examples, batch_size, epochs):\n    return -(-n_examples // batch_size) * epochs"
POINTS = {"time_based_decay": 2, "steps_between_decays": 1}


def graded(id: str, points: float | None = None) -> NotebookNode:
    """The graded cell of an exercise or question."""
    cell = new_code_cell(f'check("{id}")')
    cell.metadata["nbgrader"] = {
        "grade": True,
        "solution": False,
        "locked": True,
        "task": False,
        "schema_version": 3,
        "grade_id": f"check_{id.replace('-', '_')}",
        "points": POINTS.get(id, 1) if points is None else points,
        "cell_type": "code",
    }
    cell.metadata.nbgrader["checksum"] = compute_checksum(cell)
    return cell


def notebook(*cells: str | NotebookNode) -> NotebookNode:
    """A notebook of these cells; texts become code cells."""
    return new_notebook(cells=[new_code_cell(cell) if isinstance(cell, str) else cell for cell in cells])
