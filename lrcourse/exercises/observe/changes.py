"""The right answers, changed on their way out: a constant added, one power, a floor or a ceiling, an argument added."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from lrcourse.exercises.definition import show
from lrcourse.exercises.observation import Observation
from lrcourse.exercises.observe.rows import Row, holds, numeric

_Claim = tuple[str, str, Callable[[Row], float]]


def change(rows: list[Row]) -> Observation | None:
    """The simplest change of the right answer that every answer of `rows` shows."""
    if not all(row.number for row in rows):
        return None
    for id, sentence, claim in _claims(rows):
        if holds(rows, lambda row, claim=claim: _value(claim, row)):
            return Observation(id, sentence, exact=True)
    return _limit(rows)


def _value(claim: Callable[[Row], float], row: Row) -> float:
    try:
        value = claim(row)
    except (ArithmeticError, ValueError):  # no such number
        return math.nan
    return math.nan if isinstance(value, complex) else value


def _claims(rows: list[Row]) -> Iterator[_Claim]:
    added = rows[0].got.value - rows[0].wanted
    if added and len({row.wanted for row in rows}) >= 3:
        more = "high" if added > 0 else "low"
        yield "constant-added", f"Every answer is {abs(added):.4g} too {more}.", lambda row: row.wanted + added
    yield "upside-down-answer", "Every answer is 1 divided by the right one.", lambda row: 1 / row.wanted
    yield "squared-answer", "Every answer is the square of the right one.", lambda row: row.wanted**2
    yield "root-of-answer", "Every answer is the root of the right one.", lambda row: row.wanted**0.5
    yield "rest-of-one", "Every answer is 1 minus the right one.", lambda row: 1 - row.wanted
    yield (
        "rounded-up-answer",
        "The answer is rounded up: return it as it is computed.",
        lambda row: math.ceil(row.wanted),
    )
    yield (
        "rounded-down-answer",
        "The answer is cut to a whole number, as // and int() do.",
        lambda row: math.floor(row.wanted),
    )
    for places in range(7):
        sentence = f"The answer is rounded to {places} decimal{'s' * (places != 1)}: return it as it is computed."
        yield f"rounded-{places}", sentence, lambda row, places=places: round(float(row.wanted), places)
    for name in numeric(rows):
        yield f"plus-{name}", f"{name} is added to the right answer.", lambda row, n=name: row.wanted + row.values[n]
        yield f"minus-{name}", f"{name} is taken from the right answer.", lambda row, n=name: row.wanted - row.values[n]
        yield (
            f"rest-of-{name}",
            f"Every answer is {name} minus the right one: what is gone, and not what is left.",
            lambda row, n=name: row.values[n] - row.wanted,
        )
        yield (
            f"at-most-{name}",
            f"The answer never goes above {name}, where it should.",
            lambda row, n=name: min(row.wanted, row.values[n]),
        )
        yield (
            f"at-least-{name}",
            f"The answer never goes below {name}, where it should.",
            lambda row, n=name: max(row.wanted, row.values[n]),
        )


def _limit(rows: list[Row]) -> Observation | None:
    """A number below or above which the answers never go, where they should."""
    wrong = [row for row in rows if not row.right]
    limits = {row.got.value for row in wrong}
    if len(limits) != 1:
        return None
    limit = limits.pop()
    words = show(float(f"{limit:.4g}"))
    beyond = [row.wanted for row in wrong]
    inside = [row.wanted for row in rows if row.right]
    typed = words == show(float(f"{limit:.1g}"))  # a limit such as 1 or 0.001, which a person types
    if len(inside) < 3 or (len(set(beyond)) < 2 and not typed):
        return None
    if max(beyond) < limit <= min(inside) * (1 + 1e-6):
        return Observation("floor", f"The answer never goes below {words}, where it should: leave out the limit.")
    if min(beyond) > limit >= max(inside) * (1 - 1e-6):
        return Observation("ceiling", f"The answer never goes above {words}, where it should: leave out the limit.")
    return None
