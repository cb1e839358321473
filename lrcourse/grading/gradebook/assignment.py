"""From a submission in the course to a job: what there is to grade, taken in and put together by the driver."""

from __future__ import annotations

import json
import logging
import os
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry, Notebook
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import find_all_files
from traitlets import import_item
from traitlets.config import Config

from lrcourse.checking.catalog import ids
from lrcourse.errors import CommandError
from lrcourse.grading.clean.notebook import Clean
from lrcourse.grading.intake.intake import Refused, fit_name, submitted_at, take_in_submission
from lrcourse.grading.intake.submission_folder import CannotRead, open_folder
from lrcourse.grading.job import Job, KnownCell, Released, Settings
from lrcourse.grading.release.record import load_record
from lrcourse.grading.run.seeds import course_secret, probe_seed
from lrcourse.grading.run.settings import SplitExecute
from lrcourse.quiz.bank import question_ids


@dataclass
class Submission:
    """A submission that was taken in: the job for a worker, when it was submitted, and what is odd about it."""

    job: Job
    submitted: datetime | None
    notes: list[str] = field(default_factory=list)


class Assignment:
    """An assignment of a course as the driver sees it: its settings, read once, and its submissions as jobs."""

    def __init__(self, converter: Autograde, *, timeout: float | None = None):
        """The assignment that an autograde of nbgrader's is about, with its settings.

        `timeout`: seconds for a submission. CommandError where the gradebook does not know the assignment.
        """
        self.converter, self.coursedir, config = converter, converter.coursedir, converter.config
        self.root, self.lesson = Path(self.coursedir.root), self.coursedir.assignment_id
        execute = SplitExecute(config=config)
        limits = execute.limits()
        if timeout is not None:
            limits = replace(limits, submission_seconds=timeout, cell_seconds=min(timeout, limits.cell_seconds))
        secret, round = course_secret(self.root), execute.grading_round
        self.settings = Settings(
            assignment=self.lesson,
            released=self._released(),
            sanitize=_steps(self.converter.sanitize_preprocessors),
            autograde=_steps(self.converter.autograde_preprocessors),
            config=_config_of(config, self.converter),
            seeds={id: probe_seed(secret, self.lesson, id, round) for id in (*ids(), *question_ids())},
            sandbox=execute.sandbox,
            limits=limits,
            all_cells=execute.all_cells,
            cold=execute.cold,
        )
        kept = set(converter.exclude_overwriting.get(self.lesson, ()))
        self._course_files = self._files_of(self._source(), leave_out=kept)

    @classmethod
    def of(cls, config: Config, lesson: str, *, timeout: float | None = None) -> Assignment:
        """The assignment `lesson` of the course with these settings, all of its submissions."""
        coursedir = CourseDirectory(config=config, assignment_id=lesson, student_id="*", notebook_id="*")
        return cls(Autograde(coursedir=coursedir, config=config, log=_quiet()), timeout=timeout)

    @property
    def gradebook(self) -> Gradebook:
        """The course's gradebook, open; a context manager. CommandError if it has not been made yet."""
        return open_gradebook(self.coursedir)

    def waiting(self, students: list[str], *, force: bool) -> list[str]:
        """Those of `students` whose submission is to be graded: as nbgrader, not what is graded and no older."""
        excluded = set(self.coursedir.student_id_exclude.split(","))
        return [student for student in students if student not in excluded and (force or self._is_new(student))]

    @property
    def permissions(self) -> int:
        """Those of files in autograded/."""
        return int(str(self.converter.permissions), 8)

    def autograded(self, student: str) -> Path:
        """Where nbgrader keeps the graded notebooks of a student."""
        return Path(self.coursedir.format_path(self.coursedir.autograded_directory, student, self.lesson))

    def submission(self, student: str) -> Submission:
        """The student's submission, taken in. Refused, with a sentence, where nothing can be graded."""
        records = {name: released.record for name, released in self.settings.released.items()}
        into, notes = take_in_submission(self.coursedir, self.lesson, student, records)
        self.run_hook("pre", into)
        files = self._files_of(into) | self._course_files
        notebooks = {
            path.stem: path.read_text(encoding="utf-8")
            for path in sorted(into.glob("*.ipynb"))
            if path.stem in self.settings.released
        }
        when = self.coursedir.get_existing_timestamp(str(into))
        return Submission(Job(self.settings, student, notebooks, files), when, notes)

    def run_hook(self, when: str, folder: Path) -> None:
        """Run the hook that the course may have set for before ("pre") or after ("post") a submission is graded."""
        self.converter.notebooks = sorted(map(str, folder.glob("*.ipynb")))
        getattr(self.converter, f"run_{when}_convert_hook")()

    def _is_new(self, student: str) -> bool:
        try:
            graded = self.autograded(fit_name(student))
        except Refused:
            return True  # so that it is refused by name
        if not graded.exists():
            return True
        before = self.coursedir.get_existing_timestamp(str(graded))
        try:
            with open_folder(self._submitted(student), self.coursedir.ignore) as folder:
                now = submitted_at(folder)
        except CannotRead:
            return True  # the intake will say why
        return before is not None and now > before

    def _submitted(self, student: str) -> Path:
        return Path(self.coursedir.format_path(self.coursedir.submitted_directory, student, self.lesson))

    def _source(self) -> Path:
        return Path(self.coursedir.format_path(self.coursedir.source_directory, ".", self.lesson))

    def _files_of(self, folder: Path, leave_out: set[str] = frozenset()) -> dict[str, bytes]:
        """All but the notebooks, as nbgrader copies them."""
        found = {}
        for name in find_all_files(str(folder), [*self.coursedir.ignore, "*.ipynb"]):
            path = os.path.relpath(name, folder)
            if path not in leave_out:
                found[path] = Path(name).read_bytes()
        return found

    def _released(self) -> dict[str, Released]:
        with self.gradebook as gradebook:
            try:
                notebooks = gradebook.find_assignment(self.lesson).notebooks
            except MissingEntry:
                notebooks = []
            if not notebooks:
                raise CommandError(
                    f"The gradebook has no assignment {self.lesson}. `nbgrader generate_assignment {self.lesson}` "
                    "puts it there."
                )
            return {notebook.name: self._one(notebook) for notebook in notebooks}

    def _one(self, notebook: Notebook) -> Released:
        points = {cell.name: cell.max_score for cell in (*notebook.grade_cells, *notebook.task_cells)}
        cells = {
            cell.name: KnownCell(cell.cell_type, cell.locked, cell.source, cell.checksum, points.get(cell.name))
            for cell in notebook.source_cells
        }
        record = load_record(self.root, self.lesson, notebook.name, self.coursedir.db_url)
        return Released(record, json.loads(notebook.kernelspec) if notebook.kernelspec else None, cells)


def open_gradebook(coursedir: CourseDirectory) -> Gradebook:
    """The gradebook of a course, open; a context manager. CommandError if it has not been made yet."""
    made = Path(coursedir.root) / "gradebook.db"
    if coursedir.db_url == f"sqlite:///{made}" and not made.exists():
        raise CommandError(
            f"There is no gradebook in {coursedir.root}. `nbgrader generate_assignment LESSON` makes it."
        )
    return Gradebook(coursedir.db_url, coursedir.course_id)


def _steps(configured: list) -> tuple[type, ...]:
    return tuple(import_item(step) if isinstance(step, str) else step for step in configured)


def _config_of(config: Config, converter: Autograde) -> dict:
    """The settings of what a worker runs and of nothing else: a gradebook's address may hold a password."""
    steps = (*_steps(converter.sanitize_preprocessors), *_steps(converter.autograde_preprocessors), Clean)
    names = {base.__name__ for step in steps for base in step.__mro__}
    return {name: dict(section) for name, section in config.items() if name in names}


def _quiet() -> logging.Logger:
    log = logging.Logger("lrcourse.grading.batch")
    log.addHandler(logging.NullHandler())
    return log
