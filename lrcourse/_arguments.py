"""How the library refuses a bad argument: one wording, the rule first and then the value received."""

import math
import operator
from collections.abc import Callable
from numbers import Real


def count(name: str, value: object, *, least: int = 1) -> int:
    """`value` as an int of at least `least`. A bool or a float is refused: both hide a mistake in a count."""
    try:
        number = None if isinstance(value, bool) else operator.index(value)
    except TypeError:
        number = None
    if number is None or number < least:
        raise ValueError(f"{name} must be a whole number of at least {least}; got {value!r}.")
    return number


def positive(name: str, value: object) -> float:
    """`value` as a finite float above 0."""
    return _number(name, value, "a finite number greater than 0", lambda number: number > 0)


def not_negative(name: str, value: object) -> float:
    """`value` as a finite float of at least 0."""
    return _number(name, value, "a finite number of at least 0", lambda number: number >= 0)


def fraction(name: str, value: object) -> float:
    """`value` as a float above 0 and at most 1."""
    return _number(name, value, "a number greater than 0 and at most 1", lambda number: 0 < number <= 1)


def _number(name: str, value: object, rule: str, holds: Callable[[float], bool]) -> float:
    number = float(value) if isinstance(value, Real) and not isinstance(value, bool) else math.nan
    if not (math.isfinite(number) and holds(number)):
        raise ValueError(f"{name} must be {rule}; got {value!r}.")
    return number
