"""A class of honest students for the benchmarks: the author's answers to a lesson, handed in so many times."""

from __future__ import annotations

import json
import shutil
from copy import deepcopy
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from lrcourse.commands.verify.author_answers import author_answers, fill
from lrcourse.grading.course import Course
from lrcourse.locations import notebooks_dir

OURS = "from lrcourse.grading import configure\n\nc = get_config()\nconfigure(c)\n"
# What `configure` sets but for the grading: the same release, graded by nbgrader's own autograde.
STOCK = """from pathlib import Path

c = get_config()
c.CourseDirectory.course_id = "lrcourse"
c.CourseDirectory.root = str(Path.cwd())
c.CourseDirectory.source_directory = "notebooks"
"""


def make_course(root: Path, lesson: str, students: int, *, plain: bool = False, stock: bool = False) -> None:
    """A course in `root` with `lesson` released and handed in; `plain` leaves out what is no exercise or question."""
    shutil.copytree(notebooks_dir() / lesson, root / "notebooks" / lesson, ignore=shutil.ignore_patterns(".*", "*.md"))
    if plain:
        _only_asked(root / "notebooks" / lesson / f"{lesson}.ipynb")
    (root / "nbgrader_config.py").write_text(OURS)
    Course(root).generate(lesson)
    if stock:
        (root / "nbgrader_config.py").write_text(STOCK)
    text = json.dumps(answered(root, lesson))
    for number in range(students):
        folder = root / "submitted" / f"s{number:04d}" / lesson
        folder.mkdir(parents=True)
        (folder / f"{lesson}.ipynb").write_text(text)
        (folder / "timestamp.txt").write_text("2026-11-01 10:00:00 UTC")


def answered(root: Path, lesson: str) -> NotebookNode:
    """The released notebook with the author's answers."""
    notebook = nbformat.read(root / "release" / lesson / f"{lesson}.ipynb", as_version=4)
    fill(notebook, author_answers(lesson))
    return notebook


def as_otter(notebook: NotebookNode, folder: Path) -> tuple[Path, Path]:
    """The same work for Otter-Grader: the notebook, and the folder of its tests, which make the same checks."""
    made, tests = deepcopy(notebook), folder / "tests"
    tests.mkdir(parents=True)
    for cell in made.cells:
        about = cell.metadata.pop("nbgrader", {})
        cell.metadata.pop("tags", None)
        if about.get("grade"):
            _otter_test(about["grade_id"], about["points"], cell.source, tests)
            cell.source = f'grader.check("{about["grade_id"]}")'
    start = nbformat.v4.new_code_cell("import otter\n\ngrader = otter.Notebook()")
    made.cells = [start, *made.cells]
    path = folder / "submission.ipynb"
    nbformat.write(made, path)
    return path, tests


def _otter_test(name: str, points: float, check: str, tests: Path) -> None:
    code = (
        ">>> import contextlib, io\n>>> from lrcourse import check\n"
        f">>> with contextlib.redirect_stdout(io.StringIO()):\n...     {check}\n..."
    )
    case = {"code": code, "hidden": False, "locked": False}
    suite = {"cases": [case], "scored": True, "setup": "", "teardown": "", "type": "doctest"}
    test = {"name": name, "points": points, "suites": [suite]}
    (tests / f"{name}.py").write_text(f"OK_FORMAT = True\n\ntest = {test!r}\n")


def _only_asked(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    asked = [cell for cell in code if "nbgrader" in cell.metadata or cell.source.startswith(("question(", "check("))]
    notebook.cells = [code[0], *asked]
    nbformat.write(notebook, path)
