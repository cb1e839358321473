"""A guess before the answer: asked, kept while the notebook runs, and answered with what happened.

What is asked, and the idea behind each usual wrong guess, is data: `predictions.yaml`. Nothing here is graded.
"""

from __future__ import annotations

import html
import math
from functools import cache
from numbers import Real
from pathlib import Path

from lrcourse.tabular import Table

TEXTS = Path(__file__).with_name("predictions.yaml")
_UNSET = object()
_made: dict[str, object] = {}  # id -> value, in this kernel; None where the guess was left open
_happened: dict[str, object] = {}


class Note:
    """A few lines for a reader: paragraphs in a notebook, lines in a terminal."""

    def __init__(self, *lines: str):
        self.lines = [line for line in lines if line]

    def __repr__(self) -> str:
        return "\n".join(self.lines)

    def _repr_html_(self) -> str:
        first, *rest = map(html.escape, self.lines)
        return f"<p><strong>{first}</strong></p>" + "".join(f"<p>{line}</p>" for line in rest)


def guess(id: str = "", value: object = _UNSET, *, happened: object = _UNSET, language: str = "en") -> Note | Table:
    """Make a guess, hear what happened, or see all guesses of this notebook. Nobody marks them.

    `guess("floor", 1.5)` makes the guess; None leaves it open. `guess("floor", happened=0.05)` answers it: what
    happened, and the idea behind your guess where it is a usual one. `guess()` is a table of what you expected and
    what was.

    id: which guess, as the lesson names it.
    value: a number, or the name of an option, whichever is asked for; None while you have none.
    happened: what a cell has measured, of the same kind.
    language: "en" or "es".

    ValueError: an unknown id, or a value of another kind.
    """
    if not id:
        return _summary(language)
    asked = _asked(id)
    if happened is not _UNSET:
        _happened[id] = _checked(id, asked, happened, "happened")
        return Note(*_answer(id, asked, _made.get(id), _happened[id], language))
    if value is _UNSET:
        raise ValueError(f'guess("{id}", ...) needs your guess, or happened=...; got neither.')
    _made[id] = None if value is None else _checked(id, asked, value, "your guess")
    options = [f"{name}: {words[language]}" for name, words in asked.get("options", {}).items()]
    said = _WORDS["open" if value is None else "kept"][language].format(value=_shown(_made[id]))
    return Note(asked["ask"][language], *options, said)


_WORDS = {
    "open": {
        "en": "Put your guess in place of None and run the cell. No guess, no surprise.",
        "es": "Escribe tu respuesta en lugar de None y ejecuta la celda. Sin apuesta no hay sorpresa.",
    },
    "kept": {"en": "Your guess: {value}. Read on.", "es": "Tu respuesta: {value}. Sigue leyendo."},
    "none": {"en": "You made no guess.", "es": "No hiciste ninguna apuesta."},
    "was": {"en": "You expected {value}; it was {happened}.", "es": "Esperabas {value}; fue {happened}."},
    "alone": {"en": "It was {happened}.", "es": "Fue {happened}."},
    "summary": {"en": ("question", "you expected", "it was"), "es": ("pregunta", "esperabas", "fue")},
}


def _answer(id: str, asked: dict, value: object, happened: object, language: str) -> list[str]:
    words = {"value": _shown(value), "happened": _shown(happened)}
    if value is None:
        return [_WORDS["alone"][language].format(**words), asked["answer"][language], _WORDS["none"][language]]
    idea = "" if _right(asked, value, happened) else _idea(asked, value, language)
    return [_WORDS["was"][language].format(**words), idea, asked["answer"][language]]


def _right(asked: dict, value: object, happened: object) -> bool:
    if "options" in asked:
        return value == happened
    near = asked["near"]  # a factor
    return value == happened or (value * happened > 0 and 1 / near <= value / happened <= near)


def _idea(asked: dict, value: object, language: str) -> str:
    for usual in asked["usual"]:
        if "options" in asked:
            if usual["option"] == value:
                return usual["idea"][language]
        elif usual["from"] <= value <= usual["to"]:
            return usual["idea"][language]
    return ""


def _summary(language: str) -> Table:
    rows = [
        [_asked(id)["short"][language], "-" if value is None else _shown(value), _shown(_happened[id])]
        for id, value in _made.items()
        if id in _happened
    ]
    return Table(_WORDS["summary"][language], rows)


def _shown(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else f'"{value}"' if isinstance(value, str) else str(value)


def _checked(id: str, asked: dict, value: object, what: str) -> object:
    if "options" in asked:
        if not isinstance(value, str) or value not in asked["options"]:
            raise ValueError(f"{what} for {id!r} must be one of {', '.join(asked['options'])}; got {value!r}.")
        return value
    if isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(value):
        raise ValueError(f"{what} for {id!r} must be a finite number; got {value!r}.")
    return int(value) if value == int(value) else float(value)


def _asked(id: str) -> dict:
    if id not in texts():
        raise ValueError(f"guess must be one of {', '.join(texts())}; got {id!r}.")
    return texts()[id]


@cache
def texts() -> dict[str, dict]:
    """What is asked, by id, in the order of the course."""
    from ruamel.yaml import YAML

    return YAML(typ="safe").load(TEXTS.read_text(encoding="utf-8"))
