"""nbgrader's autograde with an intake before it, and with every student on their own."""

from __future__ import annotations

import glob
import json
import os
import re
from pathlib import Path

import nbgrader.apps.api
import nbgrader.apps.autogradeapp
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    IgnorePattern,
    LimitOutput,
    SaveAutoGrades,
)

from lrcourse.grading.intake.intake import Refused, fit_name, shown, take_in
from lrcourse.grading.release.record import Record, load_record
from lrcourse.grading.run.kept_kernels import several_submissions
from lrcourse.grading.run.settings import SplitExecute

# What nbgrader does to a submission once it has been repaired.
AUTOGRADE_PREPROCESSORS = (
    SplitExecute,
    IgnorePattern,
    LimitOutput,
    SaveAutoGrades,
    AssignLatePenalties,
    CheckCellMetadata,
)
INTAKE = os.path.join(".lrcourse", "intake")  # in the place of nbgrader's "submitted"


class SafeAutograde(Autograde):
    """Grades a clean copy of each submission, never what was submitted itself.

    A submission that cannot be graded, for whatever reason, stops no other; the batch ends as with nbgrader, in an
    error, when all others are done.
    """

    def init_notebooks(self) -> None:
        """Take in what was submitted. NbGraderException where there is no submission or no such assignment."""
        self._refused: list[str] = []
        submissions = self._submissions()
        if not submissions:
            super().init_notebooks()  # says what there is instead, and raises
            self.assignments = {}  # or there are only students who are excluded
            return
        records = self._records()
        self.assignments, self.notebooks = {}, []
        for student in submissions:
            into = self._take_in(student, records)
            if into is None:
                continue
            notebooks = glob.glob(os.path.join(glob.escape(str(into)), f"{self.coursedir.notebook_id}.ipynb"))
            if notebooks:
                self.assignments[str(into)] = notebooks
            else:
                self.log.warning("No notebooks of %s were matched by '%s'", student, self.coursedir.notebook_id)
        if not self.assignments and not self._refused:
            raise NbGraderException(f"No notebooks were matched by '{self.coursedir.notebook_id}'")
        self._taken_in = True

    def convert_notebooks(self) -> None:
        """One submission after the other. nbgrader itself ends the batch at some errors of one, as broken metadata."""
        everything, failed = self.assignments, []
        with several_submissions(len(everything)):
            for folder in sorted(everything):
                self.assignments = {folder: everything[folder]}
                try:
                    super().convert_notebooks()
                except (NbGraderException, OSError) as error:  # OSError: a failed submission could not be cleared away
                    self.log.error("%s", error)
                    failed.append(Path(folder).parent.name)
        self.assignments = everything
        for student in self._refused:
            self.log.error("The submission of %s was refused; the reason is above.", student)
        if failed or self._refused:
            raise NbGraderException(f"Not graded: {', '.join(sorted({*failed, *self._refused}))}.")

    @property
    def _input_directory(self) -> str:
        if self._sanitizing and getattr(self, "_taken_in", False):
            return INTAKE
        return super()._input_directory

    def _submissions(self) -> list[str]:
        """The students whose submission is to be graded."""
        assignment = self.coursedir.assignment_id
        regexp = self.coursedir.format_path(
            self.coursedir.submitted_directory, "(?P<student_id>.*)", re.escape(assignment), escape=True
        )
        # Hidden folders as well: a student is refused by name, not passed over.
        paths = glob.glob(self._format_source(assignment, self.coursedir.student_id), include_hidden=True)
        found = {match["student_id"] for path in paths if (match := re.fullmatch(regexp, path, re.DOTALL))}
        return sorted(found - set(self.coursedir.student_id_exclude.split(",")))

    def _records(self) -> dict[str, Record]:
        """The assignment's notebooks as released."""
        assignment, root = self.coursedir.assignment_id, Path(self.coursedir.root)
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            try:
                names = [notebook.name for notebook in gradebook.find_assignment(assignment).notebooks]
            except MissingEntry:
                names = []
        if not names:
            message = f"No assignment '{assignment}' in the gradebook; `nbgrader generate_assignment` puts it there."
            self.log.error(message)
            raise NbGraderException(message)
        return {name: load_record(root, assignment, name, self.coursedir.db_url) for name in names}

    def _take_in(self, student: str, records: dict[str, Record]) -> Path | None:
        """The clean copy of one submission; None if it is refused."""
        assignment = self.coursedir.assignment_id
        try:
            into, notes = take_in_submission(self.coursedir, assignment, student, records)
        except Refused as refused:
            # The cause of a plain refusal is the sentence; anything else is a surprise, and its traceback may help.
            self.log.error(
                "%s: the submission of %s was refused. %s",
                *(assignment, shown(student), refused),
                exc_info=refused.__cause__,
            )
            self._refused.append(shown(student))
            return None
        for note in notes:
            self.log.warning("%s: %s: %s", assignment, student, note)
        return into


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


def use_safe_autograde() -> None:
    """Make `nbgrader autograde` and formgrader use SafeAutograde.

    nbgrader has no setting for the class that it grades with: both look up the name `Autograde` in their own modules.
    """
    nbgrader.apps.autogradeapp.Autograde = SafeAutograde
    nbgrader.apps.api.Autograde = SafeAutograde
