"""A workspace gets the lessons once; what a student changed is never overwritten."""

import json

import nbformat
import pytest

from lrcourse import workspace
from lrcourse.errors import CommandError
from lrcourse.workspace import lay_out


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course with one small lesson; returns a function that changes its text."""
    folder = tmp_path / "course" / "01_demo"
    folder.mkdir(parents=True)

    def edit(text):
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text, id="only")])
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(notebook, folder / "01_demo.ipynb")

    edit("first edition")
    monkeypatch.setattr(workspace, "notebooks_dir", lambda: tmp_path / "course")
    return edit


def names(paths):
    return [path.as_posix() for path in paths]


def test_the_first_time_the_lessons_are_written(course, tmp_path):
    laid = lay_out(tmp_path / "work")
    assert names(laid.written) == ["01_demo/01_demo.ipynb"]
    assert "first edition" in (tmp_path / "work/01_demo/01_demo.ipynb").read_text()


def test_a_second_time_nothing_changes(course, tmp_path):
    lay_out(tmp_path / "work")
    laid = lay_out(tmp_path / "work")
    assert (laid.written, laid.updated, laid.beside) == ([], [], [])
    assert names(laid.kept) == ["01_demo/01_demo.ipynb"]


def test_an_untouched_lesson_is_brought_up_to_date(course, tmp_path):
    lay_out(tmp_path / "work")
    course("second edition")
    assert names(lay_out(tmp_path / "work").updated) == ["01_demo/01_demo.ipynb"]
    assert "second edition" in (tmp_path / "work/01_demo/01_demo.ipynb").read_text()


def test_a_changed_lesson_is_kept_and_the_new_version_put_beside_it_once(course, tmp_path):
    lay_out(tmp_path / "work")
    mine = tmp_path / "work/01_demo/01_demo.ipynb"
    mine.write_text(mine.read_text().replace("first", "my own"))
    assert lay_out(tmp_path / "work").beside == []  # there is nothing newer

    course("second edition")
    assert names(lay_out(tmp_path / "work").beside) == ["01_demo/01_demo.new.ipynb"]
    assert lay_out(tmp_path / "work").beside == []  # offered once is enough
    course("third edition")
    assert names(lay_out(tmp_path / "work").beside) == ["01_demo/01_demo.new-2.ipynb"]
    assert "my own edition" in mine.read_text()
    assert "second edition" in mine.with_name("01_demo.new.ipynb").read_text()


def test_a_file_of_unknown_origin_counts_as_the_students(course, tmp_path):
    mine = tmp_path / "work/01_demo/01_demo.ipynb"
    mine.parent.mkdir(parents=True)
    mine.write_text("not even a notebook")
    assert names(lay_out(tmp_path / "work").beside) == ["01_demo/01_demo.new.ipynb"]
    assert mine.read_text() == "not even a notebook"


def test_a_damaged_record_overwrites_nothing(course, tmp_path):
    lay_out(tmp_path / "work")
    mine = tmp_path / "work/01_demo/01_demo.ipynb"
    mine.write_text(mine.read_text().replace("first", "my own"))
    (tmp_path / "work" / workspace.RECORD).write_text("{")
    course("second edition")
    assert names(lay_out(tmp_path / "work").beside) == ["01_demo/01_demo.new.ipynb"]
    assert "my own edition" in mine.read_text()


def test_a_lesson_the_student_deleted_comes_back(course, tmp_path):
    lay_out(tmp_path / "work")
    (tmp_path / "work/01_demo/01_demo.ipynb").unlink()
    assert names(lay_out(tmp_path / "work").written) == ["01_demo/01_demo.ipynb"]


def test_the_record_is_plain_json(course, tmp_path):
    lay_out(tmp_path / "work")
    record = json.loads((tmp_path / "work" / workspace.RECORD).read_text())
    assert list(record) == ["01_demo/01_demo.ipynb"]


def test_a_folder_that_cannot_be_written_is_named(course, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CommandError, match=r"Cannot write the lessons to .*file"):
        lay_out(tmp_path / "file")


def test_a_course_without_lessons_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(workspace, "notebooks_dir", lambda: tmp_path)
    with pytest.raises(CommandError, match="There are no lessons"):
        lay_out(tmp_path / "work")
