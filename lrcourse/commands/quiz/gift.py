"""The bank in Moodle's GIFT format, a plain text that Moodle imports into its question bank.

What the format says is taken from Moodle's own importer, question/format/gift/format.php. Texts stay Markdown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from lrcourse.quiz.bank import LessonQuestions
from lrcourse.quiz.questions import MultipleChoice, Number, Question, SingleChoice

# Markdown takes these at the start of a text for a heading, a quote, a list, a rule or a block of code.
_BLOCK = re.compile(r"(?=#|>|[-+*](?:\s|$)|-{3}|={3}|~{3}|`{3})|(?<=\d)(?=[.)]\s)")
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True)
class Exported:
    """A lesson's questions in another system's format.

    `content` is the whole file, `questions` the ids that are in it, and `notes` holds a sentence for everything that
    the format cannot say, with the question's id first.
    """

    content: bytes
    questions: tuple[str, ...]
    notes: tuple[str, ...]


def one_paragraph(text: str) -> str:
    """`text` of the bank, which is Markdown inside a line, as Markdown that stands alone and means the same.

    >>> print(one_paragraph("# of steps"))
    \\# of steps
    >>> print(one_paragraph("1. halving"))
    1\\. halving
    """
    text = re.sub(r"\r\n?", "\n", text)
    number = _NUMBER.match(text)
    start = number.end() if number else 0
    return text[:start] + "\\" + text[start:] if _BLOCK.match(text, start) else text


_FORMAT = "[markdown]"
_SPECIAL = str.maketrans({character: f"\\{character}" for character in "\\~=#{}:"} | {"\n": "\\n"})
# Code, an escaped character, or LaTeX between single dollars: the first that begins at a place decides.
_CODE_OR_MATH = re.compile(
    r"(?P<code>(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`))"
    r"|(?P<escape>\\.)"
    r"|(?<!\$)\$(?=[^\s$])(?P<math>(?:[^$\\]|\\.)+)(?<!\s)\$(?!\$)",
    flags=re.DOTALL,
)
_MARKDOWN_IN_MATH = re.compile(r"[\\`*_\[\]]")
_ESCAPED = r"\\\g<0>"
_CREDIT_NOTES = {
    "off": "Moodle has no all-or-nothing: a wrong choice costs all, but some of the correct ones earn a part.",
    "each-answer": "Moodle gives nothing for leaving a wrong option out, so a missed correct one costs more than here.",
}


def export_gift(lesson: LessonQuestions, language: str = "en") -> Exported:
    """The questions of `lesson` as a GIFT file, in the category lrcourse/LESSON, in Spanish lrcourse/LESSON/es."""
    category = f"$CATEGORY: lrcourse/{lesson.lesson}" + ("" if language == "en" else f"/{language}")
    blocks = [category, *(_block(question, language) for question in lesson.questions)]
    return Exported(
        content=("\n\n".join(blocks) + "\n").encode(),
        questions=tuple(question.id for question in lesson.questions),
        notes=tuple(note for question in lesson.questions for note in _notes(question)),
    )


def _notes(question: Question):
    if question.points != 1:
        # The importer gives every question the default mark 1, and no line of the format changes it.
        yield f"{question.id}: worth {question.points:g} points; GIFT has no points, so set its default mark in Moodle."
    if isinstance(question, MultipleChoice) and question.credit in _CREDIT_NOTES:
        yield f"{question.id}: {_CREDIT_NOTES[question.credit]}"


def _block(question: Question, language: str) -> str:
    answers = {SingleChoice: _single, MultipleChoice: _multiple, Number: _number}[type(question)](question, language)
    # No empty line inside: one ends the question. The comment tells a reader what GIFT cannot.
    comment = f"// points: {question.points:g}"
    stem = f"::{question.id}::{_FORMAT}{_escaped(question.stem[language])}{{"
    return "\n".join([comment, stem + ("#" if isinstance(question, Number) else ""), *answers, "}"])


def _single(question: SingleChoice, language: str) -> list[str]:
    return [_answer("=" if option.correct else "~", option, language) for option in question.options]


def _multiple(question: MultipleChoice, language: str) -> list[str]:
    """Every option begins with "~": one "=" would make it a single choice."""
    right, wrong = _weights(question)
    return [_answer(f"~%{right if option.correct else wrong}%", option, language) for option in question.options]


def _weights(question: MultipleChoice) -> tuple[str, str]:
    """The percents for choosing a correct and a wrong option.

    Moodle adds up the weights of what was chosen, cuts the sum off at 0, and wants the positive ones to make 100. So
    the correct options share 100, and only the price of a wrong one is free. "net-correct" comes out exactly.
    "each-answer" is exact once all correct options are chosen; a missed one costs more, since nothing can be given for
    what is left out. "off" refuses every answer with a wrong choice, but cannot refuse one that is only incomplete.
    All these shares (1/1 to 1/8) are in the list of grades that Moodle's importer accepts, with five decimals.
    """
    correct = sum(option.correct for option in question.options)
    price = {"net-correct": 100 / correct, "each-answer": 100 / len(question.options), "off": 100}[question.credit]
    return _percent(100 / correct), _percent(-price)


def _percent(value: float) -> str:
    return f"{value:.5f}".rstrip("0").rstrip(".")


def _number(question: Number, language: str) -> list[str]:
    """The first answer that matches counts, so the right one comes first; the last stands for any other number."""
    lines = [_numeric(100, question.answer, question.tolerance, question.feedback[language])]
    lines += [_numeric(0, wrong.value, question.tolerance, wrong.feedback[language]) for wrong in question.wrong]
    return [*lines, f"~#{_text(question.hint[language])}"]


def _numeric(percent: int, value: float, tolerance: float, feedback: str) -> str:
    margin = abs(Decimal(repr(value))) * Decimal(repr(tolerance))
    return f"=%{percent}%{_plain(Decimal(repr(value)))}:{_plain(margin)}#{_text(feedback)}"


def _plain(value: Decimal) -> str:
    """Without an exponent, in which not every reader of the format believes."""
    return f"{value.normalize():f}"


def _answer(mark: str, option, language: str) -> str:
    return f"{mark}{_text(option.text[language])}#{_text(option.feedback[language])}"


def _text(text: str) -> str:
    """An answer or a feedback, whose format is the stem's."""
    text = _escaped(text)
    # Moodle would read these as a format or a weight; naming the format prevents it.
    return _FORMAT + text if text.startswith(("[", "%")) else text


def _escaped(text: str) -> str:
    return _moodle_markdown(one_paragraph(text)).translate(_SPECIAL)


def _moodle_markdown(text: str) -> str:
    r"""LaTeX as Moodle's MathJax finds it: between \( and \), which its Markdown must not touch.

    >>> print(_moodle_markdown(r"`$x$` and $\alpha_t * 2$"))
    `$x$` and \\(\\alpha\_t \* 2\\)
    """

    def replace(match: re.Match) -> str:
        if match["math"]:
            return rf"\\({_MARKDOWN_IN_MATH.sub(_ESCAPED, match['math']).replace('<', '&lt;')}\\)"
        # A notebook needs \$ for a dollar that begins no LaTeX; Moodle would show the backslash.
        return "$" if match["escape"] == r"\$" else match[0]

    return _CODE_OR_MATH.sub(replace, text)
