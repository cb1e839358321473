"""Mark the answer to a question: what was chosen, what it is worth, and what its feedback says."""

from __future__ import annotations

from dataclasses import dataclass

from lrcourse.marks import Remark
from lrcourse.quiz.questions import Asked, MultipleChoice, Number, SingleChoice, WrongNumber
from lrcourse.quiz.words import expected_answer, words
from lrcourse.student_code import Reply, describe


@dataclass(frozen=True)
class Marked:
    """The outcome, its points, and its words. `recorded` says that there is an answer, whatever it is worth.

    Outcomes: "correct", "incorrect" (also where a part of the points is earned), "not attempted", "could not be read",
    and "recorded" where nothing is revealed.
    """

    outcome: str
    points: float
    text: str
    recorded: bool
    remarks: tuple[Remark, ...] = ()


def mark(
    question: Asked,
    answer: Reply,
    *,
    order: str | None = None,
    reveal: bool,
    points: bool = True,
    language: str = "en",
) -> Marked:
    """Mark `answer`, the literal of the answer cell.

    With `reveal`, as in grading, the text says whether it is right and gives the feedback of what was chosen; without,
    it says only what was recorded, and the question needs no key. For practice, `points=False` leaves the points out of
    the text.
    """
    say = words(language)
    expected = expected_answer(question, language, order)
    if answer.kind in ("missing", "stub"):
        text = say["blank"].format(name=question.answer_name, expected=expected)
        return Marked("not attempted", 0.0, f"{question.id}: {text}", recorded=False)
    given = _read(question, answer, order)
    if given is None:
        got = answer.note if answer.kind == "unreadable" else describe(answer)
        text = say["unreadable"].format(name=question.answer_name, expected=expected, got=got)
        return Marked("could not be read", 0.0, f"{question.id}: {text}", recorded=False)
    chosen = _in_words(question, given, order, language)
    if not reveal:
        return Marked("recorded", 0.0, f"{question.id}: {chosen}\n{say['recorded']}", recorded=True)
    weigh = {SingleChoice: _single, MultipleChoice: _multiple, Number: _number}[type(question)]
    share, feedback = weigh(question, given, order, language)
    outcome = "correct" if share == 1 else "incorrect"
    earned = round(share * question.points, 4)
    if points:
        heading = "partly" if 0 < share < 1 else outcome
        result = say[heading].format(points=f"{earned:g}", of=f"{question.points:g}")
    else:
        result = say["right" if share == 1 else "partly right" if share else "wrong"]
    text = f"{question.id}: {chosen}\n{result} {feedback}"
    return Marked(outcome, earned, text, recorded=True, remarks=_misconceptions(question, given, order, language))


def _read(question: Asked, answer: Reply, order: str | None) -> list[str] | float | None:
    """The letters or the number that the answer cell holds; None where it holds neither or names no option."""
    if question.kind == "number":
        return answer.value if answer.kind == "number" else None
    several = question.kind == "multiple" and answer.kind == "list"
    letters = {_letter(item) for item in (answer.value if several else [answer])}
    return sorted(letters) if letters and letters <= set(question.shown(order)) else None


def _letter(answer: Reply) -> str | None:
    return answer.value.strip().upper() if answer.kind == "text" else None


def _in_words(question: Asked, given: list[str] | float, order: str | None, language: str) -> str:
    say = words(language)
    if question.kind == "number":
        return say["wrote"].format(value=f"{given:g}")
    if question.kind == "multiple":
        return say["chosen several"].format(letters=", ".join(given))
    (letter,) = given
    return say["chosen"].format(letter=letter, text=question.shown(order)[letter].text[language])


def _single(question: SingleChoice, given: list[str], order: str | None, language: str) -> tuple[float, str]:
    """The share of the points that the answer earns, and its feedback."""
    (letter,) = given
    option = question.shown(order)[letter]
    return float(option.correct), option.feedback[language]


def _multiple(question: MultipleChoice, given: list[str], order: str | None, language: str) -> tuple[float, str]:
    shown = question.shown(order)
    right = sum(shown[letter].correct for letter in given)
    wrong = len(given) - right
    correct = sum(option.correct for option in question.options)
    everything = right == correct and not wrong
    share = {
        "off": float(everything),
        "each-answer": 1 - (wrong + correct - right) / len(question.options),
        "net-correct": max(0.0, (right - wrong) / correct),
    }[question.credit]
    feedback = " ".join(f"{letter}: {shown[letter].feedback[language]}" for letter in given)
    missing = "" if right == correct else " " + words(language)["some missing"]
    return share, feedback + missing


def _misconceptions(question: Asked, given: list[str] | float, order: str | None, language: str) -> tuple[Remark, ...]:
    """The feedback of each wrong option that was chosen, or of the known wrong number."""
    if isinstance(question, Number):
        wrong = None if question.accepts(given) else _known_wrong(question, given)
        number = question.wrong.index(wrong) + 1 if wrong else 0
        return (Remark(f"{question.id}-{number}", wrong.feedback[language], "misconception"),) if wrong else ()
    chosen = (question.shown(order)[letter] for letter in given)
    return tuple(
        Remark(f"{question.id}-{option.id}", option.feedback[language], "misconception")
        for option in chosen
        if not option.correct
    )


def _known_wrong(question: Number, given: float) -> WrongNumber | None:
    """The known wrong number that was given; it may be rounded as freely as the right one."""
    near = (wrong for wrong in question.wrong if abs(given - wrong.value) <= question.tolerance * abs(wrong.value))
    return next(near, None)


def _number(question: Number, given: float, order: str | None, language: str) -> tuple[float, str]:
    if question.accepts(given):
        return 1.0, question.feedback[language]
    wrong = _known_wrong(question, given)
    return 0.0, (wrong.feedback if wrong else question.hint)[language]
