"""One nbgrader course directory and the steps of its loop, through nbgrader's own API."""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.default import ExchangeSubmit
from sqlalchemy.exc import SAWarning
from traitlets.config import Config
from traitlets.config.loader import ConfigFileNotFound, PyFileConfigLoader

from lrcourse.errors import CommandError
from lrcourse.grading.config import COURSE_ID, configure
from lrcourse.grading.export import OutcomeCsvExport
from lrcourse.grading.gradebook.assignment import open_gradebook
from lrcourse.grading.gradebook.scores import Score, scores


class StepFailed(Exception):
    """A step of nbgrader failed; the message holds what it logged."""


class Course:
    """The course in `root`, with the steps that an instructor types as `nbgrader ...`."""

    def __init__(self, root: Path):
        """The settings are those of the course's own nbgrader_config.py, if it has one."""
        self.root = root.resolve()
        self.config = _course_config(self.root)
        self.config.NbGraderAPI.log_level = logging.ERROR

    @property
    def db_url(self) -> str:
        """Where the gradebook is, as SQLAlchemy names it; by default SQLite in the course's folder."""
        return CourseDirectory(config=self.config).db_url

    @property
    def gradebook(self) -> Gradebook:
        """The gradebook, open; a context manager. CommandError if it has not been made yet."""
        return open_gradebook(CourseDirectory(config=self.config, course_id=COURSE_ID))

    def generate(self, lesson: str) -> None:
        """`nbgrader generate_assignment`."""
        self._step("generate_assignment", lesson)

    def release(self, lesson: str) -> None:
        """`nbgrader release_assignment`."""
        self._step("release_assignment", lesson)

    def submit(self, lesson: str, student: str, folder: Path) -> None:
        """`nbgrader submit`, as `student`, of the lesson's folder inside `folder`."""
        config = deepcopy(self.config)  # its sections are shared otherwise
        config.CourseDirectory.student_id = student
        config.CourseDirectory.assignment_id = lesson
        config.Exchange.assignment_dir = str(folder)
        config.Exchange.cache = str(self.root / "nbgrader_cache")
        with self._inside():
            coursedir = CourseDirectory(config=config)
            ExchangeSubmit(coursedir=coursedir, authenticator=self._api().authenticator, config=config).start()

    def collect(self, lesson: str) -> None:
        """`nbgrader collect`."""
        self._step("collect", lesson)

    def submitted(self, lesson: str) -> list[str]:
        """The students with a submission of `lesson`; CommandError if there is none."""
        students = sorted(path.parent.name for path in (self.root / "submitted").glob(f"*/{lesson}") if path.is_dir())
        if students:
            return students
        if not (self.root / "notebooks" / lesson).is_dir():
            known = ", ".join(sorted(path.name for path in (self.root / "notebooks").glob("*/"))) or "none"
            raise CommandError(f"There is no lesson {lesson} in {self.root / 'notebooks'}. It has: {known}.")
        raise CommandError(
            f"There is no submission of {lesson} in {self.root / 'submitted'}. "
            f"`nbgrader collect {lesson}` fetches what students have submitted."
        )

    def autograde(self, lesson: str, student: str = "*", *, force: bool = False) -> None:
        """`nbgrader autograde`, for one student or for all who have submitted."""
        self._check(self._call("autograde", lesson, student, force=force), f"autograde {lesson} of {student}")

    def feedback(self, lesson: str) -> None:
        """`nbgrader generate_feedback`."""
        self._step("generate_feedback", lesson)

    def export(self, path: Path) -> None:
        """`nbgrader export`: all scores as CSV."""
        with self._inside(), self.gradebook as gradebook:
            exporter = OutcomeCsvExport(config=self.config)
            exporter.to = str(path)
            exporter.export(gradebook)

    def scores(self, lesson: str, students: list[str], not_graded: Collection[str] = ()) -> list[Score]:
        """The scores of `students` for `lesson`, in their order. None for those who are `not_graded`."""
        with self.gradebook as gradebook:
            return scores(gradebook, self.root, lesson, students, not_graded)

    def _step(self, name: str, lesson: str) -> None:
        self._check(self._call(name, lesson), f"{name} {lesson}")

    def _call(self, name: str, *args, **kwargs) -> dict:
        with self._inside():
            return getattr(self._api(), name)(*args, **kwargs)

    def _check(self, result: dict, step: str) -> None:
        if not result["success"]:
            raise StepFailed(
                f"nbgrader {step} failed.\n{result.get('error') or ''}\n{result.get('log') or ''}".rstrip()
            )

    def _api(self) -> NbGraderAPI:
        coursedir = CourseDirectory(config=self.config, course_id=COURSE_ID)
        return NbGraderAPI(coursedir, config=self.config)

    @contextmanager
    def _inside(self) -> Iterator[None]:
        """nbgrader resolves some paths from the current directory."""
        before = Path.cwd()
        os.chdir(self.root)
        try:
            with warnings.catch_warnings():
                # nbgrader's own way with SQLAlchemy, whenever it makes a submission's rows.
                warnings.filterwarnings("ignore", "Object of type .* not in session", SAWarning)
                yield
        finally:
            os.chdir(before)


def _course_config(root: Path) -> Config:
    """What nbgrader finds in the course's folder; what `configure` sets where there is no such file."""
    before = Path.cwd()
    os.chdir(root)  # as nbgrader itself stands there when it reads the file
    try:
        config = PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
    except ConfigFileNotFound:
        config = Config()
        configure(config, root)
    finally:
        os.chdir(before)
    return config
