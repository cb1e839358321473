"""Every lesson through nbgrader's own generate_assignment: what is released, and the points in the gradebook."""

import shutil

import nbformat
import pytest

from lrcourse.checking.catalog import exercises_of
from lrcourse.grading.course import Course, StepFailed
from lrcourse.grading.release.notebook import released
from lrcourse.locations import notebooks_dir
from lrcourse.quiz.bank import find_question
from lrcourse.quiz.cells import asked_in

LESSONS = sorted(path.parent.name for path in notebooks_dir().glob("*/*.ipynb"))


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    root = tmp_path_factory.mktemp("course")
    shutil.copytree(notebooks_dir(), root / "notebooks")
    course = Course(root)
    for lesson in LESSONS:
        course.generate(lesson)
    return course


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_gradebook_has_the_points_of_the_catalog_and_the_bank(course, lesson):
    source = nbformat.read(notebooks_dir() / lesson / f"{lesson}.ipynb", as_version=4)
    asked = {asked_in(cell.source) for cell in source.cells if cell.cell_type == "code"} - {None}
    questions = [find_question(id) for id in asked]
    assert len(questions) >= 1
    wanted = {f"check_{exercise.id}": exercise.points for exercise in exercises_of(lesson)}
    wanted |= {question.check_cell: question.points for question in questions if not question.practice}
    with course.gradebook as gradebook:
        (notebook,) = gradebook.find_assignment(lesson).notebooks
        assert {cell.name: cell.max_score for cell in notebook.grade_cells} == wanted


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_release_is_the_one_that_a_workspace_gets(course, lesson):
    (path,) = (course.root / "release" / lesson).iterdir()  # nothing but the notebook, the text least of all
    assert path.name == f"{lesson}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    wanted = released(notebooks_dir() / lesson / f"{lesson}.ipynb")
    assert [(cell.id, cell.source, cell.metadata) for cell in notebook.cells] == [
        (cell.id, cell.source, cell.metadata) for cell in wanted.cells
    ]
    assert notebook.metadata == wanted.metadata


def test_questions_come_in_spanish_if_the_course_says_so(tmp_path):
    shutil.copytree(notebooks_dir() / "01_why_schedule", tmp_path / "notebooks" / "01_why_schedule")
    course = Course(tmp_path)
    course.config.QuestionCells.language = "es"
    course.generate("01_why_schedule")
    text = (tmp_path / "release" / "01_why_schedule" / "01_why_schedule.ipynb").read_text(encoding="utf-8")
    assert "¿Cuál es el propósito principal" in text
    assert 'check(\\"purpose\\", language=\\"es\\")' in text
    assert "What is the primary purpose" not in text


def test_a_question_that_is_not_in_the_bank_stops_the_release(tmp_path):
    folder = tmp_path / "notebooks" / "05_warmup"
    folder.mkdir(parents=True)
    cell = nbformat.v4.new_code_cell('question("no-such-question")')
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), folder / "05_warmup.ipynb")
    with pytest.raises(StepFailed, match='asks question "no-such-question", which is not in the bank'):
        Course(tmp_path).generate("05_warmup")
