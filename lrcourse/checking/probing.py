"""Put one probe to a student's code, and hold what comes back against what the reference answers."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lrcourse.checking.exercise import Exercise, Probe, Result, show
from lrcourse.student_code import Question, Reply, Student, describe

RELATIVE_TOLERANCE = 1e-5  # an answer computed in float32 passes
_SMALLEST = 1e-30  # float32 has nothing below it
# Of these errors one is not like another; what a student writes into a ValueError does not matter.
_TELLING = ("TypeError", "AttributeError", "NameError")
ENDED = ("timeout", "died")  # after these a student's code is asked no more
ACCEPTED = "accepted"  # stands for any number where a probe asks only whether the function refuses


@dataclass(frozen=True)
class Exchange:
    """One probe with what came back for each thing asked: one reply, or one for each entry of `then`."""

    probe: Probe
    public: bool
    replies: tuple[Reply, ...]


def ask_each(exercise: Exercise, student: Student, probes: Sequence[Probe]) -> Iterator[tuple[Reply, ...]]:
    """The replies to each probe in turn, all asked in one go.

    It ends early after a probe whose last reply says that there can be no further one ("timeout", "died").
    """
    applied = exercise.result is Result.KERAS_SCHEDULE
    questions = [Question(exercise.id, probe.args, probe.then, applied) for probe in probes]
    replies: tuple[Reply, ...] = ()
    answered = 0
    for probe, replies in zip(probes, student.converse(questions), strict=False):
        answered += 1
        if probe.refusal_only and replies[0].kind in ("number", "infinite"):
            replies = (Reply("text", ACCEPTED, describe(replies[0])),)
        yield replies
    if answered < len(probes) and replies[-1].kind not in ENDED:
        raise RuntimeError(f"{answered} of {len(probes)} questions were answered.")  # what is not asked is not right


def exchanges_of(exercise: Exercise, student: Student, probes: Sequence[Probe], *, public: bool) -> list[Exchange]:
    """The probes with their replies, up to one after which no further one can be asked."""
    return [
        Exchange(probe, public, replies)
        for probe, replies in zip(probes, ask_each(exercise, student, probes), strict=False)
    ]


def ask(exercise: Exercise, student: Student, probe: Probe) -> tuple[Reply, ...]:
    """The replies to one probe. Where an early one fails, it stands for those that could not be asked any more."""
    return next(ask_each(exercise, student, [probe]))


def expected(exercise: Exercise, probe: Probe, function: Callable | None = None) -> tuple[Any, ...]:
    """What the reference (or another plain `function` of the same kind) answers to each thing asked.

    `ValueError` itself stands for a refusal.
    """
    if probe.answers is not None and function is None:
        return probe.answers
    try:
        answer = (function or exercise.reference)(*probe.args)
    except ValueError:
        return (ValueError,)
    if probe.refusal_only:
        return (ACCEPTED,)
    if exercise.result is Result.KERAS_SCHEDULE:
        return tuple(answer(step) for step in probe.then)
    if exercise.result is Result.SCHEDULER:
        return tuple(answer(*question) for question in probe.then)
    return (answer,)


def first_difference(wanted: tuple[Any, ...], replies: tuple[Reply, ...]) -> int | None:
    """The place of the first thing asked whose reply is not the wanted one; None if all agree."""
    for index, value in enumerate(wanted):
        if index >= len(replies) or not agrees(value, replies[index]):
            return index
    return None


def agrees(value: Any, got: Reply) -> bool:
    """Whether a reply is the expected value: numbers to a relative 1e-5, truth values and lengths exactly."""
    if isinstance(value, type):  # an error's class
        return got.kind == "raised" and value.__name__ in got.value
    if isinstance(value, str):
        return got.kind == "text" and got.value == value
    if isinstance(value, bool):
        return got.kind == "truth" and got.value is value
    if isinstance(value, tuple):
        return (
            got.kind == "list"
            and len(got.value) == len(value)
            and all(agrees(one, other) for one, other in zip(value, got.value, strict=True))
        )
    return got.kind == "number" and _close(got.value, value)


def same(ones: tuple[Reply, ...], others: tuple[Reply, ...]) -> bool:
    """Whether two pieces of code answered alike, in numbers to a relative 1e-5, in errors by their type."""
    return len(ones) == len(others) and all(_same_reply(one, other) for one, other in zip(ones, others, strict=True))


def _same_reply(one: Reply, other: Reply) -> bool:
    if one.kind != other.kind:
        return False
    if one.kind == "number":
        return _close(one.value, other.value)
    if one.kind == "list":
        return same(tuple(one.value), tuple(other.value))
    if one.kind in ("raised", "rejected"):
        return one.value[:1] == other.value[:1] and (one.value[0] not in _TELLING or _reason(one) == _reason(other))
    return one.kind in ("none", "nan", "infinite", "other", "array", "handle") or one.value == other.value


def _reason(reply: Reply) -> str:
    """An error's message without the names that a student chose and the place in the notebook."""
    text = re.sub(r" \(line \d+ of its cell\)$", "", reply.note)
    return re.sub(r"[\w.<>]+\(\)|'[^']*'", "*", text)


def _close(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=RELATIVE_TOLERANCE, abs_tol=_SMALLEST)


def in_words(exercise: Exercise, probe: Probe, index: int) -> str:
    """What was asked, as a reader would type it."""
    call = exercise.describe(probe.args)
    if not probe.then:
        return call
    if exercise.result is Result.KERAS_SCHEDULE:
        return f"{call} at step {probe.then[index]}"
    return f"{call}({', '.join(show(argument) for argument in probe.then[index])})"


def value_in_words(value: Any) -> str:
    """An expected value as a reader would type it."""
    if value is ValueError:
        return "a ValueError"
    if value == ACCEPTED:
        return "an answer"
    if isinstance(value, tuple):
        return "(" + ", ".join(show(item) for item in value) + ")"
    return show(value)
