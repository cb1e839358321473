"""A question as notebook cells: shown in the lesson, and taken apart into three cells in the release."""

from __future__ import annotations

import re

import nbformat
from nbformat import NotebookNode

from lrcourse.quiz.bank import find_question
from lrcourse.quiz.questions import Number, Question
from lrcourse.quiz.words import expected_answer, instruction, points_in_words

_CALL = re.compile(r"""question\(\s*(["'])(?P<id>[a-z0-9-]+)\1\s*\)""")


def question(id: str, language: str = "en") -> None:
    """Show the question `id` in a lesson. The release has an answer cell and a graded cell in place of this call."""
    from IPython.display import Markdown, display

    found = find_question(id)
    if found is None:
        raise ValueError(f'There is no question "{id}" in the bank.')
    display(Markdown(as_markdown(found, language)))


def as_markdown(question: Question, language: str = "en", order: str | None = None) -> str:
    """Stem and options, without any sign of which is right."""
    lines = [f"**{question.stem[language]}** ({points_in_words(question, language)})"]
    if not isinstance(question, Number):
        options = (f"- **{letter}** {option.text[language]}" for letter, option in question.shown(order).items())
        lines.append("\n".join(options))
    return "\n\n".join(lines)


def asked_in(source: str) -> str | None:
    """The id of the question that a lesson's cell asks, or None if the cell is anything else."""
    match = _CALL.fullmatch(source.strip())
    return match["id"] if match else None


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
