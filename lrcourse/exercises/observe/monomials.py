"""Answers that are a product of powers of the arguments, or the right answers times one."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import combinations, product

from lrcourse.exercises.observation import Observation
from lrcourse.exercises.observe.rows import AXES, Row, numeric

_POWERS = (1, -1, 2, -2, 0.5, -0.5)
_CLOSE = 1e-4


def factor(rows: list[Row]) -> Observation | None:
    """A product of arguments by which every answer is too large or too small."""
    asked = [row for row in rows if row.number and row.wanted and row.got.value]
    if len(asked) < len([row for row in rows if row.wanted != 0]):
        return None
    words = _monomial(asked, [row.got.value / row.wanted for row in asked])
    if words is None or len({row.wanted for row in asked}) < 4:
        return None
    return Observation(f"factor-{words.replace(' ', '')}", f"Every answer is {words} times the right one.", exact=True)


def value(rows: list[Row]) -> Observation | None:
    """A product of arguments that every answer is, whatever the other arguments are."""
    if not all(row.got.kind == "number" for row in rows):
        return None
    words = _monomial(rows, [row.got.value for row in rows])
    if words is None:
        return None
    also = ": are the arguments in the right order?" if words in AXES else "."
    return Observation(f"gives-{words.replace(' ', '')}", f"It gives {words}, whatever the rest is{also}", exact=True)


def _monomial(rows: list[Row], values: list[float]) -> str | None:
    """The simplest `c * a**p * b**q` that all values are; None if there is none, or too few rows to tell."""
    asked = [(row, one) for row, one in zip(rows, values, strict=True) if one]
    if len(asked) < 4 or len({one > 0 for one in values if one}) > 1:
        return None
    zeros = [row for row, one in zip(rows, values, strict=True) if not one]
    names = [name for name in numeric(rows) if all(row.values[name] > 0 for row, _ in asked)]
    for powers in _candidates(names):
        if not _constant(asked, powers) or not all(_is_zero(row, powers) for row in zeros):
            continue
        varied = {tuple(float(row.values[name]) for name in powers) for row, _ in asked}
        if len(varied) >= 3 * bool(powers):
            return _words(float(f"{_left(*asked[0], powers):.4g}"), powers)
    return None


def _constant(asked: list[tuple[Row, float]], powers: dict[str, float]) -> bool:
    """Whether the powers leave the same factor in every value."""
    first = _left(*asked[0], powers)
    return all(math.isclose(_left(row, one, powers), first, rel_tol=_CLOSE) for row, one in asked)


def _is_zero(row: Row, powers: dict[str, float]) -> bool:
    """Whether the product of powers is 0, because an argument above the line is."""
    zero = [power for name, power in powers.items() if not row.values[name]]
    return bool(zero) and min(zero) > 0


def _left(row: Row, value: float, powers: dict[str, float]) -> float:
    """What is left of a value when it is divided by powers of the arguments."""
    for name, power in powers.items():
        value /= float(row.values[name]) ** power
    return value


def _candidates(names: list[str]) -> Iterator[dict[str, float]]:
    yield {}
    for name in names:
        yield from ({name: power} for power in _POWERS)
    for pair in combinations(names, 2):
        yield from (dict(zip(pair, powers, strict=True)) for powers in product(_POWERS, repeat=2))


def _words(constant: float, powers: dict[str, float]) -> str:
    above = [_power(name, power) for name, power in powers.items() if power > 0]
    below = [_power(name, -power) for name, power in powers.items() if power < 0]
    if constant != 1 or not above:
        above.insert(0, f"{constant:.4g}")
    text = " * ".join(above)
    return f"{text} / {below[0]}" if len(below) == 1 else f"{text} / ({' * '.join(below)})" if below else text


def _power(name: str, power: float) -> str:
    return name if power == 1 else f"{name}**{power:g}"
