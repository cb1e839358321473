"""The few sentences around a question, in the course's languages."""

from __future__ import annotations

from lrcourse.quiz.questions import Asked

_WORDS = {
    "en": {
        "blank": "not attempted. Set {name} to {expected} in its answer cell.",
        "unreadable": "could not be read. {name} must be {expected}; got {got}.",
        "chosen": "you chose {letter}, {text}",
        "chosen several": "you chose {letters}.",
        "some missing": "A correct option is missing.",
        "wrote": "you wrote {value}.",
        "recorded": "Recorded. The mark comes with grading.",
        "correct": "Correct: {points} of {of}.",
        "partly": "Partly right: {points} of {of}.",
        "incorrect": "Incorrect: {points} of {of}.",
        "or": "or",
        "a list": 'a list of all letters that are right, such as ["{letter}"]',
        "a number": "a number",
        "choose one": "Write the letter of your answer.",
        "choose several": "More than one may be right: write a list of letters.",
        "write a number": "Write a number.",
        "practice": "for practice",
        "right": "Right.",
        "partly right": "Partly right.",
        "wrong": "Not right yet.",
        "point": "1 point",
        "points": "{points} points",
    },
    "es": {
        "blank": "sin responder. Asigna a {name} {expected} en su celda de respuesta.",
        "unreadable": "no se puede leer. {name} debe ser {expected}; es {got}.",
        "chosen": "has elegido {letter}, {text}",
        "chosen several": "has elegido {letters}.",
        "some missing": "Falta una opción correcta.",
        "wrote": "has escrito {value}.",
        "recorded": "Registrado. La nota llega con la corrección.",
        "correct": "Correcto: {points} de {of}.",
        "partly": "Correcto en parte: {points} de {of}.",
        "incorrect": "Incorrecto: {points} de {of}.",
        "or": "o",
        "a list": 'una lista con todas las letras correctas, como ["{letter}"]',
        "a number": "un número",
        "choose one": "Escribe la letra de tu respuesta.",
        "choose several": "Puede haber más de una correcta: escribe una lista de letras.",
        "write a number": "Escribe un número.",
        "practice": "para practicar",
        "right": "Correcto.",
        "partly right": "Correcto en parte.",
        "wrong": "Todavía no.",
        "point": "1 punto",
        "points": "{points} puntos",
    },
}


def words(language: str) -> dict[str, str]:
    """The sentences of `language`, to be formatted by whoever uses them."""
    return _WORDS[language]


def expected_answer(question: Asked, language: str, order: str | None = None) -> str:
    """What may stand in the answer cell, in words."""
    say = words(language)
    if question.kind == "number":
        return say["a number"]
    letters = list(question.shown(order))
    if question.kind == "multiple":
        return say["a list"].format(letter=letters[0])
    quoted = [f'"{letter}"' for letter in letters]
    return f"{', '.join(quoted[:-1])} {say['or']} {quoted[-1]}"


def instruction(question: Asked, language: str) -> str:
    """The sentence under a question that says how to answer."""
    key = {"single": "choose one", "multiple": "choose several", "number": "write a number"}[question.kind]
    return words(language)[key]


def points_in_words(question: Asked, language: str) -> str:
    """What the question is worth."""
    say = words(language)
    if question.practice:
        return say["practice"]
    return say["point"] if question.points == 1 else say["points"].format(points=f"{question.points:g}")
