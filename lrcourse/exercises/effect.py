"""Find an argument that has no effect on a student's answers, by changing it alone."""

from __future__ import annotations

import inspect

from lrcourse.exercises.definition import Exercise, Probe, Result
from lrcourse.exercises.probing import Exchange, ask, expected
from lrcourse.student import Student

_VALUES, _BASES = 4, 12  # how many values an argument is given, on how many probes


def without_effect(exercise: Exercise, student: Student, exchanges: list[Exchange]) -> str:
    """A sentence about the first argument that changes the right answer and never the student's; "" if none does."""
    if exercise.result is not Result.NUMBER or exercise.examples_only:
        return ""
    probes = [exchange.probe for exchange in exchanges if exchange.replies[0].kind == "number"]
    for place, name in enumerate(inspect.signature(exercise.reference).parameters):
        having = [probe for probe in reversed(probes) if len(probe.args) > place]
        values = _distinct([probe.args[place] for probe in having])
        if _never_matters(exercise, student, having[:_BASES], place, values):
            return f"{name} has no effect on your answer: is a number typed in where {name} belongs?"
    return ""


def _never_matters(exercise: Exercise, student: Student, bases: list[Probe], place: int, values: list) -> bool:
    """Whether the answer stays the same wherever the right one changes with the argument at `place`."""
    seen = False
    for base in bases:
        changed = [Probe((*base.args[:place], value, *base.args[place + 1 :])) for value in values]
        if len({expected(exercise, probe) for probe in changed}) < len(values) or len(values) < 2:
            continue  # here it does not matter by right, as the length of a warmup long after it
        got = [ask(exercise, student, probe)[0] for probe in changed]
        if any(reply.kind != "number" for reply in got) or len({reply.value for reply in got}) > 1:
            return False
        seen = True
    return seen


def _distinct(values: list) -> list:
    return list(dict.fromkeys(values))[:_VALUES]
