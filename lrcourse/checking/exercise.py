"""What an exercise is: one definition holds everything that the lesson, the checker and the gate know about it.

A probe is one question to the student's function. Most functions answer with a number; some return a thing that must be
asked in turn (a Keras schedule for its rates, a scheduler function for its rate at an epoch), and `then` holds those
further questions. A known mistake is a wrong implementation that runs: the checker recognises it by what it answers,
never by how it is written, so every algebraic form of it is recognised.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from random import Random
from typing import Any

from lrcourse.marks import Remark
from lrcourse.student_code import Table, short


class Result(Enum):
    """What the student's function gives back, and so how a probe is asked."""

    NUMBER = "a number"
    PAIR = "a pair of numbers"
    TRUTH = "True or False"
    KERAS_SCHEDULE = "a Keras learning-rate schedule"
    SCHEDULER = "a function (epoch, lr) that returns a rate"
    PLAN = "a rate for every step of a training, judged by what that training gains"


@dataclass(frozen=True)
class Probe:
    """One call `function(*args)`; `then` lists what its result is asked next.

    For a Keras schedule `then` holds steps (the rate that an optimizer applies at each); for a scheduler function it
    holds `(epoch, lr)` pairs. Empty for functions that answer with a value. With `refusal_only` it counts whether the
    function refuses its arguments, and not which number it gives. `answers` are the expected ones where they are known
    without a reference.
    """

    args: tuple
    then: tuple = ()
    refusal_only: bool = False
    answers: tuple | None = None


@dataclass(frozen=True)
class Part:
    """A share of an exercise's points, with the probes that decide it.

    `examples` are public: the prompt may show them. `draw` makes the hidden ones from a random source, so that nobody
    can answer from a list; it always includes the edge cases.
    """

    name: str
    points: float
    examples: tuple[Probe, ...]
    draw: Callable[[Random], list[Probe]]


@dataclass(frozen=True)
class Mistake:
    """A wrong implementation that students really write, and the sentence that helps.

    `part` names the part that it breaks; without it, any part in which the student's answers match is a sign of it.
    `variants` make the same mistake and differ at an edge, such as step 0. For a plan of rates, of which few write the
    same twice, `seen` says by what the rates show whether `sentence` is true of them.
    """

    id: str
    sentence: str
    implementation: Callable
    part: str | None = None
    variants: tuple[Callable, ...] = ()
    seen: Callable[[Any], bool] | None = None

    @property
    def remark(self) -> Remark:
        """The mistake as what a student is told."""
        return Remark(self.id, self.sentence, "mistake")

    @property
    def implementations(self) -> tuple[Callable, ...]:
        """Every form of the mistake."""
        return (self.implementation, *self.variants)


# Names of the course's own library that do an exercise's work; what stands in their modules counts as they do.
OWN_WORK = ("schedules", "as_keras", "per_epoch", "intervals")


@dataclass(frozen=True)
class Exercise:
    """An exercise of a lesson. `reference` is right by definition; everything else is tested against it.

    Students of a graded class have no reference: their copy has the examples only, with the answers expected. An answer
    that uses one of the names in `refused`, all of them the course's own library's, is not the student's work.
    """

    id: str
    lesson: str
    signature: str
    result: Result
    prompt: str
    reference: Callable | None
    parts: tuple[Part, ...]
    hints: tuple[str, ...]
    mistakes: tuple[Mistake, ...] = field(default=())
    refused: tuple[str, ...] = OWN_WORK

    @property
    def points(self) -> float:
        """The points of all parts together."""
        return sum(part.points for part in self.parts)

    @property
    def examples_only(self) -> bool:
        """Whether an answer can be held against public examples or seeds only, which says too little for a mark."""
        return self.reference is None

    def describe(self, args: tuple) -> str:
        """A call of the student's function as a reader would type it.

        >>> from lrcourse.checking.catalog import find_exercise
        >>> find_exercise("time_based_decay").describe((0.1, 0.01, 100))
        'time_based_decay(0.1, 0.01, 100)'
        """
        return f"{self.id}({', '.join(show(arg) for arg in args)})"


def show(value) -> str:
    """A value as a student would type it: numbers short, tables as the functions they stand for."""
    if isinstance(value, Table):
        return value.name
    if hasattr(value, "dtype") and getattr(value, "shape", None) == ():
        return f"np.{value.dtype}({value.item()!r})" if value.dtype.kind == "i" else short(value.item())
    return short(value)
