"""The author's gate: it passes on the course as it is, lesson by lesson, and names what is broken."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from lrcourse.checking.catalog import find_exercise
from lrcourse.checking.exercise import Mistake
from lrcourse.commands.verify import catalog
from lrcourse.commands.verify.findings import Findings
from lrcourse.commands.verify.through_nbgrader import verify_path
from lrcourse.grading.release.notebook import released
from lrcourse.locations import notebooks_dir

LESSON = "05_warmup"


# Lesson 05 goes through nbgrader in tests/grading/test_demo.py, all right and blank among others.
@pytest.mark.parametrize("lesson", [lesson for lesson in catalog.lessons() if lesson != LESSON])
def test_the_solutions_get_full_marks_and_the_untouched_release_none(lesson):
    findings = verify_path(lesson)
    assert not findings.broken, findings.table()
    assert findings.rules["no other cell fails"].tried > 5


@pytest.mark.parametrize("lesson", catalog.lessons())
def test_every_mistake_is_named_and_every_wrong_option_costs_points(lesson):
    findings = catalog.verify_catalog(lesson)
    assert not findings.broken, findings.table()


def run(*arguments):
    environment = os.environ | {"PATH": "/usr/bin:/bin"}
    command = [Path(sys.executable).parent / "lrcourse", "verify", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True)


def test_the_command_prints_one_table():
    result = run("00_start_here")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "no other cell fails" in result.stdout


def test_an_unknown_lesson_is_one_line():
    result = run("05_warmpu")
    assert result.returncode == 2
    assert result.stderr.strip() == "lrcourse: There is no lesson 05_warmpu. Did you mean 05_warmup?"


def broken(findings):
    return {name for name, rule in findings.rules.items() if rule.broken}


@pytest.fixture
def release():
    return released(notebooks_dir() / LESSON / f"{LESSON}.ipynb")


def cell_of(notebook, grade_id):
    (cell,) = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id]
    return cell


@pytest.mark.parametrize(
    ("grade_id", "source", "rule"),
    [
        ("check_warmup_lr", 'check("warmup_lr")\nprint("more")', "a graded cell is one check(...)"),
        ("check_warmup_lr", "assert warmup_lr(0, 0.1, 5) == 0.02", "a graded cell is one check(...)"),
        ("check_warmup_lr", "check(open('key').read())", "a graded cell is one check(...)"),
        ("warmup_lr", "def warmup_lr(e, p, k):\n    return p * min(1, (e + 1) / k)", "an answer cell is blank"),
        ("answer_warmup_first", 'answer_warmup_first = "B"', "an answer cell is blank"),
    ],
)
def test_a_broken_release_is_found(release, grade_id, source, rule):
    cell_of(release, grade_id).source = source
    findings = Findings()
    catalog._release(LESSON, release, findings)
    assert broken(findings) == {rule}


def test_wrong_points_a_missing_cell_and_a_doubled_one_are_found(release):
    findings = Findings()
    cell_of(release, "check_warmup_lr").metadata.nbgrader["points"] = 3
    release.cells.remove(cell_of(release, "check_warmup_first"))
    release.cells.append(nbformat.from_dict(cell_of(release, "check_warmup_then")))
    catalog._release(LESSON, release, findings)
    assert broken(findings) == {
        "points are those of the catalog",
        "every graded cell is in the lesson",
        "grade_ids are unique",
    }


def test_a_misspelt_marker_is_found(tmp_path):
    notebook = nbformat.read(notebooks_dir() / LESSON / f"{LESSON}.ipynb", as_version=4)
    cell = cell_of(notebook, "warmup_lr")
    cell.source = cell.source.replace("### BEGIN SOLUTION", "### BEGIN SOLUTON").replace("### END SOLUTION", "")
    nbformat.write(notebook, tmp_path / "lesson.ipynb")
    findings = Findings()
    catalog._release(LESSON, released(tmp_path / "lesson.ipynb"), findings)
    assert "an answer cell is blank" in broken(findings)


def test_a_mistake_that_is_none_is_found():
    exercise = find_exercise("warmup_lr")
    findings = Findings()
    right = Mistake("is-right", "This is right.", exercise.reference)
    catalog._mistakes(exercise.__class__(**(vars(exercise) | {"mistakes": (right,)})), findings)
    assert broken(findings) == {"known mistakes lose their points", "known mistakes are recognised by name"}
