"""What can be seen in wrong answers that no known mistake explains.

Every sentence is held against all answers that came back, so it is true whatever the code behind them is. The order is
from what says most about the cause to what says least. Students of a graded class do not have this package: it needs
the reference.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

from lrcourse.answers.observe.conditions import Condition, condition, conditions_around
from lrcourse.answers.observe.curves import curves, shape, without_arguments
from lrcourse.answers.observe.refusals import unrefused
from lrcourse.answers.observe.rows import Row, rows_of
from lrcourse.answers.observe.substitutions import change, factor, stand_in, value
from lrcourse.checking.exercise import Exercise, Part, Result
from lrcourse.checking.probing import ENDED, Exchange, exchanges_of
from lrcourse.marks import Remark
from lrcourse.student_code import Reply, Student

__all__ = ["observe"]

_ENOUGH = 4  # wrong answers from which on a second statement about them alone is no chance
_MORE = ("observe", "observe again")  # seeds of further draws: the more is asked, the less fits by chance


def observe(exercise: Exercise, student: Student, part: Part, exchanges: list[Exchange]) -> Remark | None:
    """The observation that says most about the wrong answers of one part; None if nothing plain can be said.

    The student's code is asked further questions, drawn as the part draws its own. Nothing here decides a mark.
    """
    seeds = _MORE[:1] if exercise.result is Result.KERAS_SCHEDULE else _MORE
    drawn = [probe for seed in seeds for probe in part.draw(Random(seed))]
    if any(reply.kind in ("stub", *ENDED) for exchange in exchanges for reply in exchange.replies):
        return None
    more = exchanges_of(exercise, student, drawn, public=False)
    rows = rows_of(exercise, [*exchanges, *more])
    lines = curves(exercise, student, part, drawn, rows) if rows[0].got.kind == "number" else []
    rows += [row for line in lines for row in line.rows]
    wrong = [row for row in rows if not row.right]
    where = _where(rows, wrong)
    if wrong[0].wanted is ValueError:
        return unrefused(rows, _references(exercise))
    if not any(row.number for row in wrong):
        return _as_observation(where, wrong) if where else _everywhere(wrong)
    return (
        _exact(rows)
        or without_arguments(lines)
        or (where and _inside(where, wrong))
        or shape(lines, telling=True)
        or _around(rows)
        or (where and not where.trivial and _as_observation(where, wrong))
        or shape(lines)
        or (where and _as_observation(where, wrong))
        or _direction(rows, wrong)
    ) or None


def _references(exercise: Exercise) -> list[Row]:
    """What the reference answers to the probes of all parts."""
    probes = [probe for part in exercise.parts for probe in part.draw(Random(_MORE[0]))]
    nothing = Reply("none")
    return rows_of(exercise, [Exchange(probe, False, (nothing,) * max(1, len(probe.then))) for probe in probes])


def _everywhere(wrong: list[Row]) -> Remark | None:
    """One and the same error wherever an answer is wrong, if a ValueError is one of the answers asked for."""
    if not all(row.got.kind == "raised" and row.got.value[0] == "ValueError" for row in wrong):
        return None
    return Remark("refuses-too-much", "It refuses arguments that have an answer.")


def _exact(rows: list[Row]) -> Remark | None:
    """What says of every answer what it is; of the numbers among them, if some are none."""
    numbers = [row for row in rows if row.got.kind == "number"]
    # What is a plain product of arguments comes first: many a change of the arguments makes the right answer one, too.
    if seen := value(rows) or stand_in(rows) or change(rows) or factor(rows):
        return seen
    if 2 * len(numbers) < len(rows) or len(numbers) == len(rows):
        return None
    seen = stand_in(numbers) or change(numbers) or factor(numbers)
    return replace(seen, sentence=f"Where it gives a number: {_lowered(seen.sentence)}") if seen else None


def _lowered(sentence: str) -> str:
    """A sentence as the second half of one; what begins with the name of an argument is so already."""
    return sentence[0].lower() + sentence[1:]


def _where(rows: list[Row], wrong: list[Row]) -> Condition | None:
    """The condition that parts right from wrong among the questions of the first wrong one's sort."""
    refused = wrong[0].wanted is ValueError
    return condition([row for row in rows if (row.wanted is ValueError) == refused])


def _inside(where: Condition, wrong: list[Row]) -> Remark | None:
    """The condition with what is seen in the wrong answers alone, if something is."""
    if len(wrong) < _ENOUGH or len({row.wanted for row in wrong}) < 3:
        return None
    inside = value(wrong) or stand_in(wrong) or change(wrong) or factor(wrong)
    return _told(where, inside) if inside else None


def _around(rows: list[Row]) -> Remark | None:
    """A condition around the wrong answers, under which all answers show one thing, by chance also the right ones."""
    for where, concerned in conditions_around(rows):
        if len({row.wanted for row in concerned}) >= 3 and (inside := value(concerned) or change(concerned)):
            return _told(where, inside)
    return None


def _told(where: Condition, inside: Remark) -> Remark:
    there = f"It is right where {where.words}; elsewhere" if where.of_right else f"Where {where.words},"
    return Remark(f"{where.id}-{inside.id}", f"{there} {_lowered(inside.sentence)}")


def _as_observation(where: Condition, wrong: list[Row]) -> Remark:
    kinds = {row.got.value[0] if row.got.kind == "raised" else row.got.kind for row in wrong}
    kind = kinds.pop() if len(kinds) == 1 else ""
    happens = {"none": "returns None", "nan": "returns NaN", "text": "fails to refuse", "number": "is wrong"}
    return Remark(where.id, where.sentence(happens.get(kind, f"raises {kind}" if kind[:1].isupper() else "is wrong")))


def _direction(rows: list[Row], wrong: list[Row]) -> Remark | None:
    """Whether all is wrong to the same side: the least that can be said."""
    every = "Every answer" if len(wrong) == len(rows) else "Every wrong answer"
    if not all(row.number for row in wrong):
        return None
    if all(row.got.value > row.wanted for row in wrong):
        return Remark("too-high", f"{every} is too high.")
    if all(row.got.value < row.wanted for row in wrong):
        return Remark("too-low", f"{every} is too low.")
    return None
