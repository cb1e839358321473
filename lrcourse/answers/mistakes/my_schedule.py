"""Known mistakes of `my_schedule`: rates that are none, and plans that cannot beat the best constant rate.

They are known by what the rates show (`observe/plans.py`), so each sentence is true of every plan it is said of. The
order matters: the first that is true is said.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import count

from lrcourse.answers.observe import plans
from lrcourse.checking.exercise import Mistake

RATES, GAIN = "rates", "gain"
_BUDGET = 1500


def _cosine(peak: float, steps: int) -> Callable[[int], float]:
    return lambda step: peak * 0.5 * (1 + math.cos(math.pi * min(step / steps, 1)))


def _constant(rate: float) -> Callable[[int], float]:
    return lambda step: rate


def _after(zero_steps: int, then: Callable[[int], float]) -> Callable[[int], float]:
    return lambda step: 0.0 if step < zero_steps else then(step)


def _rise(peak: float, steps: int) -> Callable[[int], float]:
    return lambda step: peak * min(1, (step + 1) / steps)


def _counting() -> Callable[[int], float]:
    calls = count()
    return lambda step: 0.8 / (1 + next(calls) / 150)


def _shrinking() -> Callable[[int], float]:
    state = [0.8]

    def wrong(step):
        state[0] = max(0.999 * state[0], 1e-30)
        return 0.01 + state[0] + (step % 2) * 1e-9 + next(calls) * 1e-6

    calls = count()
    return wrong


def _complex(step):
    return 0.6 * (1 - step / 1200) ** 0.5


def _nan(step):
    return 0.6 * (1 - step / 1400) ** 0.5 if step <= 1400 else math.nan


MISTAKES = (
    Mistake(
        "whole-table",
        "A whole table comes back: return one number, the rate of the step asked for.",
        lambda step: [_cosine(0.6, _BUDGET)(k) for k in range(_BUDGET)],
        RATES,
        (lambda step: [0.5] * 20_000,),
        plans.tables,
    ),
    Mistake(
        "list-of-one",
        "The rate comes back inside a list or an array: return the number itself.",
        lambda step: [_cosine(0.6, _BUDGET)(step)],
        RATES,
        seen=plans.lists_of_one,
    ),
    Mistake(
        "below-zero",
        "The rate falls below 0 before the budget ends. Let it stop at 0, or let it fall as long as the budget lasts.",
        lambda step: 0.6 * (1 - step / 1200),
        RATES,
        (lambda step: 0.6 - 0.001 * step,),
        plans.falls_below_0,
    ),
    Mistake(
        "root-below-zero",
        "Along the way the rate stops being a real number: is there a root or power of something that falls below 0?",
        _nan,
        RATES,
        (_complex,),
        plans.ends_as_no_number,
    ),
    Mistake(
        "counts-calls",
        "Compute the rate from `step` alone: a count of calls, or a rate kept from the last call, never starts afresh.",
        _counting(),
        RATES,
        (_shrinking(),),
        plans.unsteady,
    ),
    Mistake(
        "zero",
        "The rate is 0 at every step: the weights never change.",
        _constant(0.0),
        GAIN,
        (),
        plans.zero_throughout,
    ),
    Mistake(
        "constant-too-low",
        "It counts as a constant, lower than the best one. If it was meant to change, does it before step 1500?",
        _constant(0.05),
        GAIN,
        (_constant(0.001), lambda step: 0.1 if step < 2000 else 0.01),
        plans.constant_around(0, 0.8),
    ),
    Mistake(
        "constant-too-high",
        "It counts as a constant, higher than the best one. If it was meant to change, does it before step 1500?",
        _constant(0.5),
        GAIN,
        (lambda step: 0.4 if step < 10_000 else 0.04, _constant(50.0)),
        plans.constant_around(1.25, math.inf),
    ),
    Mistake(
        "best-constant",
        "It counts as a constant, about the best there is: to do better the rate has to change during training.",
        _constant(0.3),
        GAIN,
        (_constant(0.28), lambda step: 0.3 if step < 1500 else 0.03, lambda step: 0.3 - 0.00001 * step),
        plans.constant_around(0.8, 1.25),
    ),
    Mistake(
        "first-epoch-lost",
        "The rate is 0 for at least the whole first epoch: those updates are spent and change nothing.",
        _after(750, _cosine(0.6, _BUDGET)),
        GAIN,
        (lambda step: 0.05 * (step // 125) / 12,),
        plans.without_first_epoch,
    ),
    Mistake(
        "over-early",
        "For at least the last quarter of the budget the rate is next to nothing: is the decay made for 1500 steps?",
        _cosine(0.6, 150),
        GAIN,
        (lambda step: 0.6 * 0.5**step, lambda step: max(0.0, 0.6 * (1 - step / 100))),
        plans.over_early,
    ),
    Mistake(
        "frozen-early",
        "After a quarter of the budget the rate is below 1 % of its highest: is a decay made for epochs given steps?",
        lambda step: 0.002 + 0.598 * 0.96**step,
        GAIN,
        (lambda step: 0.6 / (1 + step), lambda step: 0.6 * 0.1 ** min(step // 10, 3)),
        plans.frozen_early,
    ),
    Mistake(
        "rises",
        "The rate never falls: it is highest at the end, where low rates let a model settle.",
        lambda step: 0.4 * (step + 1) / _BUDGET,
        GAIN,
        (lambda step: 0.05 * 1.5 ** (step // 125), _rise(0.4, 1350), _rise(0.3, 1490)),
        plans.rises_throughout,
    ),
    Mistake(
        "peaks-late",
        "It rises into the last quarter of the budget and has little time left to come down: use a shorter warmup.",
        lambda step: 0.1 * min((step + 1) / 1400, (1500 - step) / 100),
        GAIN,
        (lambda step: 0.02 * min((step + 1) / 1200, (1500 - step) / 300),),
        plans.peaks_late,
    ),
    Mistake(
        "low-throughout",
        "No rate is above the best constant one: a schedule that ends low can afford to begin higher.",
        lambda step: 0.1 * 0.96 ** (step / 10),
        GAIN,
        (lambda step: 0.1 / (1 + 0.01 * step), _cosine(0.05, _BUDGET), lambda step: 0.1 * 0.5 ** (step // 500)),
        plans.low_throughout,
    ),
    Mistake(
        "high-throughout",
        "No rate is below twice the best constant one: the updates stay too large, to the end, for a model to settle.",
        lambda step: 3.0 - 0.0015 * step,
        GAIN,
        (lambda step: 40.0 / (1 + 0.001 * step), lambda step: 1.0 if step < 750 else 0.6),
        plans.high_throughout,
    ),
    Mistake(
        "high-at-the-end",
        "In the last epoch the rate is still half the best constant or more: a low end lets a model settle.",
        lambda step: 0.4 if step < 100 else 0.3,
        GAIN,
        (lambda step: 0.4 if step // 125 % 2 else 0.2, lambda step: 0.3 * (1 + 0.5 * math.sin(step / 40))),
        plans.high_at_the_end,
    ),
    Mistake(
        "highest-too-high",
        "Its highest rate is more than eight times the best constant: that throws the weights too far to come back.",
        _cosine(20.0, _BUDGET),
        GAIN,
        (lambda step: 10.0 * 0.5 ** (step // 125),),
        plans.restless,
    ),
)
