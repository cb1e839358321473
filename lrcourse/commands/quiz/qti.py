"""The bank as a QTI 1.2 package, which Canvas imports; made by text2qti from its plain-text format."""

from __future__ import annotations

import sys
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from lrcourse.commands.quiz.gift import Exported, one_paragraph
from lrcourse.errors import CommandError
from lrcourse.quiz.bank import LessonQuestions
from lrcourse.quiz.questions import MultipleChoice, Number, Question

# Canvas rounds what a student types to four decimals, and text2qti writes and accepts no more.
_GRID = Decimal("0.0001")


def export_qti(lesson: LessonQuestions, language: str = "en") -> Exported:
    """The questions of `lesson` as a zipped QTI package, a quiz named after the lesson.

    A question that QTI through text2qti cannot hold is left out, and a note says so. CommandError if text2qti is not
    installed, refuses a question, or no question is left.
    """
    try:
        from text2qti.config import Config
        from text2qti.err import Text2qtiError
        from text2qti.qti import QTI
        from text2qti.quiz import Quiz
    except ImportError as error:
        raise CommandError(
            f'QTI needs the package text2qti, which is not installed: {sys.executable} -m pip install "text2qti>=0.8"'
        ) from error
    left_out = {question.id: reason for question in lesson.questions if (reason := _left_out(question))}
    kept = [question for question in lesson.questions if question.id not in left_out]
    notes = tuple(f"{id}: left out, {reason}" for id, reason in left_out.items())
    if not kept:
        raise CommandError(f"No question of {lesson.lesson} can be exported to QTI. {' '.join(notes)}")
    title = lesson.lesson if language == "en" else f"{lesson.lesson} ({language})"
    source = "\n\n".join([f"Quiz title: {title}", *(_item(question, language) for question in kept)])
    try:
        # Config() without load(): that would read, and write, a file in the user's home.
        content = QTI(Quiz(source, config=Config())).zip_bytes()
    except Text2qtiError as error:
        reason = " ".join(str(error).split())
        raise CommandError(f"{lesson.lesson} cannot be exported to QTI; text2qti says: {reason}") from error
    return Exported(
        content, tuple(question.id for question in kept), notes + tuple(note for q in kept for note in _notes(q))
    )


def _left_out(question: Question) -> str | None:
    """Why QTI cannot hold the question, or None."""
    if 2 * question.points % 1:
        return f"{question.points:g} points: text2qti takes whole and half points."
    if isinstance(question, Number):
        low, high = _canvas_range(question)
        if min(abs(low), abs(high)) < _GRID or (low < 0) != (high < 0):
            return f"{question.answer:g} is too small: Canvas rounds answers to four decimals."
        for wrong in question.wrong:
            if low <= Decimal(repr(wrong.value)).quantize(_GRID) <= high:
                return f"Canvas, which rounds to four decimals, would accept the wrong number {wrong.value:g}."
    return None


def _notes(question: Question):
    if isinstance(question, MultipleChoice) and question.credit != "net-correct":
        # Canvas' classic quizzes always give (right - wrong) / correct; the file itself says all or nothing.
        yield f'{question.id}: Canvas grades it as "net-correct", not "{question.credit}".'
    if isinstance(question, Number):
        low, high = _canvas_range(question)
        if (low, high) != _exact_range(question):
            yield f"{question.id}: Canvas rounds to four decimals, so it accepts {low} to {high}."
        if question.wrong:
            yield f"{question.id}: Canvas shows the hint for any wrong number; the feedback of known ones is left out."


def _exact_range(question: Number) -> tuple[Decimal, Decimal]:
    answer = Decimal(repr(question.answer))
    margin = abs(answer) * Decimal(repr(question.tolerance))
    return answer - margin, answer + margin


def _canvas_range(question: Number) -> tuple[Decimal, Decimal]:
    """What is accepted, widened to four decimals, so that no right number is refused, rounded by Canvas or not."""
    low, high = _exact_range(question)
    return low.quantize(_GRID, ROUND_FLOOR), high.quantize(_GRID, ROUND_CEILING)


def _item(question: Question, language: str) -> str:
    lines = [f"Title: {question.id}", f"Points: {question.points:g}", _marked("1. ", question.stem[language])]
    if isinstance(question, Number):
        low, high = _canvas_range(question)
        feedback = [_marked("+ ", question.feedback[language]), _marked("- ", question.hint[language])]
        return "\n".join([*lines, *feedback, f"= [{low}, {high}]"])
    for option in question.options:
        if isinstance(question, MultipleChoice):
            marker = "[*] " if option.correct else "[ ] "
        else:
            marker = f"*{option.id}) " if option.correct else f"{option.id}) "
        lines += [_marked(marker, option.text[language]), _marked("... ", option.feedback[language])]
    return "\n".join(lines)


def _marked(marker: str, text: str) -> str:
    """`text` after its marker; further lines are indented as far, or text2qti would take them for markers."""
    return marker + one_paragraph(text).replace("\n", "\n" + " " * len(marker))
