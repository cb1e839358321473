"""What the shape of a curve shows beside that of the right one: where it changes, along what, and which way."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from lrcourse.answers.observe.rows import AXES, Row, arguments, asked_in_turn, is_count, is_number, rows_of
from lrcourse.checking.exercise import Exercise, Part, Probe, Result, show
from lrcourse.checking.probing import RELATIVE_TOLERANCE, exchanges_of
from lrcourse.marks import Remark
from lrcourse.student_code import Student

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


_SOME = 4  # how many places a sentence lists
_FEWEST = 4  # how many levels show along what a curve changes
_SLACK = 1e-6  # of a rate, what float32 can lose without rising or falling


def without_arguments(curves: list[Curve]) -> Remark | None:
    """Whether two curves for different arguments are one and the same."""
    if len(curves) < 2 or not all(curve.plain for curve in curves):
        return None
    shared = list(zip(*(zip(curve.wanted, curve.got, strict=True) for curve in curves), strict=False))
    if not all(close(one[1], other[1]) for one, other in shared) or len(_levels(curves[0].got)) < 2:
        return None
    if sum(not close(one[0], other[0]) for one, other in shared) < _FEWEST:
        return None
    sentence = f"Only the {curves[0].axis} has an effect: are the example's numbers typed in?"
    return Remark("arguments-without-effect", sentence)


def shape(curves: list[Curve], telling: bool = False) -> Remark | None:
    """What is seen in all curves alike, told with the numbers of the first, the public example's.

    With `telling` only what says most: which way the rates go, along what, and whether in stairs.
    """
    plain = [curve for curve in curves if curve.plain]
    if not plain or plain[0] is not curves[0]:
        return None
    also = [{seen.id for seen in _looks(curve)} for curve in plain[1:]]
    looks = _telling(plain[0]) if telling else _looks(plain[0])
    return next((seen for seen in looks if all(seen.id in ids for ids in also)), None)


def _looks(curve: Curve) -> Iterator[Remark]:
    if not curve.wrong:
        return
    yield from _telling(curve)
    yield from _places(curve, enough=3)
    yield from _stairs(curve)
    yield from _unequal(curve)
    yield from _places(curve, enough=0)
    yield from _sides(curve)


def _telling(curve: Curve) -> Iterator[Remark]:
    if curve.wrong:
        yield from _families(curve)
        yield from _directions(curve)
        yield from (seen for seen in _stairs(curve) if seen.id in ("stairs", "no-stairs"))


def _directions(curve: Curve) -> Iterator[Remark]:
    got, wanted, axis = curve.got, curve.wanted, curve.axis
    if len(_levels(got)) == 1 < len(_levels(wanted)):
        also = "" if got[0] else " // and int() also cut every small rate to 0."
        yield Remark("never-changes", f"The rate is the same at every {axis} asked here, {_number(got[0])}.{also}")
    if min(got) < 0 <= min(wanted):
        at = next(at for at, rate in enumerate(got) if rate < 0)
        yield Remark("negative", f"The rate is negative at {axis} {curve.start + at}: a rate must never be.")
    for id, way, goes in (("rises", "up", _rise), ("falls", "down", _fall)):
        against = [at for at in range(1, len(got)) if goes(got[at - 1], got[at])]
        if against and not any(goes(before, after) for before, after in pairwise(wanted)):
            at = against[0]
            move = f"from {_number(got[at - 1])} to {_number(got[at])}"
            yield Remark(id, f"The rate goes {way} at {axis} {curve.start + at}, {move}, although it should not.")


def _families(curve: Curve) -> Iterator[Remark]:
    """Along what the answers change, where it is another line than the right one."""
    got, wanted = _levels(curve.got), _levels(curve.wanted)
    for id, words, straightened in _LINES:
        if _straight(straightened, got) and not _straight(straightened, wanted):
            move = "falls" if got[-1] < got[0] else "rises"
            right = next((words for _, words, line in _LINES if _straight(line, wanted)), None)
            yield Remark(id, f"It {move} {words}" + (f": it should change {right}." if right else ", but should not."))
            return


def _unequal(curve: Curve) -> Iterator[Remark]:
    """That the answers do not change along what they should, where along what they do is unknown."""
    got, wanted = _levels(curve.got), _levels(curve.wanted)
    if len(got) < _FEWEST or any(_straight(line, got) for _, _, line in _LINES):
        return
    if _straight(_same, wanted):
        parts = [after - before for before, after in pairwise(got)]
        sentence = (
            f"It should change in equal parts: it changes first by {_number(parts[0])}, then by {_number(parts[1])}."
        )
        yield Remark("unequal-parts", sentence)
    elif _straight(math.log, wanted) and all(got):
        factors = [after / before for before, after in pairwise(got)]
        words = f"first by {_number(factors[0])}, then by {_number(factors[1])}"
        yield Remark("unequal-factors", f"It should change by the same factor each time: it changes {words}.")


def _places(curve: Curve, enough: int) -> Iterator[Remark]:
    """Where on the axis the answers are wrong, if the right ones elsewhere have `enough` different values."""
    wrong, last = [curve.start + at for at in curve.wrong], curve.start + len(curve.rows) - 1
    right = {row.wanted for row in curve.rows if row.right}
    axis, start = curve.axis, f"In {curve.call} it is"
    if len(right) < enough or not right:
        return
    in_one = len(wrong) == wrong[-1] - wrong[0] + 1
    if wrong == [curve.start]:
        yield Remark("wrong-at-start", f"Only {axis} {wrong[0]} is wrong: it must have {_number(curve.wanted[0])}.")
    elif in_one and wrong[-1] == last and wrong[0] > curve.start + 1:
        yield Remark("right-then-wrong", f"{start} right up to {axis} {wrong[0] - 1}, and wrong from {wrong[0]} on.")
    elif in_one and wrong[0] == curve.start and wrong[-1] < last - 1:
        yield Remark("wrong-then-right", f"{start} wrong up to {axis} {wrong[-1]}, and right from there on.")
    elif len(wrong) * 3 < len(curve.rows):
        yield Remark("wrong-places", f"{start} wrong only at {axis} {_list(wrong)}.")


def _stairs(curve: Curve) -> Iterator[Remark]:
    """Where the answers change, and where they should."""
    got, wanted = _changes(curve.got), _changes(curve.wanted)
    everywhere, axis, start = len(curve.rows) - 1, curve.axis, f"In {curve.call} it changes"
    there, right = ([curve.start + at for at in places] for places in (got, wanted))
    if not wanted:
        return
    if len(wanted) < everywhere / 2 and len(got) == everywhere:
        yield Remark("no-stairs", f"{start} at every {axis}, but should change only at {axis} {_list(right)}.")
    elif len(wanted) == everywhere and 0 < len(got) < everywhere / 2 and got[-1] > everywhere / 4:
        yield Remark("stairs", f"{start} only at {axis} {_list(there)}, but should change at every {axis}.")
    elif got and got != wanted and max(len(got), len(wanted)) < everywhere:
        too_much = [at for at in there if at not in right]
        missing = [at for at in right if at not in there]
        words = [f"changes at {axis} {_list(too_much)}, where it should not"] * bool(too_much)
        words += [f"does not change at {axis} {_list(missing)}, where it should"] * bool(missing)
        yield Remark("other-changes", f"In {curve.call} it {', and '.join(words)}.")
    elif got == wanted and len(got) < everywhere:
        at = next((at for at in got if at in curve.wrong), None)
        if at is not None and at - 1 not in curve.wrong:
            move = (
                f"from {_number(curve.got[at - 1])} to {_number(curve.got[at])} instead of {_number(curve.wanted[at])}"
            )
            yield Remark("other-amount", f"It changes where it should, but at {axis} {curve.start + at} {move}.")


def _sides(curve: Curve) -> Iterator[Remark]:
    got, wanted, axis = curve.got, curve.wanted, curve.axis
    first = curve.wrong[0]
    if first == 0:
        sentence = f"It starts wrong: {axis} {curve.start} must have {_number(wanted[0])}, not {_number(got[0])}."
        yield Remark("starts-wrong", sentence)
        return
    for id, side, speed in (("too-high", 1, "slowly"), ("too-low", -1, "fast")):
        if all((got[at] - wanted[at]) * side > 0 for at in curve.wrong):
            falls = not any(_rise(before, after) for before, after in pairwise(wanted))
            what = f"falls too {speed}" if falls else f"is {id.replace('-', ' ')}"
            sentence = f"It starts right and then {what}: at {axis} {curve.start + first} it has {_number(got[first])}."
            yield Remark(id, sentence)


def _same(value: float) -> float:
    return value


_LINES: tuple[tuple[str, str, Callable[[float], float]], ...] = (
    ("straight-line", "along a straight line", _same),
    ("same-factor", "by the same factor each time", math.log),
    ("reciprocal", "as 1 / (1 + x) does", lambda value: 1 / value),
    ("root", "as 1 divided by a root does", lambda value: value**-2),
)


def _straight(line: Callable[[float], float], levels: list[float]) -> bool:
    """Whether the levels lie on a straight line once `line` has straightened them."""
    if len(levels) < _FEWEST or (line is not _same and min(levels) <= 0):
        return False
    slopes = [after - before for before, after in pairwise(map(line, levels))]
    return all(math.isclose(slope, slopes[0], rel_tol=2e-3) for slope in slopes)


def _changes(values: list[float]) -> list[int]:
    return [at for at in range(1, len(values)) if not close(values[at], values[at - 1])]


def _levels(values: list[float]) -> list[float]:
    return [values[0], *(values[at] for at in _changes(values))]


def _rise(before: float, after: float) -> bool:
    return after > before + abs(before) * _SLACK


def _fall(before: float, after: float) -> bool:
    return after < before - abs(before) * _SLACK


def _list(places: list[int]) -> str:
    return ", ".join(map(str, places[:_SOME])) + (" ..." if len(places) > _SOME else "")


def _number(value: float) -> str:
    return show(float(value))
