"""The part of the author's gate that goes through real nbgrader: the solutions, and the untouched release."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from lrcourse.commands.verify.author_answers import author_answers, fill
from lrcourse.commands.verify.findings import Findings
from lrcourse.grading.course import Course
from lrcourse.locations import notebooks_dir

AUTHOR, BLANK = "the-author", "the-blank"


def verify_path(lesson: str) -> Findings:
    """Release the lesson, submit its solutions and its untouched release, autograde both, and look at the marks."""
    findings = Findings()
    with tempfile.TemporaryDirectory(prefix="lrcourse-verify-") as folder:
        course = Course(Path(folder))
        course.config.SplitExecute.cell_seconds = 120.0  # what is tried is the lesson, not how busy this machine is
        shutil.copytree(notebooks_dir() / lesson, course.root / "notebooks" / lesson)
        course.generate(lesson)
        released = course.root / "release" / lesson
        names = sorted(path.name for path in released.iterdir())
        findings.hold("the release is the notebook alone", names == [f"{lesson}.ipynb"], f"{lesson}: {names}")
        release = nbformat.read(released / f"{lesson}.ipynb", as_version=4)
        _submit(course, lesson, BLANK, release)
        fill(release, author_answers(lesson))
        _submit(course, lesson, AUTHOR, release)
        course.autograde(lesson)
        for student in (AUTHOR, BLANK):
            graded = course.root / "autograded" / student / lesson / f"{lesson}.ipynb"
            _outputs(lesson, student, nbformat.read(graded, as_version=4), findings)
        _marks(course, lesson, findings)
    return findings


def _submit(course: Course, lesson: str, student: str, notebook: NotebookNode) -> None:
    folder = course.root / "submitted" / student / lesson
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / f"{lesson}.ipynb")


def _outputs(lesson: str, student: str, notebook: NotebookNode, findings: Findings) -> None:
    for cell in notebook.cells:
        outputs = cell.get("outputs", [])
        failed = [output.ename for output in outputs if output.output_type == "error"]
        said = "".join(output.text for output in outputs if output.get("name") == "stdout")
        name = f"{lesson}: {student}: {cell.source[:60]!r}"
        if cell.metadata.get("nbgrader", {}).get("grade"):
            silent = not [output for output in outputs if output.get("name") == "stderr"]
            findings.hold("no graded cell writes to stderr", silent, name)
            if student == BLANK:
                findings.hold("a blank answer is called not attempted", "not attempted" in said, name)
        elif not cell.source.startswith("check("):
            findings.hold("no other cell fails", not failed, f"{name}: {failed}")


def _marks(course: Course, lesson: str, findings: Findings) -> None:
    with course.gradebook as gradebook:
        for student in (AUTHOR, BLANK):
            (notebook,) = gradebook.find_submission(lesson, student).notebooks
            for grade in notebook.grades:
                name = f"{lesson}: {grade.name}: {grade.auto_score:g} of {grade.max_score:g}"
                if student == AUTHOR:
                    findings.hold("the solutions get full marks", grade.auto_score == grade.max_score, name)
                else:
                    findings.hold("the untouched release gets no marks", grade.auto_score == 0, name)
