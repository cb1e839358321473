"""A workspace gets the lessons once; what a student changed is never overwritten."""

import json
from pathlib import Path

import nbformat
import pytest

from lrcourse.errors import CommandError
from lrcourse.grading.release import notebook
from lrcourse.lab.workspace import RECORD, first_lesson, lay_out


@pytest.fixture
def course():
    """A course with one small lesson, as `lay_out` wants it; `edit` changes its text."""

    class Course(dict):
        def edit(self, text):
            notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text, id="only")])
            notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
            self[Path("01_demo/01_demo.ipynb")] = nbformat.writes(notebook) + "\n"

    course = Course()
    course.edit("first edition")
    return course


def names(paths):
    return [path.as_posix() for path in paths]


def test_the_first_time_the_lessons_are_written(course, tmp_path):
    laid = lay_out(tmp_path / "work", course)
    assert names(laid.written) == ["01_demo/01_demo.ipynb"]
    assert "first edition" in (tmp_path / "work/01_demo/01_demo.ipynb").read_text()


def test_a_second_time_nothing_changes(course, tmp_path):
    lay_out(tmp_path / "work", course)
    laid = lay_out(tmp_path / "work", course)
    assert (laid.written, laid.updated, laid.beside) == ([], [], [])
    assert names(laid.kept) == ["01_demo/01_demo.ipynb"]


def test_an_untouched_lesson_is_brought_up_to_date(course, tmp_path):
    lay_out(tmp_path / "work", course)
    course.edit("second edition")
    assert names(lay_out(tmp_path / "work", course).updated) == ["01_demo/01_demo.ipynb"]
    assert "second edition" in (tmp_path / "work/01_demo/01_demo.ipynb").read_text()


def test_a_changed_lesson_is_kept_and_the_new_version_put_beside_it_once(course, tmp_path):
    lay_out(tmp_path / "work", course)
    mine = tmp_path / "work/01_demo/01_demo.ipynb"
    mine.write_text(mine.read_text().replace("first", "my own"))
    assert lay_out(tmp_path / "work", course).beside == []  # there is nothing newer

    course.edit("second edition")
    assert names(lay_out(tmp_path / "work", course).beside) == ["01_demo/01_demo.new.ipynb"]
    assert lay_out(tmp_path / "work", course).beside == []  # offered once is enough
    course.edit("third edition")
    assert names(lay_out(tmp_path / "work", course).beside) == ["01_demo/01_demo.new-2.ipynb"]
    assert "my own edition" in mine.read_text()
    assert "second edition" in mine.with_name("01_demo.new.ipynb").read_text()


def test_a_file_of_unknown_origin_counts_as_the_students(course, tmp_path):
    mine = tmp_path / "work/01_demo/01_demo.ipynb"
    mine.parent.mkdir(parents=True)
    mine.write_text("not even a notebook")
    assert names(lay_out(tmp_path / "work", course).beside) == ["01_demo/01_demo.new.ipynb"]
    assert mine.read_text() == "not even a notebook"


def test_a_damaged_record_overwrites_nothing(course, tmp_path):
    lay_out(tmp_path / "work", course)
    mine = tmp_path / "work/01_demo/01_demo.ipynb"
    mine.write_text(mine.read_text().replace("first", "my own"))
    (tmp_path / "work" / RECORD).write_text("{")
    course.edit("second edition")
    assert names(lay_out(tmp_path / "work", course).beside) == ["01_demo/01_demo.new.ipynb"]
    assert "my own edition" in mine.read_text()


def test_a_lesson_the_student_deleted_comes_back(course, tmp_path):
    lay_out(tmp_path / "work", course)
    (tmp_path / "work/01_demo/01_demo.ipynb").unlink()
    assert names(lay_out(tmp_path / "work", course).written) == ["01_demo/01_demo.ipynb"]


def test_the_record_is_plain_json(course, tmp_path):
    lay_out(tmp_path / "work", course)
    record = json.loads((tmp_path / "work" / RECORD).read_text())
    assert list(record) == ["01_demo/01_demo.ipynb"]


def test_a_folder_that_cannot_be_written_is_named(course, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CommandError, match=r"Cannot write the lessons to .*file"):
        lay_out(tmp_path / "file", course)


def test_a_class_that_was_given_its_lessons_begins_with_the_first(tmp_path):
    for name in ("01_demo", "00_start"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.ipynb").touch()
    assert first_lesson(tmp_path) == Path("00_start/00_start.ipynb")


def test_a_folder_without_lessons_says_so(tmp_path):
    with pytest.raises(CommandError, match=r"There are no lessons in .*\. Name the folder"):
        first_lesson(tmp_path)


def test_a_course_without_lessons_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(notebook, "notebooks_dir", lambda: tmp_path)
    with pytest.raises(CommandError, match="There are no lessons"):
        notebook.released_lessons()
