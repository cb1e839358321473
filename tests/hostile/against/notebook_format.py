"""Notebooks whose nbgrader cells are not as they were released. The answers are right and count."""

from __future__ import annotations

import json
from copy import deepcopy

import nbformat
from attack import GRADED, LESSON, RIGHT, WRONG, attack


@attack(RIGHT)
def pastes_a_check(submission):
    """Copies a graded cell and pastes it below; on stock nbgrader that ends the class run."""
    place = submission.place(GRADED["time"])
    submission.nb.cells.insert(place + 1, deepcopy(submission.nb.cells[place]))
    submission.write()


@attack(WRONG)
def pastes_a_check_and_edits_it(submission):
    """Pastes copies of a graded cell before and behind, with a text of its own."""
    for place in (submission.place(GRADED["time"]), len(submission.nb.cells)):
        copy = deepcopy(submission.check("time"))
        copy.source = "2.0"
        submission.nb.cells.insert(place, copy)
    submission.write()


@attack(RIGHT)
def pastes_an_answer(submission):
    """Copies an answer cell; the first copy is a wrong draft."""
    place = submission.place("time_based_decay")
    draft = deepcopy(submission.nb.cells[place])
    draft.source = "def time_based_decay(initial_lr, decay, step):\n    return initial_lr"
    submission.nb.cells.insert(place, draft)
    submission.write()


@attack(RIGHT)
def comes_from_the_future(submission):
    """Has schema_version 99 in every cell."""
    _every_cell(submission, schema_version=99)
    submission.write()


@attack(RIGHT)
def has_odd_versions(submission):
    """Has schema_version 1, none, and a text where a number belongs."""
    for number, cell in enumerate(submission.nb.cells):
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader["schema_version"] = "three" if number % 3 else 1
            if number % 2:
                del cell.metadata.nbgrader["schema_version"]
    submission.write()


@attack(RIGHT)
def has_broken_metadata(submission):
    """Has lists, numbers and nothing where nbgrader's metadata belong."""
    cells = [submission.check(name) for name in GRADED]
    for cell, value in zip(cells, ([], 7, None), strict=True):
        cell.metadata["nbgrader"] = value
    submission.write()


@attack(RIGHT)
def lost_its_metadata(submission):
    """Was saved by a tool that keeps no metadata and no cell ids."""
    for cell in submission.nb.cells:
        cell.metadata = nbformat.NotebookNode()
        cell.pop("id", None)
    submission.nb.nbformat_minor = 4
    submission.nb.metadata = nbformat.NotebookNode()
    submission.write()


@attack(RIGHT)
def deleted_a_check(submission):
    """Has no graded cell for its first answer."""
    submission.nb.cells.remove(submission.check("time"))
    submission.write()


@attack(RIGHT, time="not attempted")
def deleted_an_answer(submission):
    """Has no answer cell for its first exercise."""
    submission.nb.cells.remove(submission.cell("time_based_decay"))
    submission.write()


@attack(RIGHT, time="not attempted", steps="not attempted")
def deleted_neighbours(submission):
    """Has neither answer nor graded cell for both exercises, one after the other."""
    for name in ("time_based_decay", GRADED["time"], "steps_between_decays", GRADED["steps"]):
        submission.nb.cells.remove(submission.cell(name))
    submission.write()


@attack(RIGHT)
def deleted_what_is_read_only(submission):
    """Has lost the read-only texts."""
    submission.nb.cells.remove(submission.cell("intro"))
    submission.nb.cells.remove(submission.cell("question_purpose"))
    submission.write()


@attack(RIGHT, refused="perhaps", time="not attempted", steps="not attempted", purpose="not attempted")
def deleted_everything(submission):
    """Hands in a notebook without cells."""
    submission.nb.cells = []
    submission.write()


@attack(RIGHT)
def changed_the_types(submission):
    """Has made text of its graded cells, and code of its texts."""
    for name in (*GRADED.values(), "intro"):
        cell = submission.cell(name)
        other = "code" if cell.cell_type == "markdown" else "markdown"
        make = nbformat.v4.new_code_cell if other == "code" else nbformat.v4.new_markdown_cell
        new = make(cell.source, metadata=cell.metadata)
        submission.nb.cells[submission.place(name)] = new
    submission.write()


@attack(RIGHT)
def renamed_the_cells(submission):
    """Has other ids in nbgrader's metadata of its graded cells."""
    for number, name in enumerate(GRADED.values()):
        submission.cell(name).metadata.nbgrader["grade_id"] = f"renamed-{number}"
    submission.write()


@attack(RIGHT)
def repeats_cell_ids(submission):
    """Has the same id on every cell."""
    for cell in submission.nb.cells:
        cell["id"] = "same"
    submission.write()


@attack(RIGHT)
def asks_for_another_kernel(submission):
    """Names a kernel and a language that are not the course's, with paths in them."""
    submission.nb.metadata["kernelspec"] = {"name": "../../bash", "display_name": "<b>x", "language": "bash"}
    submission.nb.metadata["language_info"] = {"name": "bash", "file_extension": "/../../../x.py"}
    submission.write()


@attack(RIGHT)
def was_renamed(submission):
    """Is named Untitled.ipynb."""
    submission.write()
    submission.path.rename(submission.folder / "Untitled.ipynb")


@attack(RIGHT)
def is_in_a_folder(submission):
    """Lies in a folder of its own inside the submission."""
    (submission.folder / LESSON).mkdir()
    submission.write()
    submission.path.rename(submission.folder / LESSON / f"{LESSON}.ipynb")


@attack(RIGHT)
def brings_another_notebook(submission):
    """Has a second notebook beside it, that nobody asked for, and a broken third."""
    submission.write()
    outside, mark = submission.targets["outside"], submission.targets["mark"]
    other = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(f"open('{outside}/{mark}', 'w')")])
    nbformat.write(other, submission.folder / "other.ipynb")
    (submission.folder / "third.ipynb").write_text("{")


@attack(RIGHT, refused="perhaps")
def is_in_format_3(submission):
    """Is written in notebook format 3."""
    (submission.path).write_text(nbformat.v3.writes_json(nbformat.v3.convert.upgrade(_downgraded(submission.nb))))


@attack(RIGHT, refused="perhaps")
def is_in_format_99(submission):
    """Claims to be in notebook format 99."""
    submission.path.write_text(json.dumps(dict(submission.nb) | {"nbformat": 99}))


@attack(RIGHT, refused="perhaps")
def has_fields_of_wrong_types(submission):
    """Has numbers, nothing and lists where texts belong."""
    notebook = json.loads(submission.text())
    notebook["cells"] += [{"cell_type": "code", "source": 7, "metadata": [], "outputs": {}}, None, []]
    submission.path.write_text(json.dumps(notebook))


def _every_cell(submission, **values) -> None:
    for cell in submission.nb.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader.update(values)


def _downgraded(nb):
    return nbformat.convert(deepcopy(nb), 3)
