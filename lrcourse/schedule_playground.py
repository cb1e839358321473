"""The playground: choose a schedule and its numbers, see the rates at once, train it with ten seeds.

Everything works by typing, too. What is moved and clicked is in `_playground_widgets`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lrcourse import schedules as s
from lrcourse._arguments import count
from lrcourse.capstone import BEST_CONSTANT, BUDGET, SETTINGS, STEPS_PER_EPOCH, data

if TYPE_CHECKING:
    from lrcourse.experiment import Comparison

SEEDS = 10


@dataclass(frozen=True)
class Number:
    """A parameter of a schedule: where it starts, and the range of its slider. Typed, it may lie outside."""

    start: float
    lowest: float
    highest: float

    @property
    def whole(self) -> bool:
        """Whether it counts something."""
        return isinstance(self.start, int)


_RATE, _END = Number(0.6, 0.01, 2.0), Number(0.001, 0.0001, 1.0)


def _warmup_cosine(peak, *, warmup_steps):
    rest = _rest(warmup_steps=warmup_steps)
    warmup = s.linear_warmup(peak, warmup_steps=warmup_steps)
    return s.join([warmup, s.cosine(peak, decay_steps=rest)], boundaries=[warmup_steps])


def _one_cycle(peak, *, rise_steps):
    return s.one_cycle(peak, rise_steps=rise_steps, fall_steps=_rest(rise_steps=rise_steps))


def _warmup_stable_decay(peak, *, warmup_steps, decay_steps):
    stable = _rest(warmup_steps=warmup_steps, decay_steps=decay_steps)
    return s.warmup_stable_decay(peak, warmup_steps=warmup_steps, stable_steps=stable, decay_steps=decay_steps)


def _rest(**used):
    used = {name: count(name, steps) for name, steps in used.items()}
    if sum(used.values()) >= BUDGET:
        raise ValueError(f"{' + '.join(used)} must be below the {BUDGET} steps of the run; got {sum(used.values())}.")
    return BUDGET - sum(used.values())


SCHEDULES: Mapping[str, tuple[Callable, Mapping[str, Number]]] = {
    "cosine": (s.cosine, {"initial": _RATE, "decay_steps": Number(BUDGET, 50, 2 * BUDGET), "final": _END}),
    "linear": (s.linear, {"initial": _RATE, "decay_steps": Number(BUDGET, 50, 2 * BUDGET), "final": _END}),
    "warmup + cosine": (_warmup_cosine, {"peak": _RATE, "warmup_steps": Number(75, 1, 1000)}),
    "one-cycle": (_one_cycle, {"peak": _RATE, "rise_steps": Number(450, 1, 1400)}),
    "warmup-stable-decay": (
        _warmup_stable_decay,
        {"peak": _RATE, "warmup_steps": Number(75, 1, 500), "decay_steps": Number(500, 1, 950)},
    ),
    "restarts": (
        s.cosine_with_restarts,
        {
            "initial": _RATE,
            "first_steps": Number(500, 50, 1500),
            "longer": Number(1, 1, 4),
            "lower": Number(1.0, 0.1, 1),
        },
    ),
    "time-based": (s.time_based_decay, {"initial": _RATE, "decay": Number(0.005, 0.0001, 0.1)}),
    "exponential": (
        s.exponential_decay,
        {"initial": _RATE, "decay_steps": Number(125, 1, 1500), "decay_rate": Number(0.8, 0.1, 1.0)},
    ),
    "halving": (s.halving, {"initial": _RATE, "every": Number(250, 10, 1500)}),
    "constant": (s.constant, {"rate": Number(BEST_CONSTANT, 0.01, 2.0)}),
}
"""By name: what makes the schedule, and its numbers. All are of 1500 steps, the budget of the last exercise."""


class Playground:
    """A schedule with its numbers, chosen by typing or with sliders; a notebook shows it with both.

    `schedule` is the schedule as it stands, `train()` compares it with the best constant rate.
    """

    def __init__(self, name: str, given: Mapping[str, float]):
        self.choose(name, given)

    def choose(self, name: str, given: Mapping[str, float]) -> None:
        """Another schedule, with the numbers that are given; the others start where they usually do.

        ValueError: an unknown schedule or number, or a value that the schedule refuses. The old choice then stays.
        """
        if name not in SCHEDULES:
            raise ValueError(f"schedule must be one of {', '.join(SCHEDULES)}; got {name!r}.")
        make, numbers = SCHEDULES[name]
        if unknown := [number for number in given if number not in numbers]:
            raise ValueError(f"{name} has the numbers {', '.join(numbers)}; got {unknown[0]!r}.")
        values = {number: given.get(number, spec.start) for number, spec in numbers.items()}
        (_, value), *others = values.items()
        self.schedule, self.name, self.values = make(value, **dict(others)), name, values

    @property
    def call(self) -> str:
        """What to type for this very choice."""
        numbers = "".join(f", {name}={value!r}" for name, value in self.values.items())
        return f'lr.playground("{self.name}"{numbers})'

    @property
    def plan(self) -> np.ndarray:
        """The rates of the 1500 steps."""
        return s.rates(self.schedule, BUDGET)

    @property
    def text(self) -> str:
        """What the figure shows, in a sentence."""
        from lrcourse._drawing import course, span

        return f"Planned learning rate over {span(BUDGET, STEPS_PER_EPOCH)}: {self.name} {course(self.plan)}."

    def train(self) -> Comparison:
        """Ten seeds with the schedule and with the best constant rate, judged on the half of the data to choose with.

        The other half is what the last exercise judges with; to choose with it would flatter the choice.
        """
        from lrcourse.experiment import compare

        constant = f"best constant {BEST_CONSTANT:g}"
        plans = {"your schedule": self.schedule, constant: s.constant(BEST_CONSTANT)}
        return compare(plans, data=data()[0], baseline=constant, seeds=SEEDS, **SETTINGS)

    def __repr__(self) -> str:
        return f"{self.call}: {self.text}"

    def _ipython_display_(self) -> None:
        from lrcourse import _playground_widgets

        _playground_widgets.show(self)


def playground(schedule: str = "cosine", **numbers: float) -> Playground:
    """Try a schedule on MNIST-1D, with 1500 updates: its rates at once, and a button that trains it with ten seeds.

    `schedule` is a name of `SCHEDULES`, such as "cosine", "one-cycle" or "restarts"; `numbers` are its parameters, as
    in `playground("cosine", initial=0.2)`. Everything that the sliders do can be typed here: the result's `schedule` is
    the schedule, `train()` does what the button does. ValueError: an unknown schedule or number, or a bad value.
    """
    return Playground(schedule, numbers)
