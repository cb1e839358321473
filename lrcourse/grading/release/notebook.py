"""From a lesson to what a student gets: solutions cleared, questions opened, nothing that pairs it with its text."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearHiddenTests,
    ClearMarkScheme,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    IncludeHeaderFooter,
    InstantiateTests,
    LockCells,
    NbGraderPreprocessor,
    SaveCells,
)
from traitlets import Bool, Enum
from traitlets.config import Config

from lrcourse.errors import CommandError
from lrcourse.grading.release.questions import release_cells
from lrcourse.grading.release.record import RecordRelease
from lrcourse.locations import notebooks_dir
from lrcourse.quiz.bank import find_question
from lrcourse.quiz.cells import asked_in
from lrcourse.quiz.questions import LANGUAGES


class QuestionCells(NbGraderPreprocessor):
    """Turn each `question("...")` cell into what is asked, an answer cell, and a graded cell.

    It comes after ClearSolutions, which would make a stub of the answer cell's `= None`, and before LockCells.
    """

    language = Enum(LANGUAGES, default_value="en", help="The language of the questions.").tag(config=True)

    practice = Bool(False, help="Answer questions at once, without points, for self-learners.").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """The notebook with every question opened."""
        cells = []
        for cell in nb.cells:
            id = asked_in(cell.source) if cell.cell_type == "code" else None
            if id is None:
                cells.append(cell)
                continue
            question = find_question(id)
            if question is None:
                raise ValueError(f'A cell asks question "{id}", which is not in the bank.')
            cells.extend(release_cells(question, self.language, practice=self.practice))
        nb.cells = cells
        return nb, resources


class Unpair(NbGraderPreprocessor):
    """Remove what ties a lesson to its text, or JupyterLab's jupytext would show students the solved text."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """The notebook without jupytext's metadata."""
        nb.metadata.pop("jupytext", None)
        return nb, resources


RELEASE_PREPROCESSORS = (
    IncludeHeaderFooter,
    InstantiateTests,
    ClearSolutions,
    QuestionCells,
    Unpair,
    LockCells,
    ClearOutput,
    CheckCellMetadata,
    ComputeChecksums,
    SaveCells,
    ClearHiddenTests,
    ClearMarkScheme,
    ComputeChecksums,
    CheckCellMetadata,
    RecordRelease,
)


def released(lesson: Path, language: str = "en", *, practice: bool = False) -> NotebookNode:
    """The student version of the lesson at `lesson`, without a gradebook: for a workspace, and for tests.

    With `practice`, for self-learners, every question is answered at once.
    """
    config = Config()
    config.QuestionCells.practice = practice
    config.QuestionCells.language = language
    nb = nbformat.read(lesson, as_version=4)
    resources: dict = {"nbgrader": {}}
    for preprocessor in RELEASE_PREPROCESSORS:
        if preprocessor not in (SaveCells, RecordRelease):
            nb, resources = preprocessor(config=config).preprocess(nb, resources)
    return nb


def released_lessons(language: str = "en", *, practice: bool = False) -> dict[Path, str]:
    """The student version of every lesson as text, by its path inside a folder of lessons.

    CommandError where the course has no lessons here.
    """
    lessons = sorted(notebooks_dir().glob("*/*.ipynb"))
    if not lessons:
        raise CommandError(f"There are no lessons in {notebooks_dir()}. In a clone, `make notebooks` makes them.")
    return {
        Path(lesson.parent.name) / lesson.name: nbformat.writes(released(lesson, language, practice=practice)) + "\n"
        for lesson in lessons
    }
