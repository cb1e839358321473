"""The answers in a row, step by step or epoch by epoch, beside the right ones."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from lrcourse.exercises.definition import Exercise, Part, Probe, Result, show
from lrcourse.exercises.observe.rows import AXES, Row, arguments, asked_in_turn, is_count, is_number, rows_of
from lrcourse.exercises.probing import RELATIVE_TOLERANCE, exchanges_of
from lrcourse.student import Student

_HANDED_IN = (0.0007, 0.013, 0.17, 2.3, 0.0131, 0.31, 0.05)
_LONGEST, _PERIODS, _NO_PERIOD = 140, 4, 30


@dataclass(frozen=True)
class Curve:
    """The answers at `start`, `start` + 1, ... of an axis ("step" or "epoch"), the other arguments staying the same."""

    axis: str
    call: str
    start: int
    rows: tuple[Row, ...]

    @property
    def wanted(self) -> list[float]:
        """The right rates."""
        return [row.wanted for row in self.rows]

    @property
    def got(self) -> list[float]:
        """The student's rates."""
        return [row.got.value for row in self.rows]

    @property
    def plain(self) -> bool:
        """Whether there are rates on both sides throughout."""
        return len(self.rows) > 2 and all(is_number(row.wanted) and row.got.kind == "number" for row in self.rows)

    @property
    def wrong(self) -> list[int]:
        """The places in the list of rates (not on the axis) where the two differ."""
        return [at for at, row in enumerate(self.rows) if not row.right]


def curves(exercise: Exercise, student: Student, part: Part, drawn: list[Probe], seen: list[Row]) -> list[Curve]:
    """The curves through a public example and through a hidden probe with other arguments, as far as the part goes."""
    axis = next((name for name in (*arguments(exercise), *asked_in_turn(exercise)) if name in AXES), None)
    if axis is None:
        return []
    example = part.examples[0]
    others = [probe for probe in drawn if _rest(exercise, probe, axis) != _rest(exercise, example, axis)] or drawn
    # A decay of 0 makes any curve level, and so right.
    others = [probe for probe in others if 0 not in _rest(exercise, probe, axis)] or others
    other = max(others, key=lambda probe: _length(exercise, probe, axis), default=None)
    found = [_curve(exercise, student, example, axis, seen)]
    if other and exercise.result is Result.SCHEDULER:
        # The rate that Keras hands in changes too, below and above the planned ones.
        other = replace(other, then=tuple((0, rate) for rate in _HANDED_IN))
    return found + [_curve(exercise, student, other, axis, seen)] * (other is not None)


def _rest(exercise: Exercise, probe: Probe, axis: str) -> list:
    return [value for name, value in zip(arguments(exercise), probe.args, strict=False) if name != axis]


def _curve(exercise: Exercise, student: Student, probe: Probe, axis: str, seen: list[Row]) -> Curve:
    names = arguments(exercise)
    start, stop = _reach(dict(zip(names, probe.args, strict=False)), axis, seen)
    places = range(start, min(stop, _length(exercise, probe, axis)))
    call = exercise.describe(probe.args)
    if exercise.result is Result.NUMBER:
        at = names.index(axis)
        asked = [Probe((*probe.args[:at], place, *probe.args[at + 1 :])) for place in places]
        shown = [axis if place == at else show(arg) for place, arg in enumerate(probe.args)]
        call = f"{exercise.id}({', '.join(shown)})"
    elif exercise.result is Result.KERAS_SCHEDULE:
        asked = [Probe(probe.args, tuple(places))]
    else:
        handed = (
            [question[1:] for question in probe.then] if len(probe.then) == len(_HANDED_IN) else [probe.then[0][1:]]
        )
        asked = [Probe(probe.args, tuple((place, *handed[place % len(handed)]) for place in places))]
    rows = rows_of(exercise, exchanges_of(exercise, student, asked, public=True))
    return Curve(axis, call, start, tuple(rows))


def _reach(values: dict, axis: str, seen: list[Row]) -> tuple[int, int]:
    """From where to where on the axis a part asks: up to, or from, one of the arguments, where all its probes do."""
    for name, value in values.items():
        if name == axis or not is_count(value):
            continue
        pairs = [(row.values[axis], row.values[name]) for row in seen]
        if all(place < limit for place, limit in pairs):
            return 0, int(value)
        if all(place >= limit for place, limit in pairs):
            return int(value), _LONGEST
    return 0, _LONGEST


def _length(exercise: Exercise, probe: Probe, axis: str) -> int:
    names = arguments(exercise)
    counts = [int(value) for name, value in zip(names, probe.args, strict=False) if is_count(value) and name != axis]
    return min(_PERIODS * max([*counts, 3] if counts else [_NO_PERIOD]) + 3, _LONGEST)


def close(one: float, other: float) -> bool:
    """Whether two rates are the same."""
    return math.isclose(one, other, rel_tol=RELATIVE_TOLERANCE, abs_tol=1e-30)
