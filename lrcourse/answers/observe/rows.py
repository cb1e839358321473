"""One thing asked with its arguments by name, what is right, and what came back: the material of every observation."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from lrcourse.checking.exercise import Exercise, Result
from lrcourse.checking.probing import ACCEPTED, Exchange, agrees, expected
from lrcourse.student_code import Reply

_LARGEST = 1e35  # float32 ends at 3e38, and a factor of the answer may get there earlier
_LOOSE = 1e-4  # a float32 power of a power
_ASKED_IN_TURN = {Result.SCHEDULER: ("epoch", "lr"), Result.KERAS_SCHEDULE: ("step",)}
UNDEFINED = object()  # what a claim gives where it says nothing, such as 1 / decay for a decay of 0
AXES = ("step", "epoch")


@dataclass(frozen=True)
class Row:
    """One question. `values` holds the arguments by name, with what the returned schedule or function was asked."""

    exercise: Exercise
    values: dict[str, Any]
    omitted: frozenset[str]
    refusal_only: bool
    wanted: Any
    got: Reply

    @property
    def named(self) -> tuple[str, ...]:
        """The names of the arguments of the student's function that were given."""
        return tuple(name for name in arguments(self.exercise) if name not in self.omitted)

    @property
    def right(self) -> bool:
        """Whether the student's reply is the wanted one."""
        return agrees(self.wanted, self.got)

    @property
    def number(self) -> bool:
        """Whether both sides are plain numbers."""
        return self.got.kind == "number" and is_number(self.wanted)

    def answer(self, **changed: Any) -> Any:
        """What would be right if some arguments were others; an error's class where the formula raises it."""
        values = self.values | changed
        try:
            answer = self.exercise.reference(*(values[name] for name in arguments(self.exercise)))
            if in_turn := _ASKED_IN_TURN.get(self.exercise.result):
                answer = answer(*(values[name] for name in in_turn))
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:  # a refusal, or no such number
            return type(error)
        if isinstance(answer, complex) or (is_count(answer) and abs(answer) > _LARGEST):
            return ArithmeticError
        return ACCEPTED if self.refusal_only else answer


def asked_in_turn(exercise: Exercise) -> tuple[str, ...]:
    """The names of what the thing that the student's function returned is asked."""
    return _ASKED_IN_TURN.get(exercise.result, ())


def arguments(exercise: Exercise) -> tuple[str, ...]:
    """The names of the arguments of the student's function."""
    return tuple(inspect.signature(exercise.reference).parameters)


def rows_of(exercise: Exercise, exchanges: Iterable[Exchange]) -> list[Row]:
    """Every single question of the exchanges that was answered, or failed, by itself."""
    return [row for exchange in exchanges for row in _rows(exercise, exchange)]


def _rows(exercise: Exercise, exchange: Exchange) -> list[Row]:
    probe = exchange.probe
    named = dict(zip(arguments(exercise), probe.args, strict=False))
    defaults = {
        name: parameter.default
        for name, parameter in inspect.signature(exercise.reference).parameters.items()
        if name not in named
    }
    in_turn = asked_in_turn(exercise)
    rows = []
    for index, (wanted, got) in enumerate(zip(expected(exercise, probe), exchange.replies, strict=False)):
        asked = probe.then[index] if probe.then else ()
        asked = asked if isinstance(asked, tuple) else (asked,)
        values = named | defaults | dict(zip(in_turn, asked, strict=False))
        values |= {f"{name}(0)": table(0) for name, table in values.items() if callable(table)}
        rows.append(Row(exercise, values, frozenset(defaults), probe.refusal_only, wanted, got))
    return rows


def is_number(value: Any) -> bool:
    """Whether a value is a number, and no truth value."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def is_count(value: Any) -> bool:
    """Whether a value is a whole number, of Python or NumPy."""
    return hasattr(value, "__index__") and not isinstance(value, bool)


def numeric(rows: list[Row]) -> list[str]:
    """The names that hold a number in every row, the axis (step or epoch) first."""
    names = [name for name in rows[0].values if all(_plain_number(row.values.get(name)) for row in rows)]
    return sorted(names, key=lambda name: name not in AXES)


def _plain_number(value: Any) -> bool:
    return is_number(value) or is_count(value)


def holds(rows: list[Row], claim: Callable[[Row], Any]) -> bool:
    """Whether `claim` gives what the student's code gave, in every row, and in enough of them not the right answer."""
    concerned = []
    for row in rows:
        claimed = claim(row)
        if claimed is UNDEFINED and (row.right or row.got.kind != "number" or not row.got.value):
            continue  # where one divides by 0, nothing can be claimed, and an error, NaN or 0 comes back
        if claimed is UNDEFINED or not _matches(row, claimed):
            return False
        if not row.right:
            concerned.append(row)
    shown = [row.got.value for row in concerned if row.number]
    enough = len(concerned) >= 0.75 * sum(not row.right for row in rows)
    return enough and len(shown) >= 2 and len(set(shown)) >= min(3, len(shown))


def _matches(row: Row, claimed: Any) -> bool:
    if agrees(claimed, row.got):
        return True
    if isinstance(claimed, type) or (is_number(claimed) and abs(claimed) > _LARGEST):
        # NumPy and Keras have infinity or NaN where Python raises an error.
        return row.got.kind in ("infinite", "nan") or (row.got.kind == "raised" and claimed is not ValueError)
    loose = row.exercise.result is Result.KERAS_SCHEDULE and row.number and is_number(claimed)
    return loose and math.isclose(row.got.value, claimed, rel_tol=_LOOSE)
