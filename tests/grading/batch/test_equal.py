"""`lrcourse grade` leaves behind what `nbgrader autograde` leaves behind: every row, every file, byte for byte."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from small_class import CLASS, LESSON, WRONG, copy_of, everything, gradebook, left_behind, submit

from lrcourse.grading.batch.grade import How, grade_assignment, report
from lrcourse.grading.course import Course


@pytest.fixture(scope="module")
def by_nbgrader(submitted, tmp_path_factory):
    root = copy_of(submitted, tmp_path_factory.mktemp("nbgrader") / "course")
    course = Course(root)
    for student in CLASS:
        course.autograde(LESSON, student)
    return root


@pytest.fixture(scope="module")
def by_us(graded, tmp_path_factory):
    return copy_of(graded[0], tmp_path_factory.mktemp("lrcourse") / "course"), graded[1]


def test_gradebook_and_files_are_those_of_nbgrader(by_nbgrader, by_us):
    assert gradebook(by_us[0]) == gradebook(by_nbgrader)
    assert left_behind(by_us[0]) == left_behind(by_nbgrader)


def test_one_worker_does_as_two_do(submitted, by_us, tmp_path):
    root = copy_of(submitted, tmp_path / "course")
    grade_assignment(root, LESSON, how=How(workers=1, quiet=True))
    assert everything(root) == everything(by_us[0])


@pytest.fixture(scope="module")
def by_stock(submitted, tmp_path_factory):
    """The class as nbgrader grades it that has never heard of us, but for cleo: stock misses no lost notebook."""
    root = copy_of(submitted, tmp_path_factory.mktemp("stock") / "course")
    shutil.rmtree(root / "submitted" / "cleo")
    (root / "nbgrader_config.py").write_text(
        "c = get_config()\n"
        f'c.CourseDirectory.course_id, c.CourseDirectory.root = "lrcourse", {str(root)!r}\n'
        'c.CourseDirectory.source_directory = "notebooks"\n'
        'c.LateSubmissionPlugin.penalty_method = "zero"\n'
    )
    programs = Path(sys.executable).parent
    environment = os.environ | {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    line = [programs / "nbgrader", "autograde", LESSON]
    done = subprocess.run(line, cwd=root, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "SplitExecute" not in done.stderr
    return root


def test_the_marks_are_those_of_nbgrader_as_it_comes(by_stock, by_us):
    for student in ("ada", "ben"):
        assert automatic(by_stock, student) == automatic(by_us[0], student)
    assert sum(filter(None, automatic(by_us[0], "ada").values())) == 3


def test_the_rows_are_those_of_nbgrader_as_it_comes(by_stock, by_us):
    stock, ours = gradebook(by_stock), gradebook(by_us[0])
    assert stock.keys() == ours.keys()
    for table, rows in stock.items():
        assert rows == [row for row in ours[table] if "cleo" not in str(row)], table
    assert sum(map(len, stock.values())) > 30


def automatic(root, student):
    with Gradebook(f"sqlite:///{root}/gradebook.db") as book:
        notebooks = book.find_submission(LESSON, student).notebooks
        return {grade.name: grade.auto_score for notebook in notebooks for grade in notebook.grades}


def test_it_says_who_is_done_and_sums_up_without_a_terminal(by_us):
    lines = by_us[1].splitlines()
    assert "WITHOUT a sandbox" in lines[0]
    assert lines[1].startswith("grading 3 of 3; Dask: http://127.0.0.1:")
    assert {line.split(": ")[1] for line in lines[2:5]} == set(CLASS)
    assert "3 graded in" in lines[-1]


def grade_by_hand(root):
    """What a person does in formgrader: a score and a comment for an answer, one for a check, and a bonus."""
    with Gradebook(f"sqlite:///{root}/gradebook.db") as book:
        for student in ("ada", "ben"):
            essay = book.find_grade("essay", "a", LESSON, student)
            essay.manual_score, essay.needs_manual_grade = 2.5, False
            check = book.find_grade("check_time_based_decay", "a", LESSON, student)
            check.manual_score, check.extra_credit, check.needs_manual_grade = 1, 0.5, False
            book.find_comment("essay", "a", LESSON, student).manual_comment = "Well said."
        book.db.commit()


def test_a_regrade_keeps_what_people_have_graded_as_nbgrader_does(by_nbgrader, by_us, cluster):
    course = Course(by_nbgrader)
    for root in (by_nbgrader, by_us[0]):
        grade_by_hand(root)
        submit(root, "ada", {"time_based_decay": WRONG, "essay": "Why?"}, "2026-11-01 11:00:00 UTC")
        submit(root, "ben", {"time_based_decay": WRONG}, "2026-11-02 02:00:00 UTC")
    course.autograde(LESSON, "ada")
    course.autograde(LESSON, "ben")
    graded = grade_assignment(by_us[0], LESSON, how=How(scheduler=cluster.address, quiet=True))
    told = json.loads(report(graded, as_json=True))
    assert told["graded"] == 2  # the others are graded already, and no newer
    assert next((one["student"], one["points"]) for one in told["submissions"]) == ("ada", 4.0)
    assert everything(by_us[0]) == everything(by_nbgrader)
