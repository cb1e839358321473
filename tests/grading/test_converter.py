"""nbgrader's own commands on a small class: what each submission comes to, and that none stops another."""

import json
import os
import shutil
import subprocess
import sys
from copy import deepcopy
from pathlib import Path

import nbformat
import nbgrader.apps.api
import nbgrader.apps.autogradeapp
import pytest
from active import Inventory
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.nbgraderformat import SchemaTooOldError
from nbgrader.preprocessors import NbGraderPreprocessor
from payloads import ACT, MARKDOWN
from traitlets.config import Config

from lrcourse.grading import configure, submission
from lrcourse.grading.course import Course, StepFailed
from lrcourse.grading.gradebook.journal import only_driver
from lrcourse.grading.intake.intake import refusal
from lrcourse.grading.plugin import SafeAutograde
from lrcourse.grading.release.record import load_record, record_of

LESSON = "small"
CONFIG = "from lrcourse.grading import configure\n\nc = get_config()\nconfigure(c)\nc.SplitExecute.sandbox = 'none'\n"


def nbgrader_command(root, *arguments):
    """`nbgrader ...` in the course, as an instructor types it."""
    program = Path(sys.executable).with_name("nbgrader")
    return subprocess.run([sys.executable, program, *arguments], cwd=root, capture_output=True, text=True)


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """A course with one released assignment of two questions."""
    root = tmp_path_factory.mktemp("course")
    (root / "nbgrader_config.py").write_text(CONFIG)
    folder = root / "notebooks" / LESSON
    folder.mkdir(parents=True)
    cells = [new_markdown_cell("# Small"), new_code_cell("x = 1"), new_code_cell('question("purpose")')]
    cells += [new_markdown_cell("And"), new_code_cell('question("warmup-first")')]
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    nb = new_notebook(cells=cells, metadata={"kernelspec": kernel})
    nbformat.write(nb, folder / f"{LESSON}.ipynb")
    Course(root).generate(LESSON)
    return root


@pytest.fixture
def course(released, tmp_path):
    """A copy of it."""
    root = tmp_path / "course"
    shutil.copytree(released, root)
    return Course(root)


def release(root):
    return nbformat.read(root / "release" / LESSON / f"{LESSON}.ipynb", as_version=4)


def cell(nb, grade_id):
    (found,) = [each for each in nb.cells if each.metadata.get("nbgrader", {}).get("grade_id") == grade_id]
    return found


def hand_in(root, student, nb=None, **answers):
    """Put a submission into submitted/; without a notebook, the release with these answers."""
    if nb is None:
        nb = release(root)
        for name, source in (answers or {"answer_purpose": 'answer_purpose = "B"'}).items():
            cell(nb, name).source = source
    folder = root / "submitted" / student / LESSON
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{LESSON}.ipynb").write_text(nb if isinstance(nb, str) else nbformat.writes(nb))
    (folder / "timestamp.txt").write_text("2026-01-31 12:00:00.000000 UTC")
    (folder / "submission_secret.txt").write_text(f"{student:x<40}")
    return folder


def marks(root):
    """The points of every student with a submission in the gradebook."""
    with Gradebook(f"sqlite:///{root}/gradebook.db", "lrcourse") as gradebook:
        return {each.student.id: each.score for each in gradebook.assignment_submissions(LESSON)}


def test_the_release_is_recorded(course):
    record = load_record(course.root, LESSON, LESSON, course.db_url)
    assert record == record_of(release(course.root))
    assert [each.grade_id for each in record.cells if each.is_check] == ["check_purpose", "check_warmup_first"]


def test_an_older_release_is_found_without_a_record(course):
    record = load_record(course.root, LESSON, LESSON, course.db_url)
    shutil.rmtree(course.root / ".lrcourse")
    assert load_record(course.root, LESSON, LESSON, course.db_url) == record
    shutil.rmtree(course.root / "release")
    found = load_record(course.root, LESSON, LESSON, course.db_url)
    special = {each.grade_id: each for each in record.cells if each.nbgrader}
    assert {each.grade_id: (each.nbgrader, each.source) for each in found.cells} == {
        name: (each.nbgrader, each.source) for name, each in special.items()
    }
    order = [each.grade_id for each in found.cells]
    for name in ("purpose", "warmup_first"):
        assert order.index(f"answer_{name}") < order.index(f"check_{name}")


def test_both_of_nbgraders_ways_use_it():
    configure(Config())
    assert nbgrader.apps.autogradeapp.Autograde is SafeAutograde
    assert nbgrader.apps.api.Autograde is SafeAutograde


def pasted(root):
    nb = release(root)
    cell(nb, "answer_purpose").source = 'answer_purpose = "B"'
    copied = deepcopy(cell(nb, "check_purpose"))
    copied.id = "pasted"
    copied.metadata.nbgrader.pop("schema_version")
    nb.cells.insert(0, copied)
    return nb


def too_new(root):
    nb = release(root)
    cell(nb, "answer_purpose").source = 'answer_purpose = "B"'
    for each in nb.cells:
        if "nbgrader" in each.metadata:
            each.metadata.nbgrader.schema_version = 99
    return nb


def hostile_texts(root):
    nb = release(root)
    cell(nb, "answer_purpose").source = f'answer_purpose = "B"  # <script>{ACT}</script>'
    nb.cells[1:1] = [new_markdown_cell(text) for text in MARKDOWN.values() if len(text) < 1000]
    nb.cells.insert(1, new_code_cell(f"from IPython.display import HTML\nHTML('<script>{ACT}</script>')"))
    return nb


@pytest.fixture(scope="module")
def graded(released, tmp_path_factory):
    """A class with broken submissions between honest ones, after one `nbgrader autograde` and `generate_feedback`."""
    root = tmp_path_factory.mktemp("graded") / "course"
    shutil.copytree(released, root)
    hand_in(root, "ada")
    hand_in(root, "bad-json", nb="{")
    hand_in(root, "copies", nb=pasted(root))
    hand_in(root, "empty", nb="")
    hand_in(root, "hostile", nb=hostile_texts(root))
    link = root / "submitted" / "link" / LESSON
    link.parent.mkdir()
    link.symlink_to(root / "submitted" / "ada" / LESSON, target_is_directory=True)
    hand_in(root, "new-schema", nb=too_new(root))
    renamed = hand_in(root, "renamed")
    (renamed / f"{LESSON}.ipynb").rename(renamed / "Untitled (1).ipynb")
    without = hand_in(root, "without-timestamp")
    (without / "timestamp.txt").unlink()
    (without / "submission_secret.txt").unlink()
    hand_in(root, "zoe", answer_warmup_first='answer_warmup_first = "Z"')
    before = {path: path.lstat().st_mtime_ns for path in (root / "submitted").rglob("*")}
    autograded = nbgrader_command(root, "autograde", LESSON)
    assert {path: path.lstat().st_mtime_ns for path in (root / "submitted").rglob("*")} == before
    return root, autograded, nbgrader_command(root, "generate_feedback", LESSON)


HONEST = ["ada", "copies", "hostile", "new-schema", "renamed", "without-timestamp"]
REFUSED = {
    "bad-json": "small.ipynb is not a notebook: its text is not complete JSON (line 1).",
    "empty": "small.ipynb is empty.",
    "link": "The submitted folder is a link.",
}


def test_every_submission_that_can_be_graded_is(graded):
    root, _, _ = graded
    assert marks(root) == dict.fromkeys(HONEST, 1.0) | {"zoe": 0.0}


def test_what_was_refused_is_told_and_ends_the_batch_in_an_error(graded):
    root, autograded, _ = graded
    assert autograded.returncode == 1
    assert "Traceback" not in autograded.stderr
    for student, sentence in REFUSED.items():
        assert f"the submission of {student} was not graded. {sentence}" in autograded.stderr
        assert refusal(root, LESSON, student) == sentence
        assert not (root / "autograded" / student).exists()
    assert refusal(root, LESSON, "ada") is None


def test_repairs_and_renamings_are_told(graded):
    _, autograded, _ = graded
    assert "copies: check_purpose: there are 2 copies; one counts." in autograded.stderr
    assert "renamed: Untitled (1).ipynb was taken for small.ipynb, by its content." in autograded.stderr


def test_feedback_shows_what_the_check_said_and_nothing_that_acts(graded):
    root, _, feedback = graded
    assert feedback.returncode == 0, feedback.stderr
    pages = {path.parts[-3]: path.read_text() for path in (root / "feedback").rglob("*.html")}
    assert sorted(pages) == sorted([*HONEST, "zoe"])
    assert "purpose: you chose B" in pages["ada"]
    assert Inventory(pages["hostile"]).found == Inventory(pages["ada"]).found


def test_feedback_can_be_released_for_all(graded):
    root, _, _ = graded
    (root / "exchange").mkdir(mode=0o777)
    (root / "exchange").chmod(0o777)
    done = nbgrader_command(root, "release_feedback", LESSON)
    assert done.returncode == 0, done.stderr
    assert len(list((root / "exchange").rglob("*.html"))) == len(HONEST) + 1


def test_a_second_run_grades_nothing_again_and_a_new_submission_alone(graded, tmp_path):
    root = tmp_path / "again"
    shutil.copytree(graded[0], root, symlinks=True)
    folder = hand_in(root, "zoe", answer_warmup_first='answer_warmup_first = "B"')
    (folder / "timestamp.txt").write_text("2026-02-01 12:00:00.000000 UTC")
    done = nbgrader_command(root, "autograde", LESSON)
    assert done.stderr.count("Skipping existing assignment") == len(HONEST)
    assert "Updating existing assignment" in done.stderr
    assert done.returncode == 1  # the refused ones are still there


def test_a_folder_whose_name_nobody_can_keep_is_refused_by_name_and_stops_nobody(course):
    names = {os.fsdecode(b"m\xfcller"): "m\\udcfcller", "ada\nben": "ada\\nben", ".eve": ".eve"}
    for name in ("ada", *names):
        hand_in(course.root, "eve").parent.rename(course.root / "submitted" / name)
    ran = nbgrader_command(course.root, "autograde", LESSON)
    assert ran.returncode != 0
    assert "Logging error" not in ran.stderr
    for shown in names.values():
        assert f"the submission of {shown} was not graded. Its folder's name" in ran.stderr
    assert marks(course.root) == {"ada": 1.0}
    assert os.listdir(course.root / "autograded") == ["ada"]
    ran = nbgrader_command(course.root, "generate_feedback", LESSON)
    assert ran.returncode == 0, ran.stderr
    assert os.listdir(course.root / "feedback") == ["ada"]


def test_one_student_and_force(course):
    for student in ("ada", "bob"):
        hand_in(course.root, student)
    done = nbgrader_command(course.root, "autograde", LESSON, "--student", "a*", "--force")
    assert done.returncode == 0, done.stderr
    assert marks(course.root) == {"ada": 1.0}


def test_formgraders_button_goes_the_same_way(course):
    hand_in(course.root, "copies", nb=pasted(course.root))
    hand_in(course.root, "empty", nb="")
    course.autograde(LESSON, "copies")
    assert marks(course.root) == {"copies": 1.0}
    with pytest.raises(StepFailed, match=r"small\.ipynb is empty\."):
        course.autograde(LESSON, "empty")


def test_a_student_who_is_left_out_is_not_taken_in(course):
    hand_in(course.root, "ada")
    course.config.CourseDirectory.student_id_exclude = "ada"
    course.autograde(LESSON, "ada")
    assert not (course.root / ".lrcourse" / "intake").exists()


def test_no_submission_and_no_assignment_are_said(course):
    with pytest.raises(StepFailed, match="No notebooks were matched"):
        course.autograde(LESSON, "nobody")
    folder = course.root / "submitted" / "ada" / "unknown"
    folder.mkdir(parents=True)
    (folder / "x.ipynb").write_text("{}")
    with pytest.raises(
        StepFailed, match=r"The gradebook has no assignment unknown. `nbgrader generate_assignment unknown` puts it"
    ):
        course.autograde("unknown", "ada")


def test_a_surprise_while_taking_in_stops_one_student_only(course):
    for student in ("ada", "bob"):
        hand_in(course.root, student)
    broken = course.root / ".lrcourse" / "intake" / "ada" / LESSON
    broken.parent.mkdir(parents=True)
    broken.write_text("a file in the place of the folder")
    done = nbgrader_command(course.root, "autograde", LESSON)
    assert done.returncode == 1
    assert marks(course.root) == {"bob": 1.0}
    told = json.loads((broken.parent / f"{LESSON}.json").read_text())["refused"]
    assert told == "It could not be taken in: NotADirectoryError."


@pytest.mark.parametrize("error", [SchemaTooOldError("x", 1, 3), NbGraderException("x"), RuntimeError("x")])
def test_an_error_at_which_nbgrader_ends_the_batch_stops_one_student_only(course, monkeypatch, error):
    repair = submission.repair

    def repairing(nb, record):
        if any("bob" in each.source for each in nb.cells):
            raise error
        return repair(nb, record)

    for student in ("ada", "bob", "zoe"):
        hand_in(course.root, student, answer_purpose=f'answer_purpose = "B"  # {student}')
    monkeypatch.setattr(submission, "repair", repairing)
    coursedir = CourseDirectory(config=course.config, assignment_id=LESSON, student_id="*")
    with pytest.raises(NbGraderException, match=r"^Not graded: bob\.$"):
        SafeAutograde(coursedir=coursedir, config=course.config).start()
    assert marks(course.root) == {"ada": 1.0, "zoe": 1.0}


def test_a_student_who_is_not_in_the_gradebook_can_be_left_out(course):
    for student in ("ada", "bob"):
        hand_in(course.root, student)
    with Gradebook(course.db_url, "lrcourse") as gradebook:
        gradebook.add_student("ada")
    done = nbgrader_command(course.root, "autograde", LESSON, "--Autograde.create_student=False")
    assert done.returncode == 1
    assert "the submission of bob was not graded. No student with ID 'bob' exists in the database." in done.stderr
    assert marks(course.root) == {"ada": 1.0}


def test_the_courses_own_step_of_nbgrader_is_taken(course):
    course.config.Autograde.autograde_preprocessors = [*Autograde.autograde_preprocessors.default_args[0], Signed]
    hand_in(course.root, "ada")
    course.autograde(LESSON)
    graded = nbformat.read(course.root / "autograded" / "ada" / LESSON / f"{LESSON}.ipynb", as_version=4)
    assert graded.cells[-1].source == "signed"


class Signed(NbGraderPreprocessor):
    def preprocess(self, nb, resources):
        nb.cells.append(new_markdown_cell("signed"))
        return nb, resources


def test_while_another_run_is_at_work_it_says_so(course):
    hand_in(course.root, "ada")
    with only_driver(course.root), pytest.raises(StepFailed, match="Another `lrcourse grade` is running"):
        course.autograde(LESSON)


def test_the_gradebook_has_no_row_of_a_refused_submission(graded):
    with Gradebook(f"sqlite:///{graded[0]}/gradebook.db", "lrcourse") as gradebook:
        for student in REFUSED:
            with pytest.raises(MissingEntry):
                gradebook.find_submission(LESSON, student)
