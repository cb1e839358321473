"""What can be chosen in the playground: the schedules, their numbers, and how far each slider goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lrcourse import schedules as s
from lrcourse._arguments import count
from lrcourse.capstone import BEST_CONSTANT, BUDGET

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
