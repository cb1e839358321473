"""Mark the answer to a question: what was chosen, what it is worth, and what its feedback says."""

from __future__ import annotations

from dataclasses import dataclass

from lrcourse.quiz.questions import MultipleChoice, Number, Question, SingleChoice
from lrcourse.quiz.words import expected_answer, words
from lrcourse.student import Reply, describe


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


def mark(
    question: Question,
    answer: Reply,
    *,
    order: str | None = None,
    reveal: bool,
    points: bool = True,
    language: str = "en",
) -> Marked:
    """Mark `answer`, the literal of the answer cell.

    With `reveal`, as in grading, the text says whether it is right and gives the feedback of what was chosen; without,
    it says only what was recorded. For practice, `points=False` leaves the points out of the text.
    """
    say = words(language)
    expected = expected_answer(question, language, order)
    if answer.kind in ("missing", "stub"):
        text = say["blank"].format(name=question.answer_name, expected=expected)
        return Marked("not attempted", 0.0, f"{question.id}: {text}", recorded=False)
    read = {SingleChoice: _single, MultipleChoice: _multiple, Number: _number}[type(question)]
    marked = read(question, answer, order, language)
    if marked is None:
        got = answer.note if answer.kind == "unreadable" else describe(answer)
        text = say["unreadable"].format(name=question.answer_name, expected=expected, got=got)
        return Marked("could not be read", 0.0, f"{question.id}: {text}", recorded=False)
    chosen, share, feedback = marked
    if not reveal:
        return Marked("recorded", 0.0, f"{question.id}: {chosen}\n{say['recorded']}", recorded=True)
    outcome = "correct" if share == 1 else "incorrect"
    earned = round(share * question.points, 4)
    if points:
        heading = "partly" if 0 < share < 1 else outcome
        result = say[heading].format(points=f"{earned:g}", of=f"{question.points:g}")
    else:
        result = say["right" if share == 1 else "partly right" if share else "wrong"]
    return Marked(outcome, earned, f"{question.id}: {chosen}\n{result} {feedback}", recorded=True)


def _letter(answer: Reply) -> str | None:
    return answer.value.strip().upper() if answer.kind == "text" else None


def _single(question: SingleChoice, answer: Reply, order: str | None, language: str):
    """What was chosen in words, its share of the points, its feedback; None if the answer names no option."""
    shown = question.shown(order)
    letter = _letter(answer)
    if letter not in shown:
        return None
    option = shown[letter]
    chosen = words(language)["chosen"].format(letter=letter, text=option.text[language])
    return chosen, float(option.correct), option.feedback[language]


def _multiple(question: MultipleChoice, answer: Reply, order: str | None, language: str):
    shown = question.shown(order)
    letters = {_letter(item) for item in (answer.value if answer.kind == "list" else [answer])}
    if not letters or not letters <= set(shown):
        return None
    chosen = [shown[letter] for letter in sorted(letters)]
    right = sum(option.correct for option in chosen)
    wrong = len(chosen) - right
    correct = sum(option.correct for option in question.options)
    everything = right == correct and not wrong
    share = {
        "off": float(everything),
        "each-answer": 1 - (wrong + correct - right) / len(question.options),
        "net-correct": max(0.0, (right - wrong) / correct),
    }[question.credit]
    say = words(language)["chosen several"].format(letters=", ".join(sorted(letters)))
    feedback = " ".join(f"{letter}: {shown[letter].feedback[language]}" for letter in sorted(letters))
    missing = "" if right == correct else " " + words(language)["some missing"]
    return say, share, feedback + missing


def _number(question: Number, answer: Reply, order: str | None, language: str):
    if answer.kind != "number":
        return None
    say = words(language)["wrote"].format(value=f"{answer.value:g}")
    if question.accepts(answer.value):
        return say, 1.0, question.feedback[language]
    # A known wrong number may be rounded as freely as the right one.
    for wrong in question.wrong:
        if abs(answer.value - wrong.value) <= question.tolerance * abs(wrong.value):
            return say, 0.0, wrong.feedback[language]
    return say, 0.0, question.hint[language]
