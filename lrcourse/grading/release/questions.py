"""A question in the release: three cells in place of one. Apart from `cells`, since nbformat takes 3 s to import."""

from __future__ import annotations

import nbformat
from nbformat import NotebookNode

from lrcourse.quiz.cells import as_markdown
from lrcourse.quiz.questions import Question
from lrcourse.quiz.words import expected_answer, instruction


def release_cells(
    question: Question, language: str = "en", order: str | None = None, *, practice: bool = False
) -> list[NotebookNode]:
    """A question's three cells in the release: what is asked, the answer, the graded check. None holds the key.

    For practice the check has no points and says at once whether the answer is right.
    """
    practice = practice or question.practice
    settings = {"order": order, "language": language if language != "en" else None}
    arguments = [f'"{question.id}"', *(f'{name}="{value}"' for name, value in settings.items() if value)]
    arguments += ["practice=True"] if practice else []
    text = f"{as_markdown(question, language, order)}\n\n{instruction(question, language)}"
    blank = f"{question.answer_name} = None  # {expected_answer(question, language, order)}"
    return [
        _cell("markdown", text, question.question_cell, locked=True),
        _cell("code", blank, question.answer_name, solution=True),
        _cell(
            "code",
            f"check({', '.join(arguments)})",
            question.check_cell,
            locked=True,
            points=None if practice else question.points,
        ),
    ]


def _cell(kind: str, source: str, grade_id: str, *, locked=False, solution=False, points=None) -> NotebookNode:
    make = nbformat.v4.new_markdown_cell if kind == "markdown" else nbformat.v4.new_code_cell
    metadata = {
        "cell_type": kind,
        "grade": points is not None,
        "grade_id": grade_id,
        "locked": locked,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    if points is not None:
        metadata["points"] = points
    # An id of its own from the grade_id: the same lesson gives the same release, byte for byte.
    return make(source, metadata={"nbgrader": metadata}, id=grade_id.replace("_", "-"))
