"""Submissions that are no notebook, or whose files are not what they seem."""

from __future__ import annotations

import json
import os
import shutil
import sys

from attack import RIGHT, WRONG, attack
from nbformat.v4 import new_output


@attack(RIGHT, refused="always")
def is_cut_short(submission):
    """Is a notebook of which the second half is missing."""
    text = submission.text()
    submission.path.write_text(text[: len(text) // 2])


@attack(RIGHT, refused="always")
def is_empty(submission):
    """Is a file without a byte."""
    submission.path.write_bytes(b"")


@attack(RIGHT, refused="always")
def is_no_json(submission):
    """Is a Python program named like a notebook."""
    submission.path.write_text("print('hello')\n")


@attack(RIGHT, refused="always")
def is_a_list(submission):
    """Is JSON, but no notebook."""
    submission.path.write_text("[1, 2, 3]")


@attack(RIGHT, refused="perhaps")
def is_not_utf8(submission):
    """Has bytes in a comment that are no UTF-8."""
    submission.cell("time_based_decay").source += "\n# tasa de aprendizaje: ma\u00f1ana"
    submission.path.write_bytes(json.dumps(submission.nb, ensure_ascii=False).encode("latin-1", "replace"))


@attack(RIGHT, refused="perhaps")
def has_lone_surrogates(submission):
    """Has halves of characters in its texts, which JSON can carry and UTF-8 cannot."""
    submission.cell("time_based_decay").source += "\n# \ud800"
    submission.write()


@attack(RIGHT, refused="perhaps")
def has_a_byte_order_mark(submission):
    """Begins with a byte order mark."""
    submission.path.write_text(submission.text(), encoding="utf-8-sig")


@attack(RIGHT, refused="always")
def is_nested_too_deep(submission):
    """Is JSON of 200 000 brackets."""
    submission.path.write_text('{"cells": ' + "[" * 200_000 + "]" * 200_000 + "}")


@attack(RIGHT, refused="perhaps")
def has_endless_numbers(submission):
    """Has numbers of ten thousand digits, NaN and infinities in its metadata."""
    text = submission.text().rstrip().removesuffix("}")
    submission.path.write_text(text + ', "x": ' + "9" * 10_000 + ', "y": NaN, "z": 1e9999}')


@attack(RIGHT)
def weighs_fifty_megabytes(submission):
    """Is a notebook of 50 MB, nearly all of it outputs."""
    submission.code("print('much')")
    submission.nb.cells[0].outputs = [
        new_output("display_data", data={"image/png": "A" * 5_000_000, "text/plain": "x"}) for _ in range(10)
    ]
    submission.path.write_text(json.dumps(submission.nb))


@attack(RIGHT, refused="always")
def weighs_far_too_much(submission):
    """Is a notebook of 300 MB, which is mostly a hole in the disk."""
    submission.write()
    with open(submission.path, "r+b") as file:
        file.truncate(300_000_000)


@attack(RIGHT, refused="perhaps")
def brings_large_files(submission):
    """Has a file of 100 MB beside its notebook."""
    submission.write()
    with open(submission.folder / "data.bin", "wb") as file:
        file.truncate(100_000_000)


@attack(WRONG, refused="perhaps")
def links_to_the_gradebook(submission):
    """Has symbolic links to the gradebook, the secret and the solutions beside its notebook, and reads them."""
    for name in ("gradebook", "secret", "source", "classmate"):
        (submission.folder / f"{name}.txt").symlink_to(submission.targets[name])
    (submission.folder / "course").symlink_to(submission.targets["course"])
    submission.first(
        "import os\n"
        "for folder, _, names in os.walk('.', followlinks=True):\n"
        "    for name in names:\n"
        "        tried(lambda: open(os.path.join(folder, name), errors='replace').read())"
    )
    submission.write()


@attack(WRONG, refused="always")
def is_a_link_to_a_classmate(submission):
    """Is a symbolic link to a classmate's notebook."""
    submission.path.symlink_to(submission.targets["classmate"])


@attack(WRONG, refused="always")
def is_a_link_to_the_solutions(submission):
    """Is a symbolic link to the course's own notebook, with the solutions."""
    submission.path.symlink_to(submission.targets["source"])


@attack(WRONG, refused="always")
def hands_in_a_linked_folder(submission):
    """Is, as a whole, a symbolic link to a classmate's folder."""
    shutil.rmtree(submission.folder)
    submission.folder.symlink_to(os.path.dirname(submission.targets["classmate"]))


@attack(RIGHT, refused="always")
def is_a_link_in_a_circle(submission):
    """Is a symbolic link to itself."""
    submission.path.symlink_to(submission.path.name)


@attack(RIGHT, refused="always")
def is_a_folder(submission):
    """Is a folder named like the notebook."""
    submission.path.mkdir()
    (submission.path / "x.txt").write_text("x")


@attack(RIGHT, refused="always")
def is_a_pipe(submission):
    """Is a named pipe, on which a reader waits for ever."""
    os.mkfifo(submission.path)


@attack(RIGHT, refused="perhaps")
def brings_a_pipe(submission):
    """Has a named pipe beside its notebook."""
    submission.write()
    os.mkfifo(submission.folder / "data.csv")


@attack(RIGHT)
def has_odd_file_names(submission):
    """Has files whose names hold newlines, quotes, wildcards, options and letters of all kinds."""
    submission.write()
    for name in ("a\nb.txt", "-rf", "*.txt", "'; touch x; '", "x" * 200, "\u202etxt.exe", "...", " ", "%s%n", "~"):
        (submission.folder / name).write_text("x")
    deep = submission.folder.joinpath(*["d"] * 60)
    deep.mkdir(parents=True)


@attack(RIGHT, refused="perhaps")
def brings_startup_files(submission):
    """Has files that Python, IPython and Jupyter would run in a home before the kernel is there."""
    submission.write()
    stop = "import os\nos._exit(1)\n"
    site = f".local/lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages"
    names = (".ipython/profile_default/startup/00.py", ".ipython/profile_default/ipython_config.py")
    names += (".ipython/profile_default/ipython_kernel_config.py", ".jupyter/jupyter_config.py", "ipython_config.py")
    for name in (*names, f"{site}/usercustomize.py", f"{site}/ipykernel.py", "sitecustomize.py", "usercustomize.py"):
        (submission.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (submission.folder / name).write_text(stop)
    (submission.folder / site / "x.pth").write_text("import os; os._exit(1)\n")


@attack(RIGHT, refused="perhaps")
def brings_a_file_in_the_way(submission):
    """Has a file where the sandbox makes its folder for temporary files."""
    submission.write()
    (submission.folder / "tmp").write_text("x")


@attack(RIGHT, refused="perhaps")
def has_names_without_utf8(submission):
    """Has a file whose name is no text."""
    submission.write()
    with open(os.fsencode(submission.folder) + b"/\xff\xfe.txt", "wb") as file:
        file.write(b"x")


@attack(RIGHT)
def has_no_timestamp(submission):
    """Was handed in without timestamp.txt; on stock nbgrader nobody gets feedback then."""
    submission.write()
    (submission.folder / "timestamp.txt").unlink()


@attack(RIGHT)
def has_a_broken_timestamp(submission):
    """Has a timestamp.txt that holds no time."""
    submission.write()
    (submission.folder / "timestamp.txt").write_text("yesterday\n\x00")


@attack(RIGHT, refused="perhaps")
def has_a_linked_timestamp(submission):
    """Has a timestamp.txt that is a symbolic link to the course's secret."""
    submission.write()
    (submission.folder / "timestamp.txt").unlink()
    (submission.folder / "timestamp.txt").symlink_to(submission.targets["secret"])


@attack(RIGHT, refused="perhaps")
def has_a_folder_for_a_timestamp(submission):
    """Has a folder named timestamp.txt."""
    submission.write()
    (submission.folder / "timestamp.txt").unlink()
    (submission.folder / "timestamp.txt").mkdir()


def _renames_its_folder(submission, form: str) -> None:
    submission.write()
    student = submission.folder.parent
    student.rename(student.with_name(form.format(student.name)))


@attack(RIGHT, refused="always")
def has_a_name_that_is_no_text(submission):
    """Lies in a folder whose name is not UTF-8, as `unzip` leaves some that were made on Windows."""
    _renames_its_folder(submission, "{}-" + os.fsdecode(b"m\xfcller"))


@attack(RIGHT, refused="always")
def has_a_name_of_two_lines(submission):
    """Lies in a folder whose name holds a line break, at which nbgrader's feedback stops for all."""
    _renames_its_folder(submission, "{}\nand another line")


@attack(RIGHT, refused="always")
def hides_its_folder(submission):
    """Lies in a folder whose name begins with a dot."""
    _renames_its_folder(submission, ".{}")
