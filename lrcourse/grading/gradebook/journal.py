"""Results on disk before they are saved, so that a run that is killed loses nothing and saves nothing twice.

An entry is a folder: the submission's files as they will be in autograded/, and `result.json`. It appears all at once,
by a rename, when everything in it has reached the disk. It goes when gradebook and autograded/ hold it.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lrcourse.errors import CommandError
from lrcourse.grading.job import Graded, Result
from lrcourse.grading.run.execution import Report

FOLDER = Path(".lrcourse") / "journal"
_RESULT = "result.json"
_FILES = "autograded"


@dataclass
class Entry:
    """A result that waits to be saved. `files` is the folder that becomes autograded/; it is gone once it has."""

    folder: Path
    student: str
    submitted: datetime | None
    notebooks: dict[str, Graded]

    @property
    def files(self) -> Path:
        """See the class."""
        return self.folder / _FILES


class Journal:
    """The journal of one assignment in the course at `root`; for who holds `only_driver`."""

    def __init__(self, root: Path, lesson: str):
        self._folder = root / FOLDER / "ready" / lesson
        self._new = root / FOLDER / "new" / lesson
        self._again = root / FOLDER / "again" / lesson
        self._aside = root / FOLDER / "aside" / lesson
        shutil.rmtree(self._new, ignore_errors=True)  # what a run that was killed had begun to write, or to remove
        for folder in (self._folder, self._new, self._again):
            folder.mkdir(parents=True, exist_ok=True)

    def waiting(self) -> list[str]:
        """Whose results an earlier run had and had not yet saved."""
        return sorted(path.name for path in self._folder.iterdir())

    def entry(self, student: str) -> Entry:
        """That student's result. OSError, ValueError, TypeError or LookupError where it cannot be read."""
        return _read(self._folder / student)

    def set_aside(self, student: str) -> Path:
        """Take an entry that cannot be saved out of the way; where it lies now."""
        place = self._aside / student
        shutil.rmtree(place, ignore_errors=True)
        place.parent.mkdir(parents=True, exist_ok=True)
        os.rename(self._folder / student, place)
        self.regraded(student)
        return place

    def add(self, result: Result, files: dict[str, bytes], submitted: datetime | None, permissions: int) -> Entry:
        """Put a result on disk. OSError if there is no room: then the journal is as it was."""
        new, ready = self._new / result.student, self._folder / result.student
        shutil.rmtree(new, ignore_errors=True)
        try:
            for path, data in files.items():
                _write(new / _FILES / path, data, permissions)
            for name, graded in result.notebooks.items():
                _write(new / _FILES / f"{name}.ipynb", graded.text.encode(), permissions)
            _write(new / _RESULT, _as_json(result, submitted), 0o600)
            for folder, _, _ in os.walk(new):
                _sync(Path(folder))
        except (OSError, ValueError):
            shutil.rmtree(new, ignore_errors=True)
            raise
        shutil.rmtree(ready, ignore_errors=True)
        os.rename(new, ready)
        _sync(self._folder)
        return _read(ready)

    def done(self, entries: Iterable[Entry]) -> None:
        """Forget entries that are saved."""
        for entry in entries:
            # By one rename first: half an entry would be taken for a whole one.
            gone = self._new / entry.student
            shutil.rmtree(gone, ignore_errors=True)
            os.rename(entry.folder, gone)
            shutil.rmtree(gone, ignore_errors=True)
            self.regraded(entry.student)

    def to_regrade(self) -> set[str]:
        """The students whom a run with --force that was stopped has not come to."""
        return {path.name for path in self._again.iterdir()}

    def regrade(self, students: Iterable[str]) -> None:
        """Note that these are to be graded again, whatever is graded already."""
        for student in students:
            (self._again / student).touch()
        _sync(self._again)

    def regraded(self, student: str) -> None:
        """Note that this one has been graded again, or cannot be."""
        (self._again / student).unlink(missing_ok=True)


@contextmanager
def only_driver(root: Path) -> Iterator[None]:
    """Held by the one run that may save results in this course; CommandError while another one has it."""
    folder = root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a") as lock:
        try:
            # The system lets go of it when this process ends, however it ends.
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CommandError(
                f"Another `lrcourse grade` is running in {root}. Wait until it ends, or stop it; nothing is lost."
            ) from None
        yield


def _as_json(result: Result, submitted: datetime | None) -> bytes:
    notebooks = {}
    for name, graded in result.notebooks.items():
        # The text is among the files.
        notebooks[name] = {"scores": graded.scores, "comments": graded.comments, "report": graded.report.as_data()}
    data = {
        "student": result.student,
        "submitted": submitted.isoformat() if submitted else None,
        "notebooks": notebooks,
    }
    return json.dumps(data).encode()


def _read(folder: Path) -> Entry:
    data = json.loads((folder / _RESULT).read_bytes())
    notebooks = {
        name: Graded(
            "",
            graded["scores"],
            graded["comments"],
            Report.from_data(graded["report"]),
        )
        for name, graded in data["notebooks"].items()
    }
    submitted = datetime.fromisoformat(data["submitted"]) if data["submitted"] else None
    return Entry(folder, data["student"], submitted, notebooks)


def _write(path: Path, data: bytes, permissions: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fchmod(file.fileno(), permissions)
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    """Names of files reach the disk with their folder."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
