"""A small course without TensorFlow, a class that has submitted, and ways to look at what grading has left behind."""

from __future__ import annotations

import copy
import json
import os
import shutil
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from small_notebooks import STEPS, TIME
from sqlalchemy import MetaData, create_engine, select

from lrcourse.grading.course import Course
from lrcourse.grading.run.seeds import SECRET

LESSON = "small"
# No sandbox: what these tests are about is around it, and a kernel of its own starts sooner without TensorFlow.
CONFIG = """from lrcourse.grading import configure

c = get_config()
configure(c)
c.SplitExecute.sandbox = "none"
c.LateSubmissionPlugin.penalty_method = "zero"
"""
WHEN = "2026-11-01 10:00:00 UTC"
WRONG = TIME.replace("1 +", "2 +")
# Who answers what; the others of the answers stay as they were released.
CLASS = {
    "ada": {"time_based_decay": TIME, "steps_between_decays": STEPS, "essay": "Because it jumps less."},
    "ben": {"time_based_decay": WRONG, "answer_purpose": 'answer_purpose = "A"'},
    "cleo": {},
}
DUE = datetime(2026, 11, 2)


def _cell(make, source: str, id: str, points: float | None = None, **flags: bool) -> NotebookNode:
    about = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3, "grade_id": id}
    return make(source, metadata={"nbgrader": about | flags | ({} if points is None else {"points": points})})


def _answer(source: str, id: str) -> NotebookNode:
    head, body = source.split("\n", 1)
    hidden = f"{head}\n    ### BEGIN SOLUTION\n{body}\n    ### END SOLUTION"
    return _cell(new_code_cell, hidden, id, solution=True)


def _check(id: str, points: float) -> NotebookNode:
    return _cell(new_code_cell, f'check("{id}")', f"check_{id}", points, grade=True, locked=True)


def lesson() -> dict[str, NotebookNode]:
    """The assignment's two notebooks: with everything that nbgrader knows, and with one exercise."""
    # Not needed here; nbgrader as it comes runs the checks in the student's kernel.
    imports = "from lrcourse import check, question"
    demo = new_code_cell("shown = 2 * 21\nprint(shown)", metadata={"tags": ["demo"]})
    first = [
        new_markdown_cell("# Small"),
        new_code_cell(imports),
        demo,
        _answer(TIME, "time_based_decay"),
        _check("time_based_decay", 2),
        new_code_cell('question("purpose")'),
        _cell(new_markdown_cell, "Why?", "essay", 3, grade=True, solution=True),
        _cell(new_markdown_cell, "Draw it.", "drawing", 4, task=True, locked=True),
    ]
    second = [new_code_cell(imports), _answer(STEPS, "steps_between_decays"), _check("steps_between_decays", 1)]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return {name: new_notebook(cells=cells, metadata=kernel) for name, cells in (("a", first), ("b", second))}


def make_course(root: Path, config: str = CONFIG) -> Course:
    """A course with the assignment released, nobody has submitted yet."""
    folder = root / "notebooks" / LESSON
    folder.mkdir(parents=True)
    (root / "nbgrader_config.py").write_text(config)
    (root / SECRET).write_text("5a" * 32 + "\n")
    (folder / "data.csv").write_text("step,rate\n0,0.1\n")
    for name, notebook in lesson().items():
        nbformat.write(notebook, folder / f"{name}.ipynb")
    course = Course(root)
    course.generate(LESSON)
    with course.gradebook as gradebook:
        gradebook.update_or_create_assignment(LESSON, duedate=DUE)
    return course


def submit(root: Path, student: str, answers: dict[str, str], when: str = WHEN, leave_out: str = "") -> Path:
    """Hand in the release with these answers; an answer without a place becomes a cell before all others."""
    folder = root / "submitted" / student / LESSON
    folder.mkdir(parents=True, exist_ok=True)
    for name in {"a", "b"} - {leave_out}:
        notebook = copy.deepcopy(nbformat.read(root / "release" / LESSON / f"{name}.ipynb", as_version=4))
        places = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in notebook.cells}
        for id, text in answers.items():
            if id in places:
                places[id].source = text
            elif id.startswith("before") and name == "a":
                notebook.cells.insert(0, new_code_cell(text))
        nbformat.write(notebook, folder / f"{name}.ipynb")
    (folder / "timestamp.txt").write_text(when)
    (folder / "submission_secret.txt").write_text("5" * 64)
    return folder


def submit_class(root: Path) -> None:
    """Three students: one has files of their own, one is late, one has done nothing and lost a notebook."""
    for student, answers in CLASS.items():
        late = (DUE + timedelta(hours=1)).isoformat(" ") + " UTC" if student == "ben" else WHEN
        submit(root, student, answers, late, leave_out="b" if student == "cleo" else "")
    (root / "submitted" / "ada" / LESSON / "mine.txt").write_text("my own notes")
    (root / "submitted" / "ada" / LESSON / "data.csv").write_text("changed")


def copy_of(course: Path, to: Path) -> Path:
    """The course once more, elsewhere."""
    shutil.copytree(course, to)
    return to


def gradebook(db_url: str | Path) -> dict[str, list[tuple]]:
    """All rows of all tables, with names in the place of the ids that nbgrader draws."""
    engine = create_engine(f"sqlite:///{db_url}/gradebook.db" if isinstance(db_url, Path) else db_url)
    tables = MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        rows = {
            table.name: [row._asdict() for row in connection.execute(select(table))] for table in tables.sorted_tables
        }
    engine.dispose()
    # What an id stands for is everything else in its row; those it refers to come first in `sorted_tables`.
    meaning: dict[str, str] = {}
    found = {}
    for name, entries in rows.items():
        told = []
        for entry in entries:
            plain = {
                key: meaning.get(value, value) if isinstance(value, str) else value for key, value in entry.items()
            }
            own = plain.pop("id", None)
            text = json.dumps(plain, default=str, sort_keys=True)
            if name in ("grade_cell", "solution_cell", "task_cell"):
                text = f"{own} {text}"
            elif own is not None and len(str(own)) == 32:
                meaning[own] = f"{name} {text}"
            else:
                text = f"{own} {text}"
            told.append(text)
        found[name] = sorted(told)
    return found


def left_behind(root: Path) -> dict[str, tuple]:
    """Every file of autograded/ and what is kept of the outcomes: path, permissions, content."""
    found = {}
    for folder in ("autograded", ".lrcourse/outcomes"):
        for path in sorted((root / folder).rglob("*")):
            content = path.read_bytes() if path.is_file() else None
            found[str(path.relative_to(root))] = (oct(path.stat().st_mode), content)
    return found


def everything(root: Path) -> tuple:
    """What two ways of grading have to have in common."""
    return gradebook(root), left_behind(root)


def command(root: Path, *arguments: str, **options) -> subprocess.CompletedProcess:
    """`lrcourse grade small ...`, as typed."""
    programs = str(Path(sys.executable).parent)
    environment = os.environ | {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    line = [f"{programs}/lrcourse", "grade", LESSON, *arguments]
    return subprocess.run(line, cwd=root, env=environment, capture_output=True, text=True, timeout=300, **options)
