"""Answers that are the right ones for other arguments: for the next step, for half the decay, for two swapped."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

from lrcourse.answers.observe.rows import AXES, UNDEFINED, Row, holds, is_count, numeric
from lrcourse.checking.exercise import show
from lrcourse.marks import Remark

_POWERS = (1, -1, 2, -2, 0.5, -0.5)
_CLOSE = 1e-4


def factor(rows: list[Row]) -> Remark | None:
    """A product of arguments by which every answer is too large or too small."""
    asked = [row for row in rows if row.number and row.wanted and row.got.value]
    if len(asked) < len([row for row in rows if row.wanted != 0]):
        return None
    words = _monomial(asked, [row.got.value / row.wanted for row in asked])
    if words is None or len({row.wanted for row in asked}) < 4:
        return None
    return Remark(f"factor-{words.replace(' ', '')}", f"Every answer is {words} times the right one.", exact=True)


def value(rows: list[Row]) -> Remark | None:
    """A product of arguments that every answer is, whatever the other arguments are."""
    if not all(row.got.kind == "number" for row in rows):
        return None
    words = _monomial(rows, [row.got.value for row in rows])
    if words is None:
        return None
    also = ": are the arguments in the right order?" if words in AXES else "."
    return Remark(
        f"gives-{words.replace(' ', '')}", f"It gives {words}, whatever the other arguments are{also}", exact=True
    )


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


_CHANGES: tuple[tuple[str, Callable[[Any], Any]], ...] = (
    ("{0} + 1", lambda x: x + 1),
    ("{0} - 1", lambda x: x - 1),
    ("{0} - 1 (and 0 for 0)", lambda x: max(x - 1, 0)),
    ("{0} + 2", lambda x: x + 2),
    ("{0} - 2", lambda x: x - 2),
    ("2 * {0}", lambda x: 2 * x),
    ("{0} / 2", lambda x: x / 2),
    ("10 * {0}", lambda x: 10 * x),
    ("{0} / 10", lambda x: x / 10),
    *((f"{share} * {{0}}", lambda x, share=share: share * x) for share in (0.9, 0.8, 0.75, 0.7, 0.25, 0.2)),
    ("1 - {0}", lambda x: 1 - x),
    ("1 + {0}", lambda x: 1 + x),
    ("-{0}", lambda x: -x),
    ("1 / {0}", lambda x: 1 / x),
    ("{0} ** 2", lambda x: x**2),
    ("the root of {0}", lambda x: x**0.5),
    ("the logarithm of {0} + 1", lambda x: math.log(x + 1)),
    ("the whole part of {0}", math.trunc),
    ("{0} rounded", round),
)  # fmt: skip
_OF_TWO: tuple[tuple[str, Callable[[Any, Any], Any]], ...] = (
    ("{1}", lambda x, y: y),
    ("{0} * {1}", lambda x, y: x * y),
    ("{0} / {1}", lambda x, y: x / y),
    ("{1} / {0}", lambda x, y: y / x),
    ("{0} + {1}", lambda x, y: x + y),
    ("{0} - {1}", lambda x, y: x - y),
    ("{1} - {0}", lambda x, y: y - x),
    ("{0} // {1}", lambda x, y: x // y),
    ("{0} rounded down to a multiple of {1}", lambda x, y: x // y * y),
    ("{0} rounded to the nearest multiple of {1}", lambda x, y: math.floor(x / y + 0.5) * y),
    ("{0} rounded by round() to a multiple of {1}", lambda x, y: round(x / y) * y),
    ("{0} rounded up to a multiple of {1}", lambda x, y: math.ceil(x / y) * y),
    ("{0} % {1}", lambda x, y: x % y),
    ("{0}, but at most {1}", min),
    ("{0}, but at least {1}", max),
    ("{0} ** {1}", lambda x, y: x**y),
    ("{1} ** {0}", lambda x, y: y**x),
)
_OF_FUNCTION: tuple[tuple[str, Callable[[Callable], Callable]], ...] = (
    ("{0}(k + 1)", lambda f: lambda k: f(k + 1)),
    ("{0}(k - 1)", lambda f: lambda k: f(max(k - 1, 0))),
    ("{0}(k - 1)", lambda f: lambda k: f(k - 1)),
    ("{0}(0)", lambda f: lambda k: f(0)),
    ("{0}(1)", lambda f: lambda k: f(1)),
    ("{0}(2 * k)", lambda f: lambda k: f(2 * k)),
    ("{0}(k // 2)", lambda f: lambda k: f(k // 2)),
    ("{0}(k) / 2", lambda f: lambda k: f(k) / 2),
    ("2 * {0}(k)", lambda f: lambda k: 2 * f(k)),
)
_TYPED_IN = (*range(65), 80, 90, 99, 100, 120, 128, 150, 200, 250, 256, 300, 500, 512, 999, 1000, 2000, 10_000,
             0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.9, 0.95, 0.96, 0.98, 0.99, 0.999,
             0.01, 0.02, 0.05, 0.001, 0.002, 0.005, 1e-4, 1e-5, 1e-6)  # fmt: skip


@dataclass(frozen=True)
class _StandIn:
    id: str
    sentence: str
    changed: Callable[[dict], dict]


def stand_in(rows: list[Row]) -> Remark | None:
    """The simplest change of the arguments under which every answer of `rows` is the right one."""
    rows = sorted(rows, key=lambda row: row.right)  # a wrong one drops most changes at once
    for one in _stand_ins(rows):
        if holds(rows, lambda row, one=one: _answer(one, row)):
            return Remark(one.id, one.sentence, exact=True)
    return None


def _or_none(one: _StandIn, row: Row) -> dict | None:
    try:
        return one.changed(row.values | {"omitted": row.omitted})
    except (ArithmeticError, TypeError, ValueError):  # no such number, as 1 / 0
        return None


def _answer(one: _StandIn, row: Row) -> Any:
    changed = _or_none(one, row)
    if changed is None or any(isinstance(value, complex) for value in changed.values()):
        return UNDEFINED
    return row.answer(**changed)


def _stand_ins(rows: list[Row]) -> Iterator[_StandIn]:
    every = numeric(rows)
    names = [name for name in every if "(" not in name]  # without after(0), which is no argument
    flags = [name for name in rows[0].values if all(isinstance(row.values[name], bool) for row in rows)]
    functions = [name for name in rows[0].values if all(callable(row.values[name]) for row in rows)]
    for name in names:
        for words, change in _CHANGES:
            if name not in AXES or "10" not in words:  # 10 * epoch would be a strange way to say "at every epoch"
                yield _in_place(name, words.format(name), lambda v, n=name, c=change: {n: c(v[n])})
    for name in flags:
        yield _in_place(name, f"not {name}", lambda v, n=name: {n: not v[n]})
        for fixed in (True, False):
            yield _in_place(name, str(fixed), lambda v, n=name, fixed=fixed: {n: fixed})
        yield _StandIn(
            f"default-{name}",
            f"{name} counts as {not rows[0].values[name]} where it is left out.",
            lambda v, n=name: {n: not v[n]} if n in v["omitted"] else {},
        )
    for name in functions:
        for words, change in _OF_FUNCTION:
            yield _in_place(f"{name}(k)", words.format(name), lambda v, n=name, c=change: {n: c(v[n])})
    for one, other in combinations(names, 2):
        yield _StandIn(
            f"swapped-{one}-{other}",
            f"{one} and {other} are swapped.",
            lambda v, a=one, b=other: {a: v[b], b: v[a]},
        )
    for one, other in product(names, every):
        if other in AXES or other == one:
            continue  # "decay / step in place of decay" would be a strange way to say that the step has no effect
        for words, change in _OF_TWO:
            yield _in_place(one, words.format(one, other), lambda v, a=one, b=other, c=change: {a: c(v[a], v[b])})
    for name in names:
        for count in _TYPED_IN if name in AXES else ():
            if isinstance(count, int) and count > 2:
                yield _in_place(name, f"{name} // {count}", lambda v, n=name, k=count: {n: v[n] // k})
                yield _in_place(name, f"{name} / {count}", lambda v, n=name, k=count: {n: v[n] / k})
        counts = all(is_count(row.values[name]) for row in rows)
        for value in _TYPED_IN:
            if not counts or isinstance(value, int):
                yield _StandIn(
                    f"typed-in-{name}",
                    f"{name} has no effect: is a number such as {show(value)} typed in where {name} belongs?",
                    lambda v, n=name, value=value: {n: value},
                )


def _in_place(name: str, words: str, changed: Callable[[dict], dict]) -> _StandIn:
    id = f"as-if-{name}-is-{words}".replace(" ", "")
    return _StandIn(id, f"These are the right answers for {words} in place of {name}.", changed)


_Claim = tuple[str, str, Callable[[Row], float]]


def change(rows: list[Row]) -> Remark | None:
    """The simplest change of the right answer that every answer of `rows` shows."""
    if not all(row.number for row in rows):
        return None
    for id, sentence, claim in _claims(rows):
        if holds(rows, lambda row, claim=claim: _value(claim, row)):
            return Remark(id, sentence, exact=True)
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
    yield "root-of-answer", "Every answer is the square root of the right one.", lambda row: row.wanted**0.5
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
        yield (
            f"minus-{name}",
            f"{name} is subtracted from the right answer.",
            lambda row, n=name: row.wanted - row.values[n],
        )
        yield (
            f"rest-of-{name}",
            f"Every answer is {name} minus the right one: that is how much is gone, not how much is left.",
            lambda row, n=name: row.values[n] - row.wanted,
        )
        yield (
            f"at-most-{name}",
            f"The answer never goes above {name}, although it should.",
            lambda row, n=name: min(row.wanted, row.values[n]),
        )
        yield (
            f"at-least-{name}",
            f"The answer never goes below {name}, although it should.",
            lambda row, n=name: max(row.wanted, row.values[n]),
        )


def _limit(rows: list[Row]) -> Remark | None:
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
        return Remark("floor", f"The answer never goes below {words}, although it should: leave out the limit.")
    if min(beyond) > limit >= max(inside) * (1 - 1e-6):
        return Remark("ceiling", f"The answer never goes above {words}, although it should: leave out the limit.")
    return None
