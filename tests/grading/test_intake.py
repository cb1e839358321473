"""Submissions as they come: each is taken in safely, or refused with one sentence; what was submitted stays."""

import hashlib
import json
import os
import socket
from pathlib import Path

import nbformat
import pytest
from nbgrader.utils import parse_utc
from released_notebook import HALF, TWICE, answered, cell, record, release

from lrcourse.grading.intake import intake, notebook_file, submission_folder
from lrcourse.grading.intake.intake import Refused, take_in
from lrcourse.grading.intake.notebook_file import NotANotebook, read_notebook
from lrcourse.grading.intake.submission_folder import CannotRead, open_folder
from lrcourse.grading.release.record import Record, ReleasedCell

NAME = "lesson"


@pytest.fixture
def folder(tmp_path):
    """An honest submission."""
    folder = tmp_path / "submitted" / "ada" / NAME
    folder.mkdir(parents=True)
    (folder / f"{NAME}.ipynb").write_text(nbformat.writes(answered()))
    (folder / "timestamp.txt").write_text("2026-01-31 12:00:00.000000 UTC")
    (folder / "submission_secret.txt").write_text("a" * 128)
    return folder


@pytest.fixture
def take(folder, tmp_path):
    """Take the submission in; it must be the same afterwards."""

    def run(records=None):
        before = snapshot(folder.parent)
        try:
            return take_in(folder, records or {NAME: record()}, tmp_path / "in", ["feedback"])
        finally:
            assert snapshot(folder.parent) == before

    return run


def snapshot(folder):
    found = {}
    for path in sorted(folder.rglob("*")):
        about = path.lstat()
        content = path.read_bytes() if path.is_file() and not path.is_symlink() and about.st_size < 10**7 else b""
        found[path] = about.st_mode, about.st_size, about.st_mtime_ns, hashlib.sha256(content).digest()
    return found


def sources(tmp_path):
    nb = nbformat.read(tmp_path / "in" / f"{NAME}.ipynb", as_version=4)
    nbformat.validate(nb)
    return [each.source for each in nb.cells]


HONEST = [each.source for each in answered().cells]


def test_an_honest_submission(take, tmp_path):
    taken = take()
    assert taken.notes == []
    assert sorted(taken.files) == ["lesson.ipynb", "submission_secret.txt", "timestamp.txt"]
    assert sources(tmp_path) == HONEST
    assert (tmp_path / "in" / "submission_secret.txt").read_text() == "a" * 128
    assert "2026-01-31 12:00:00" in (tmp_path / "in" / "timestamp.txt").read_text()


def test_taking_in_again_replaces_the_copy(take, folder, tmp_path):
    (folder / "data.csv").write_text("1,2")
    take()
    (folder / "data.csv").unlink()
    take()
    assert not (tmp_path / "in" / "data.csv").exists()
    (folder / f"{NAME}.ipynb").write_text("")
    with pytest.raises(Refused):
        take()
    assert not (tmp_path / "in").exists()
    assert not list(tmp_path.glob(".new-*"))


# --- what the notebook file holds ---

AS_JSON = json.loads(nbformat.writes(answered()))


def text(**changes):
    return json.dumps(AS_JSON | changes)


def with_cell(**changes):
    cells = [dict(each) for each in AS_JSON["cells"]]
    cells[0] |= changes
    return text(cells=cells)


def format_3():
    cells = []
    for each in AS_JSON["cells"]:
        if each["cell_type"] == "code":
            cells.append({"cell_type": "code", "input": each["source"], "outputs": [], "language": "python"})
        else:
            cells.append({"cell_type": "markdown", "source": each["source"], "metadata": {}})
    cells[0] = {"cell_type": "heading", "level": 1, "source": "A lesson"}
    return json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}]})


READABLE = {
    "a byte order mark": b"\xef\xbb\xbf" + text().encode(),
    "UTF-16": text().encode("utf-16"),
    "UTF-16 without a mark": text().encode("utf-16-le"),
    "no UTF-8": json.dumps(AS_JSON | {"metadata": {"author": "José"}}, ensure_ascii=False).encode("cp1252"),
    "Windows line ends": text().replace("\\n", "\\r\\n").encode(),
    "strings instead of lists": with_cell(source="# A lesson\n\nwith an aim.").encode(),
    "format 3": format_3().encode(),
    "format 5": text(nbformat=5, nbformat_minor=7).encode(),
    "no format": json.dumps({"cells": AS_JSON["cells"]}).encode(),
    "format of a wrong type": text(nbformat="four", nbformat_minor=[]).encode(),
    "metadata of a wrong type": text(metadata=["x"]).encode(),
    "cell metadata of a wrong type": with_cell(metadata=7).encode(),
    "nbgrader metadata of a wrong type": with_cell(metadata={"nbgrader": [1]}).encode(),
    "a source of a wrong type": with_cell(source={"a": 1}).encode(),
    "an unknown type of cell": with_cell(cell_type="evil").encode(),
    "a type of cell of a wrong type": with_cell(cell_type=["code"]).encode(),
    "outputs of a wrong type": with_cell(outputs="x", execution_count="<b>").encode(),
    "an id of a wrong type": with_cell(id={"x": 1}).encode(),
    "an id that is too long": with_cell(id="x" * 500).encode(),
    "attachments of a wrong type": with_cell(attachments=[1, {"a": 2}]).encode(),
    "cells that are none": text(cells=[*AS_JSON["cells"], 5, None, "x", []]).encode(),
    "NaN": with_cell(metadata={"x": 1.5}).replace("1.5", "NaN").encode(),
    "a number of 10000 digits": with_cell(metadata={"x": 1.5}).replace("1.5", "9" * 10_000).encode(),
    "keys twice": (text()[:-1] + ', "metadata": {"x": 1}, "metadata": {}}').encode(),
    "half a character": with_cell(source="# A lesson\n\nwith an aim. \ud800").encode(),
    "zero bytes in a text": with_cell(source="# A lesson\0").encode(),
    "unknown keys": text(evil=[1, 2]).encode(),
}


@pytest.mark.parametrize("name", READABLE)
def test_a_notebook_in_another_shape_is_read(name, take, folder, tmp_path):
    (folder / f"{NAME}.ipynb").write_bytes(READABLE[name])
    take()
    found = sources(tmp_path)
    assert [source for source in found if source in HONEST[1:]] == HONEST[1:]
    assert not any("\ud800" in source or "\0" in source or "\r" in source for source in found)


UNREADABLE = {
    "empty": (b"", "lesson.ipynb is empty."),
    "blank": (b" \n\n", "lesson.ipynb is empty."),
    "cut off": (text().encode()[:-500], "lesson.ipynb is not a notebook: its text is not complete JSON (line 1)."),
    "no JSON": (b"def half(x): ...", "lesson.ipynb is not a notebook: its text is not complete JSON (line 1)."),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "is not a notebook: its text is not complete JSON"),
    "a web page": (b"<!DOCTYPE html><html></html>", "is not a notebook: its text is not complete JSON"),
    "a list": (b"[1, 2]", "lesson.ipynb is not a notebook: its JSON is something else."),
    "a number": (b"5", "lesson.ipynb is not a notebook: its JSON is something else."),
    "no cells": (b'{"nbformat": 4}', "lesson.ipynb is not a notebook: it has no list of cells."),
    "cells of a wrong type": (text(cells="x").encode(), "lesson.ipynb is not a notebook: it has no list of cells."),
    "an empty list of cells": (text(cells=[]).encode(), "lesson.ipynb has no cells."),
    "deep lists": (b"[" * 100_000 + b"]" * 100_000, "lesson.ipynb is nested too deeply."),
    "deep cells": (b'{"cells": ' * 50_000 + b"1" + b"}" * 50_000, "lesson.ipynb is nested too deeply."),
    "a million lists": (b"[" + b"[]," * 1_000_001 + b"0]", "has more in it than a notebook of this course can have."),
    "a text of two million letters": (with_cell(source="x" * 2_000_000).encode(), "has more text in it than"),
    "too many cells": (text(cells=AS_JSON["cells"] * 50).encode(), "has more text in it than"),
    "another notebook": (
        nbformat.writes(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("import math")])).encode(),
        "lesson.ipynb is a different notebook: it holds nothing of lesson as it was released.",
    ),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_no_notebook_is_refused_with_a_sentence(name, take, folder):
    data, sentence = UNREADABLE[name]
    (folder / f"{NAME}.ipynb").write_bytes(data)
    with pytest.raises(Refused) as refused:
        take()
    assert sentence in str(refused.value)
    assert str(refused.value).count("\n") == 0


def test_fifty_megabytes_of_outputs_are_left_behind(take, folder, tmp_path):
    nb = answered()
    nb.cells[1].outputs = [nbformat.v4.new_output("stream", text="x" * 1_000_000) for _ in range(50)]
    (folder / f"{NAME}.ipynb").write_text(nbformat.writes(nb))
    take()
    assert sources(tmp_path) == HONEST
    assert (tmp_path / "in" / f"{NAME}.ipynb").stat().st_size < 10_000


def test_of_the_metadata_only_the_claim_of_a_cell_is_read():
    nb = answered()
    nb.metadata["widgets"] = {"x": 1}
    nb.cells[1].metadata["evil"] = "x"
    read = read_notebook(nbformat.writes(nb).encode())
    assert read.metadata == {}
    assert cell(read, "half").metadata == {"nbgrader": {"grade_id": "half"}}
    assert {key for each in read.cells for key in each.metadata} == {"nbgrader"}


def test_reading_says_what_is_wrong():
    with pytest.raises(NotANotebook, match=r"^is empty$"):
        read_notebook(b"")


def test_a_file_of_short_strings_is_not_even_parsed(monkeypatch):
    monkeypatch.setattr(notebook_file, "MOST_STRINGS", 100)
    with pytest.raises(NotANotebook, match="has more in it"):
        read_notebook(text().encode())


# --- which file is the notebook ---


@pytest.mark.parametrize(
    "name",
    ["Untitled.ipynb", "lesson (1).ipynb", "lesson.ipynb.txt", "lesson.ipynb.json", "Lesson.IPYNB", "my work.ipynb",
     "lesson-Copy1.ipynb", "lesson", "deep/down/lesson.ipynb", "x\ny.ipynb", "lección.ipynb", "work.json"],
)  # fmt: skip
def test_a_renamed_notebook_is_known_by_its_content(name, take, folder, tmp_path):
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / f"{NAME}.ipynb").rename(folder / name)
    if name == "lesson":
        with pytest.raises(Refused, match=r"^There isn't a notebook in it; lesson\.ipynb is expected\.$"):
            take()
        return
    assert [note for note in take().notes if note.endswith("was taken for lesson.ipynb, by its content.")]
    assert sources(tmp_path) == HONEST


def write(path, nb, age=0):
    path.write_text(nbformat.writes(nb))
    os.utime(path, (1_700_000_000 - age,) * 2)


def test_the_right_name_wins_if_it_has_answers(take, folder, tmp_path):
    write(folder / f"{NAME}.ipynb", answered(), age=100)
    write(folder / "other.ipynb", answered(half="def half(x):\n    return 0"))
    assert take().notes == ["other.ipynb also holds lesson and was not graded."]
    assert sources(tmp_path) == HONEST


def test_an_untouched_release_under_the_right_name_does_not_win(take, folder, tmp_path):
    write(folder / f"{NAME}.ipynb", release())
    write(folder / f"{NAME} (1).ipynb", answered(), age=100)
    assert "lesson (1).ipynb was taken for lesson.ipynb, by its content." in take().notes
    assert sources(tmp_path) == HONEST


def test_a_broken_file_under_the_right_name_does_not_win(take, folder, tmp_path):
    (folder / f"{NAME}.ipynb").write_text("{")
    write(folder / "copy.ipynb", answered())
    take()
    assert sources(tmp_path) == HONEST


def test_of_two_under_other_names_the_one_with_more_answers_is_taken(take, folder, tmp_path):
    (folder / f"{NAME}.ipynb").unlink()
    write(folder / "a.ipynb", answered(), age=100)
    write(folder / "b.ipynb", answered(half=cell(release(), "half").source))
    assert "a.ipynb was taken for lesson.ipynb, by its content." in take().notes


def test_of_two_with_as_many_answers_the_newer_is_taken(take, folder, tmp_path):
    (folder / f"{NAME}.ipynb").unlink()
    write(folder / "a.ipynb", answered())
    write(folder / "b.ipynb", answered(half="def half(x):\n    return 0"), age=100)
    notes = take().notes
    assert notes == [
        "a.ipynb was taken for lesson.ipynb, by its content.",
        "b.ipynb also holds lesson and was not graded.",
    ]


def test_a_notebook_without_metadata_under_another_name(take, folder, tmp_path):
    nb = answered()
    for number, each in enumerate(nb.cells):
        each.metadata.clear()
        each.id = f"n{number}"
    (folder / f"{NAME}.ipynb").unlink()
    write(folder / "Untitled.ipynb", nb)
    take()
    assert sources(tmp_path) == HONEST


def test_autosaved_copies_do_not_count(take, folder):
    (folder / ".ipynb_checkpoints").mkdir()
    (folder / f"{NAME}.ipynb").rename(folder / ".ipynb_checkpoints" / f"{NAME}-checkpoint.ipynb")
    with pytest.raises(Refused, match=r"^There isn't a notebook in it; lesson\.ipynb is expected\.$"):
        take()


def test_one_of_two_notebooks_is_missing(take, tmp_path):
    both = {"another": Record((ReleasedCell("n", "code", "y = 2"),)), NAME: record()}
    assert take(both).notes == ["There isn't a notebook in it; another.ipynb is expected."]
    assert sources(tmp_path) == HONEST


def test_two_notebooks_with_swapped_content_keep_their_names(take, folder, tmp_path):
    write(folder / "another.ipynb", answered())
    assert take({"another": record(), NAME: record()}).notes == []
    assert sources(tmp_path) == HONEST


# --- links, devices, sizes, names ---


@pytest.fixture
def secret(tmp_path):
    """Something of the course that no submission may reach."""
    path = tmp_path / "gradebook.db"
    path.write_text("CANARY")
    return path


def everything_taken(tmp_path):
    return b"".join(path.read_bytes() for path in (tmp_path / "in").rglob("*") if path.is_file())


def test_a_link_is_left_out(take, folder, tmp_path, secret):
    (folder / "data.csv").symlink_to(secret)
    assert take().notes == ["'data.csv' is a link and was left out."]
    assert b"CANARY" not in everything_taken(tmp_path)
    assert sources(tmp_path) == HONEST


def test_a_link_to_a_folder_is_left_out(take, folder, tmp_path, secret):
    (folder / "course").symlink_to(tmp_path, target_is_directory=True)
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    assert take().notes == ["'course' is a link and was left out.", "'loop' is a link and was left out."]
    assert b"CANARY" not in everything_taken(tmp_path)


def test_a_hard_link_is_left_out(take, folder, tmp_path, secret):
    os.link(secret, folder / "data.csv")
    assert take().notes == ["'data.csv' is a second name (a hard link) for another file and was left out."]
    assert b"CANARY" not in everything_taken(tmp_path)


@pytest.mark.parametrize("kind", ["symlink", "hard link"])
def test_a_notebook_that_is_another_students_is_refused(kind, take, folder, tmp_path):
    theirs = tmp_path / "theirs.ipynb"
    theirs.write_text(nbformat.writes(answered()))
    (folder / f"{NAME}.ipynb").unlink()
    if kind == "symlink":
        (folder / f"{NAME}.ipynb").symlink_to(theirs)
    else:
        os.link(theirs, folder / f"{NAME}.ipynb")
    with pytest.raises(Refused, match=r"^lesson\.ipynb is a (link|second name \(a hard link\) for another file)\.$"):
        take()


def test_a_submission_that_is_a_link_is_refused(folder, tmp_path):
    link = tmp_path / "submitted" / "eve" / NAME
    link.parent.mkdir()
    link.symlink_to(folder, target_is_directory=True)
    with pytest.raises(Refused, match=r"^The submitted folder is a link\.$"):
        take_in(link, {NAME: record()}, tmp_path / "in")
    (tmp_path / "submitted" / "bob").symlink_to(folder.parent, target_is_directory=True)
    with pytest.raises(Refused, match=r"^The submitted folder is in a folder that is a link\.$"):
        take_in(tmp_path / "submitted" / "bob" / NAME, {NAME: record()}, tmp_path / "in")


def test_timestamp_and_secret_that_are_links_are_not_followed(take, folder, tmp_path, secret):
    for name in ("timestamp.txt", "submission_secret.txt"):
        (folder / name).unlink()
        (folder / name).symlink_to(secret)
    take()
    assert b"CANARY" not in everything_taken(tmp_path)
    assert parse_utc((tmp_path / "in" / "timestamp.txt").read_text())
    assert len((tmp_path / "in" / "submission_secret.txt").read_text()) == 128


def test_pipes_sockets_and_devices_are_left_out(take, folder, tmp_path):
    os.mkfifo(folder / "pipe.csv")
    with socket.socket(socket.AF_UNIX) as listening:
        before = Path.cwd()
        os.chdir(folder)  # the path of a socket must be short
        listening.bind("s.csv")
        os.chdir(before)
        assert take().notes == ["'pipe.csv' is not a file and was left out.", "'s.csv' is not a file and was left out."]
    (folder / f"{NAME}.ipynb").unlink()
    os.mkfifo(folder / f"{NAME}.ipynb")
    with pytest.raises(Refused, match=r"^lesson\.ipynb is not a file\.$"):
        take()


def test_a_folder_in_the_notebooks_place(take, folder):
    (folder / f"{NAME}.ipynb").rename(folder / "old")
    (folder / f"{NAME}.ipynb").mkdir()
    (folder / f"{NAME}.ipynb" / "x").write_text("x")
    with pytest.raises(Refused, match=r"^lesson\.ipynb is a folder, not a notebook\.$"):
        take()


@pytest.mark.parametrize("name", ["timestamp.txt", "submission_secret.txt"])
def test_a_folder_in_the_place_of_a_file_of_nbgrader(name, take, folder, tmp_path):
    (folder / name).unlink()
    (folder / name).mkdir()
    (folder / name / "x").write_text("x")
    take()
    assert (tmp_path / "in" / name).is_file()


def test_other_files_come_along(take, folder, tmp_path):
    (folder / "data").mkdir()
    (folder / "data" / "rates.csv").write_text("1,2")
    (folder / "helper.py").write_text("x = 1")
    (folder / "feedback").mkdir()
    (folder / "feedback" / "old.html").write_text("x")
    assert sorted(take().files)[:2] == ["data/rates.csv", "helper.py"]
    assert (tmp_path / "in" / "data" / "rates.csv").read_text() == "1,2"
    assert not (tmp_path / "in" / "feedback").exists()


@pytest.mark.parametrize("name", ["x.html", "x.HTM", "x.svg", "x.xhtml", "x.xml", "x.js", "x.svgz", "x.mjs", "x.mht"])
def test_what_a_browser_would_run_is_left_out(name, take, folder):
    (folder / name).write_text("<script>alert(1)</script>")
    assert take().notes == [f"'{name}' is of a kind that a browser would run and was left out."]


@pytest.mark.parametrize(
    "name",
    ["a\nb.csv", "a\x1b[31m.csv", "a\u202evsc.exe", "..\\..\\x.csv", "x" * 201, os.fsdecode(b"\xff.csv"), "a\u200b"],
)
def test_odd_names_are_left_out(name, take, folder, tmp_path):
    (folder / name).write_text("x")
    (note,) = take().notes
    assert note == f"{ascii(name)[:120]} has an odd name and was left out."
    assert note.isprintable()


def test_large_files_are_left_out(take, folder, monkeypatch):
    monkeypatch.setattr(intake, "FILE", 100_000)
    monkeypatch.setattr(intake, "FILES", 150_000)
    (folder / "a.csv").write_bytes(b"x" * 90_000)
    (folder / "b.csv").write_bytes(b"x" * 90_000)
    (folder / "c.csv").write_bytes(b"x" * 100_001)
    assert [note[:30] for note in take().notes] == ["'b.csv' is beyond the 0 MB of ", "'c.csv' is larger than 0 MB an"]


def test_a_sparse_file_of_a_terabyte_is_left_out(take, folder):
    with (folder / "big.bin").open("wb") as file:
        file.truncate(1 << 40)
    assert take().notes == ["'big.bin' is larger than 64 MB and was left out."]


def test_a_notebook_of_a_terabyte_is_refused(take, folder):
    with (folder / f"{NAME}.ipynb").open("r+b") as file:
        file.truncate(1 << 40)
    with pytest.raises(Refused, match=r"^lesson\.ipynb is larger than 64 MB\.$"):
        take()


def test_many_files_are_bounded(take, folder, monkeypatch, tmp_path):
    monkeypatch.setattr(submission_folder, "MOST_FILES", 50)
    for number in range(120):
        (folder / f"z{number:04}.csv").write_text("x")
    notes = take().notes
    assert len(notes) == 11
    assert notes[-1].endswith("more were left out.")
    assert sources(tmp_path) == HONEST


def test_folders_within_folders_are_bounded(take, folder, tmp_path):
    deep = folder / "/".join(["d"] * 50)
    deep.mkdir(parents=True)
    (deep / "x.csv").write_text("x")
    (note,) = take().notes
    assert note.endswith("is one folder too deep or one too many and was left out.")


def test_a_file_swapped_for_a_link_after_the_look_is_not_followed(folder, secret):
    (folder / "data.csv").write_text("x")
    (folder / "inner").mkdir()
    (folder / "inner" / "data.csv").write_text("x")
    with open_folder(folder, []) as source:
        (folder / "data.csv").unlink()
        (folder / "data.csv").symlink_to(secret)
        (folder / "inner").rename(folder / "moved")
        (folder / "inner").symlink_to(folder / "moved", target_is_directory=True)
        for path in ("data.csv", "inner/data.csv"):
            (file,) = [file for file in source.files if file.path == path]
            with pytest.raises(CannotRead, match="cannot be read"):
                source.read(file, 100)


def test_a_file_that_grew_after_the_look_is_not_read_beyond_its_bound(folder):
    (folder / "data.csv").write_text("x")
    with open_folder(folder, []) as source:
        (folder / "data.csv").write_text("x" * 1000)
        (file,) = [file for file in source.files if file.path == "data.csv"]
        with pytest.raises(CannotRead, match="is larger than"):
            source.read(file, 100)


# --- the files without which nbgrader releases nobody's feedback ---


def test_a_missing_timestamp_is_that_of_the_newest_file(take, folder, tmp_path):
    (folder / "timestamp.txt").unlink()
    os.utime(folder / "submission_secret.txt", (1_600_000_000,) * 2)
    os.utime(folder / f"{NAME}.ipynb", (1_700_000_000.25,) * 2)
    take()
    when = parse_utc((tmp_path / "in" / "timestamp.txt").read_text())
    assert str(when) == "2023-11-14 22:13:20.250000"


@pytest.mark.parametrize(
    "content", [b"", b"yesterday", b"\xff\xfe\x00", b"9" * 500, b"2026-13-45", b"0001-01-01 00:00 +2300"]
)
def test_a_timestamp_that_says_nothing_is_replaced(content, take, folder, tmp_path):
    (folder / "timestamp.txt").write_bytes(content)
    for path in folder.iterdir():
        os.utime(path, (1_700_000_000,) * 2)
    take()
    assert str(parse_utc((tmp_path / "in" / "timestamp.txt").read_text())) == "2023-11-14 22:13:20"


def test_a_missing_secret_is_made(take, folder, tmp_path):
    (folder / "submission_secret.txt").unlink()
    take()
    assert len((tmp_path / "in" / "submission_secret.txt").read_text()) == 128


def test_answers_are_those_that_were_submitted(take, tmp_path):
    take()
    assert {HALF, TWICE} <= set(sources(tmp_path))
