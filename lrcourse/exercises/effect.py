"""Find an argument that has no effect on a student's answers, by changing it alone."""

from __future__ import annotations

import inspect
from dataclasses import replace

from lrcourse.exercises.definition import Exercise, Probe, Result
from lrcourse.exercises.observation import Observation
from lrcourse.exercises.probing import Exchange, ask_each, expected
from lrcourse.student import Student

_BASES = 6  # on how many probes an argument is given all its values
_AXES = ("step", "epoch")  # many values of these were not asked; the curve along them tells more


def without_effect(exercise: Exercise, student: Student, exchanges: list[Exchange]) -> Observation | None:
    """The first argument that changes the right answer and never the student's; None if each has an effect."""
    if exercise.result not in (Result.NUMBER, Result.SCHEDULER) or exercise.examples_only:
        return None
    probes = [
        exchange.probe
        for exchange in exchanges
        if all(reply.kind == "number" for reply in exchange.replies) and not exchange.probe.refusal_only
    ]
    for place, name in enumerate(inspect.signature(exercise.reference).parameters):
        if name in _AXES:
            continue
        having = [probe for probe in probes if len(probe.args) > place]
        bases = having[:: len(having) // _BASES + 1]
        if _never_matters(exercise, student, bases, place, _distinct([probe.args[place] for probe in having])):
            sentence = (
                f"{name} has no effect on your answer: does a number, or something else, stand where {name} belongs?"
            )
            return Observation(f"no-effect-{name}", sentence)
    return None


def _never_matters(exercise: Exercise, student: Student, bases: list[Probe], place: int, values: list) -> bool:
    """Whether the student's answer is the same for all values of one argument, and the right one often is not."""
    seen = 0
    for base in bases:
        changed = [replace(base, args=(*base.args[:place], value, *base.args[place + 1 :])) for value in values]
        got = list(ask_each(exercise, student, changed))
        if any(reply.kind != "number" for replies in got for reply in replies):
            return False
        if len({tuple(reply.value for reply in replies) for replies in got}) > 1:
            return False
        seen += len({expected(exercise, probe) for probe in changed}) > 1
    return seen > 1


def _distinct(values: list) -> list:
    return list(dict.fromkeys(values))
