"""What was submitted, taken in: a clean copy that grading works on, or one sentence that says why there is none.

The submission itself is only ever read.
"""

from __future__ import annotations

import json
import mimetypes
import os
import re
import secrets
import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import nbformat
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import parse_utc

from lrcourse.grading.intake.notebook_choice import choose
from lrcourse.grading.intake.submission_folder import CannotRead, File, Folder, open_folder
from lrcourse.grading.release.record import Record

INTAKE = os.path.join(".lrcourse", "intake")  # in the place of nbgrader's "submitted"
FILE = 64 << 20  # bytes of one file
FILES = 256 << 20  # bytes of all files
TIMESTAMP, SECRET = "timestamp.txt", "submission_secret.txt"
_LATEST = 4e9  # in the year 2096; a file can claim times that no calendar has
# Formgrader serves the other files of a submission by their type: a page or a drawing would run with its rights.
_ACTIVE = re.compile(r"html|xml|svg|javascript|ecmascript|flash|x-mimearchive|message/", re.IGNORECASE)


class Refused(Exception):
    """A submission that cannot be graded; one sentence says why."""


def fit_name(student: str) -> str:
    """The name of a student's folder; Refused where the gradebook, a log or nbgrader's feedback could not take it."""
    try:
        student.encode()
    except UnicodeEncodeError:
        raise Refused(
            "Its folder's name is not UTF-8, as `unzip` leaves some names from Windows; rename the folder."
        ) from None
    if student.startswith("."):
        raise Refused("Its folder's name begins with a dot, and nbgrader skips such folders; rename the folder.")
    if not student.isprintable():
        raise Refused(
            "Its folder's name contains a character that cannot be printed, such as a line break; rename the folder."
        )
    return student


def shown(text: str) -> str:
    """The text with escapes for what cannot be printed: it may be anybody's, and draw on a terminal or stop a log."""
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)


@dataclass
class Taken:
    """What was taken in: the files of the copy, and a sentence for each thing that is not as it was submitted."""

    files: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def take_in(folder: Path, records: dict[str, Record], into: Path, ignore: list[str] | None = None) -> Taken:
    """Copy the submission in `folder` to the new folder `into`, as grading can use it.

    `records` are the notebooks of the assignment as released, by name; one that was renamed is known by its content.
    Links, devices, files that a browser would run, and what is too large or oddly named are left out, with a note each.
    The copy always has a timestamp.txt (by default the newest file's time) and a submission_secret.txt, without which
    nbgrader releases nobody's feedback. Raises Refused where no notebook can be graded.
    """
    if into.exists():
        shutil.rmtree(into)
    try:
        with open_folder(folder, ["__pycache__", "*.pyc", ".ipynb_checkpoints", *(ignore or [])]) as source:
            chosen, notes = choose(source, records, FILE)
            if isinstance(chosen, str):
                raise Refused(chosen)
            taken = Taken(notes=notes)
            into.parent.mkdir(parents=True, exist_ok=True)
            new = Path(tempfile.mkdtemp(prefix=".new-", dir=into.parent))
            try:
                for name, notebook in chosen.items():
                    _write(new, f"{name}.ipynb", nbformat.writes(notebook).encode(), taken)
                _copy_files(source, new, taken)
                _write(new, TIMESTAMP, _timestamp(source), taken)
                _write(new, SECRET, _secret(source), taken)
                os.replace(new, into)
            except BaseException:
                shutil.rmtree(new, ignore_errors=True)
                raise
    except CannotRead as error:
        raise Refused(f"The submitted folder {error}.") from None
    return taken


def _copy_files(source: Folder, new: Path, taken: Taken) -> None:
    left_out, room = dict(source.left_out), FILES
    for file in source.files:
        if file.path.split("/")[0] in (TIMESTAMP, SECRET) or ".ipynb" in file.path.lower():
            continue
        if why := _unwanted(file, room):
            left_out[file.path] = why
            continue
        try:
            data = source.read(file, min(FILE, room))
            _write(new, file.path, data, taken)
            room -= len(data)
        except CannotRead as error:
            left_out[file.path] = str(error)
    # A thousand links need no thousand lines.
    shown = [f"{ascii(path)[:120]} {why} and was left out." for path, why in list(left_out.items())[:10]]
    taken.notes += shown + ([f"{len(left_out) - 10} more were left out."] if len(left_out) > 10 else [])


def _unwanted(file: File, room: int) -> str:
    # Not printable: control characters, newlines, marks that turn the direction of writing, halves of characters.
    if not file.path.isprintable() or "\\" in file.path or len(file.path.encode()) > 200:
        return "has an odd name"
    kind, _ = mimetypes.guess_type(file.name)
    if kind and _ACTIVE.search(kind):
        return "is of a kind that a browser would run"
    if file.size > FILE:
        return f"is larger than {FILE >> 20} MB"
    return f"is beyond the {FILES >> 20} MB of a submission" if file.size > room else ""


def _write(new: Path, path: str, data: bytes, taken: Taken) -> None:
    target = new / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
    taken.files.append(path)


def submitted_at(source: Folder) -> datetime:
    """When it was submitted (UTC). Without a timestamp.txt, or with one that says nothing: the time of its newest."""
    text = _small_file(source, TIMESTAMP).strip()
    if text:
        try:
            return parse_utc(text)
        except (ValueError, OverflowError, TypeError):  # all that dateutil raises for a text that is no time
            pass
    newest = max((file.modified for file in source.files), default=0.0)
    return datetime.fromtimestamp(min(max(newest, 0.0), _LATEST), UTC).replace(tzinfo=None)


def _timestamp(source: Folder) -> bytes:
    """As nbgrader writes it."""
    return f"{submitted_at(source).isoformat(' ')} UTC".encode()


def _secret(source: Folder) -> bytes:
    """What names the student's feedback in the exchange; a new one where there is none."""
    text = _small_file(source, SECRET)
    return text.encode() if re.fullmatch(r"[0-9A-Za-z]{16,256}", text) else secrets.token_hex(64).encode()


def _small_file(source: Folder, path: str) -> str:
    for file in source.files:
        if file.path == path:
            try:
                return source.read(file, 1000).decode("ascii", errors="replace")
            except CannotRead:
                return ""
    return ""


def take_in_submission(
    coursedir: CourseDirectory, assignment: str, student: str, records: dict[str, Record]
) -> tuple[Path, list[str]]:
    """The folder with the clean copy of a student's submission, and what is to be noted about it.

    What became of it is kept beside the copy (`refusal`). Raises Refused.
    """
    fit_name(student)
    into = Path(coursedir.format_path(INTAKE, student, assignment))
    folder = Path(coursedir.format_path(coursedir.submitted_directory, student, assignment))
    verdict = _verdict(Path(coursedir.root), assignment, student)
    verdict.parent.mkdir(parents=True, exist_ok=True)
    try:
        notes = take_in(folder, records, into, coursedir.ignore).notes
    except Refused as refused:
        verdict.write_text(json.dumps({"refused": str(refused), "notes": []}, indent=1), encoding="utf-8")
        raise
    except Exception as error:  # whatever a submission manages to break here, it must not stop the class
        sentence = f"It could not be taken in: {type(error).__name__}."
        verdict.write_text(json.dumps({"refused": sentence, "notes": []}, indent=1), encoding="utf-8")
        raise Refused(sentence) from error
    verdict.write_text(json.dumps({"refused": None, "notes": notes}, indent=1), encoding="utf-8")
    return into, notes


def refusal(root: Path, assignment: str, student: str) -> str | None:
    """The sentence with which a submission was refused when it was last taken in; None if it was not."""
    path = _verdict(root, assignment, student)
    return json.loads(path.read_text(encoding="utf-8"))["refused"] if path.exists() else None


def _verdict(root: Path, assignment: str, student: str) -> Path:
    return root / INTAKE / student / f"{assignment}.json"
