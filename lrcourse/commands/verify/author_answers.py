"""The author's own answers to a lesson, and how a released notebook is filled with answers."""

from __future__ import annotations

import nbformat
from nbformat import NotebookNode

from lrcourse.locations import notebooks_dir
from lrcourse.quiz.bank import questions_of
from lrcourse.quiz.questions import MultipleChoice, Number, Question


def author_answers(lesson: str) -> dict[str, str]:
    """The answer cells of the lesson as its author solved them, by grade_id, with the key of each question."""
    notebook = nbformat.read(notebooks_dir() / lesson / f"{lesson}.ipynb", as_version=4)
    answers = {
        cell.metadata["nbgrader"]["grade_id"]: cell.source
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }
    return answers | {question.answer_name: answer_cell(question, right=True) for question in questions_of(lesson)}


def answer_cell(question: Question, *, right: bool) -> str:
    """The answer cell of `question` with a right answer, or with a wrong one."""
    if isinstance(question, Number):
        value = question.answer if right else 2 * question.answer
    else:
        letters = [letter for letter, option in question.shown().items() if option.correct is right]
        value = letters if isinstance(question, MultipleChoice) else letters[0]
    return f"{question.answer_name} = {value!r}"


def fill(notebook: NotebookNode, answers: dict[str, str]) -> None:
    """Put each answer into the cell with its grade_id."""
    for cell in notebook.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if grade_id in answers:
            cell.source = answers[grade_id]
