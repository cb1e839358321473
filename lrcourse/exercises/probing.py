"""Put one probe to a student's code, and hold what comes back against what the reference answers."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lrcourse.exercises.definition import Exercise, Probe, Result, show
from lrcourse.student import Reply, Student, short

RELATIVE_TOLERANCE = 1e-5  # an answer computed in float32 passes
_SMALLEST = 1e-30  # float32 has nothing below it
ACCEPTED = "accepted"  # stands for any number where a probe asks only whether the function refuses


@dataclass(frozen=True)
class Exchange:
    """One probe with what came back for each thing asked: one reply, or one for each entry of `then`."""

    probe: Probe
    public: bool
    replies: tuple[Reply, ...]


def ask(exercise: Exercise, student: Student, probe: Probe) -> tuple[Reply, ...]:
    """The replies to one probe. Where an early one fails, it stands for those that could not be asked any more."""
    first = student.call(exercise.id, *probe.args)
    if probe.refusal_only and first.kind in ("number", "infinite"):
        return (Reply("text", ACCEPTED),)
    if exercise.result not in (Result.KERAS_SCHEDULE, Result.SCHEDULER) or first.failed:
        return (first,)
    if first.kind == "number":
        return (Reply("other", note=f"the number {short(first.value)}"),)
    if first.kind != "handle":
        return (first,)
    if exercise.result is Result.KERAS_SCHEDULE:
        rates = student.applied(first.value, probe.then)
        return tuple(rates.value) if rates.kind == "list" else (rates,)
    replies = []
    for question in probe.then:
        replies.append(student.ask(first.value, *question))
        if replies[-1].kind == "timeout":
            break
    return tuple(replies)


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
    if value is ValueError:
        return got.kind == "raised" and "ValueError" in got.value
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
        return one.value[:1] == other.value[:1] and _reason(one) == _reason(other)
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
