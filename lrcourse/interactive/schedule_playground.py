"""The playground: choose a schedule and its numbers, see the rates at once, train it with ten seeds.

Everything works by typing, too. What is moved and clicked is in `widgets`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from lrcourse import schedules as s
from lrcourse.capstone import BEST_CONSTANT, BUDGET, SETTINGS, STEPS_PER_EPOCH, data
from lrcourse.interactive.choices import SCHEDULES, SEEDS

if TYPE_CHECKING:
    from lrcourse.comparison import Comparison


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
        from lrcourse.plots.drawing import course, span

        return f"Planned learning rate over {span(BUDGET, STEPS_PER_EPOCH)}: {self.name} {course(self.plan)}."

    def train(self) -> Comparison:
        """Ten seeds with the schedule and with the best constant rate, judged on the half of the data to choose with.

        The other half is what the last exercise judges with; to choose with it would flatter the choice.
        """
        from lrcourse.comparison import compare

        constant = f"best constant {BEST_CONSTANT:g}"
        plans = {"your schedule": self.schedule, constant: s.constant(BEST_CONSTANT)}
        return compare(plans, data=data()[0], baseline=constant, seeds=SEEDS, **SETTINGS)

    def __repr__(self) -> str:
        return f"{self.call}: {self.text}"

    def _ipython_display_(self) -> None:
        from lrcourse.interactive import widgets

        widgets.show(self)


def playground(schedule: str = "cosine", **numbers: float) -> Playground:
    """Try a schedule on MNIST-1D, with 1500 updates: its rates at once, and a button that trains it with ten seeds.

    `schedule` is a name of `SCHEDULES`, such as "cosine", "one-cycle" or "restarts"; `numbers` are its parameters, as
    in `playground("cosine", initial=0.2)`. Everything that the sliders do can be typed here: the result's `schedule` is
    the schedule, `train()` does what the button does. ValueError: an unknown schedule or number, or a bad value.
    """
    return Playground(schedule, numbers)
