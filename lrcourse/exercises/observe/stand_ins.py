"""Answers that are the right ones for other arguments: for the next step, for half the decay, for two swapped."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

from lrcourse.exercises.definition import show
from lrcourse.exercises.observation import Observation
from lrcourse.exercises.observe.rows import AXES, UNDEFINED, Row, holds, is_count, numeric

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


def stand_in(rows: list[Row]) -> Observation | None:
    """The simplest change of the arguments under which every answer of `rows` is the right one."""
    rows = sorted(rows, key=lambda row: row.right)  # a wrong one drops most changes at once
    for one in _stand_ins(rows):
        if holds(rows, lambda row, one=one: _answer(one, row)):
            return Observation(one.id, one.sentence, exact=True)
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
            f"{one} and {other} are in each other's place.",
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
