"""A small released notebook for the tests of intake and repair: two exercises, one question, texts between them."""

from __future__ import annotations

from copy import deepcopy

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.utils import compute_checksum

from lrcourse.grading.release.record import Record, record_of

STUB = "def {}(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
HALF = "def half(x):\n    return x / 2"
TWICE = "def twice(x):\n    return x * 2"


def _special(kind, source, grade_id, points=None, solution=False):
    make = new_markdown_cell if kind == "markdown" else new_code_cell
    cell = make(source, id=grade_id.replace("_", "-"))
    about = {
        "grade": points is not None,
        "grade_id": grade_id,
        "locked": not solution,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    if points is not None:
        about["points"] = points
    cell.metadata["nbgrader"] = NotebookNode(about)
    cell.metadata.nbgrader |= {"checksum": compute_checksum(cell), "cell_type": kind}
    return cell


def release() -> NotebookNode:
    """The notebook as released."""
    return new_notebook(
        cells=[
            new_markdown_cell("# A lesson\n\nwith an aim.", id="aim"),
            new_code_cell("import math", id="imports"),
            new_markdown_cell("**1.** `half(x)` returns half of x.", id="one"),
            _special("code", STUB.format("half"), "half", solution=True),
            _special("code", 'check("half")', "check_half", points=2),
            new_markdown_cell("**2.** `twice(x)` returns two times x.", id="two"),
            _special("code", STUB.format("twice"), "twice", solution=True),
            _special("code", 'check("twice")', "check_twice", points=3),
            _special("markdown", "**What is a rate?**\n\n- **A** a speed\n- **B** a number", "question_rate"),
            _special("code", 'answer_rate = None  # "A" or "B"', "answer_rate", solution=True),
            _special("code", 'check("rate")', "check_rate", points=1),
            new_markdown_cell("## What you now know", id="end"),
        ]
    )


def record() -> Record:
    """Its record."""
    return record_of(release())


def answered(**answers: str) -> NotebookNode:
    """The notebook with these answers, by grade_id; both functions and the question by default."""
    nb = release()
    for grade_id, source in ({"half": HALF, "twice": TWICE, "answer_rate": 'answer_rate = "B"'} | answers).items():
        cell(nb, grade_id).source = source
    return nb


def cell(nb: NotebookNode, grade_id: str) -> NotebookNode:
    """The cell with this grade_id."""
    return nb.cells[place(nb, grade_id)]


def place(nb: NotebookNode, grade_id: str) -> int:
    """Where it is."""
    return [about(cell).get("grade_id") for cell in nb.cells].index(grade_id)


def about(cell: NotebookNode) -> dict:
    """What nbgrader knows of a cell."""
    return cell.metadata.get("nbgrader", {})


def copy_of(cell: NotebookNode) -> NotebookNode:
    """A pasted copy: JupyterLab gives it an id of its own and keeps its metadata."""
    copied = deepcopy(cell)
    copied.id = f"{cell.id}-copy"
    return copied
