"""Exercises of lesson 07: whether a plan was applied, and a schedule of one's own that beats the best constant rate."""

from __future__ import annotations

import math
from random import Random

from lrcourse.answers.mistakes import my_schedule, planned_equals_applied
from lrcourse.answers.mistakes.my_schedule import GAIN, RATES
from lrcourse.answers.mistakes.planned_equals_applied import LENGTHS, VALUES
from lrcourse.checking.exercise import OWN_WORK, Exercise, Part, Probe, Result

LESSON = "07_choose_and_verify"
_EDGES = (0.205, 0.1045, 0.06205, 0.031045, 0.0162045, 0.00810345, 0.000402345)


def _planned_equals_applied(planned, applied):
    return len(planned) == len(applied) and all(
        math.isclose(float(one), float(other), rel_tol=1e-6) for one, other in zip(planned, applied, strict=True)
    )


def _rates(random: Random, n: int) -> list[float]:
    """Rates that fall, each well apart from the next."""
    rates = [random.uniform(0.3, 0.5)]
    while len(rates) < n:
        rates.append(rates[-1] * random.uniform(0.6, 0.9))
    return [float(f"{rate:.6g}") for rate in rates]


def _applied(rates: list[float]) -> list[float]:
    """The rates as a recorder gives them back: in float32, at most 6e-8 of each away."""
    import numpy as np

    return [float(rate) for rate in np.array(rates, dtype="float32")]


def _changed(rates: list[float], place: int, factor: float) -> list[float]:
    return [rate * factor if at == place else rate for at, rate in enumerate(rates)]


def _draw_lengths(random: Random) -> list[Probe]:
    import numpy as np

    rates = _rates(random, 5)
    level = random.choice((0.05, 0.1, 0.2))
    pairs = [
        (rates, _applied(rates)[:-1]),
        (rates[:3], _applied(rates)),
        (rates, list(rates)),  # not in float32: that is asked of the values
        ([level], [level] * 4),  # what NumPy broadcasts
        ([level] * 3, [level]),
        ([level] * 3, [level] * 5),
        ([0.0], []),
        ([], [level]),
        ([], [0.0, 0.0]),
        ([], []),
        ([level], [level]),
        (rates, [*rates, 0.0]),
        ([*rates, rates[0]], rates),
        (rates, [rates[0], sum(rates[1:-1]), rates[-1]]),  # first, last and sum alike
        (rates[:2], [rates[0], (rates[0] + rates[1]) / 2, rates[1]]),  # first, last and mean alike
    ]
    return [*map(Probe, pairs), *(Probe((np.array(one), np.array(other))) for one, other in pairs[:5])]


def _draw_values(random: Random) -> list[Probe]:
    import numpy as np

    rates = _rates(random, 5)
    applied = _applied(rates)
    small = [3e-6, 2e-6, 1e-6]
    middle = random.choice((1, 2, 3))
    turned = [applied[0], *applied[1:-1][::-1], applied[-1]]
    pairs = [
        (rates, applied),
        (applied, rates),
        (rates, _changed(applied, 4, 1.1)),
        (rates, _changed(applied, 4, 0.9)),
        (rates, _changed(applied, 0, 1.1)),
        (rates, _changed(applied, middle, 0.9)),
        (rates, _changed(applied, middle, 1.1)),
        (rates, [rate * 1.1 for rate in applied]),
        (rates, [rate * 0.9 for rate in applied]),
        (rates, [rate * (1 + 1e-5) for rate in rates]),  # ten times the tolerance, and a tenth of it
        (rates, [rate * (1 - 1e-5) for rate in rates]),
        (rates, [rate * (1 + 1e-7) for rate in rates]),
        (rates, [rate * (1 - 1e-7) for rate in rates]),
        (rates, _changed(rates, middle, 1 + 1e-5)),
        ([0.5, 0.25, 0.125], [0.5 * (1 + 1e-4), 0.25, 0.125]),
        (rates, [rates[0], *rates[:-1]]),  # one step late
        ([*rates[1:], rates[-1]], rates),
        (rates, turned),
        (rates, rates[::-1]),
        ([0.1, 0.2, 0.1, 0.1], [0.1, 0.2, 0.2, 0.1]),  # the same rates, other times
        ([0.3, 0.2, 0.2, 0.1], [0.3, 0.25, 0.15, 0.1]),  # first, last, sum and mean alike
        (small, [rate + 5e-9 for rate in small]),  # np.allclose calls them equal: its atol is 1e-8
        ([1e-6, 1e-7, 1e-8], [1e-6, 1e-7, 2e-8]),
        ([1e-11, 1e-12], [1e-11, 2e-12]),  # below any absolute tolerance that a student may think of
        ([0.1, 0.0], [0.1, 4e-9]),
        (small, _applied(small)),
        ([0.0, 0.1, 0.0], [0.0, 0.1, 0.0]),
        ([0.0, 0.0], [0.0, 0.0]),
        ([0.0, 0.1], [0.1, 0.0]),
        ([5000.0, 400.0], [5000.0 * (1 + 1e-7), 400.0]),  # an absolute tolerance says that they differ
        ([1, 1, 1], [1.0, 1.0, 1.0]),
        # As good as equal, on both sides of an edge of rounding to 2 to 8 decimals.
        ([edge * (1 - 3e-8) for edge in _EDGES], [edge * (1 + 3e-8) for edge in _EDGES]),
    ]
    arrays = [(np.array(one), np.array(other)) for one, other in (pairs[0], pairs[2], pairs[21], pairs[26])]
    return [*map(Probe, pairs), *map(Probe, arrays), Probe((rates, np.array(applied, dtype="float32")))]


def _nothing_drawn(random: Random) -> list[Probe]:
    return []


def _my_schedule(step):
    peak, budget = 0.6, 1500
    return peak * math.cos(0.5 * math.pi * step / budget) ** 2


EXERCISES = (
    Exercise(
        id="planned_equals_applied",
        lesson=LESSON,
        signature="planned_equals_applied(planned, applied)",
        result=Result.TRUTH,
        prompt=(
            "Both arguments hold one rate for each step: lists or arrays. Return `True` where both have the same length and each "
            "applied rate is the planned one to a relative 1e-6, else `False`. A rate of 0 equals 0 only, and two empty lists "
            "are equal. Mind that applied rates come back in float32."
        ),
        reference=_planned_equals_applied,
        parts=(
            Part(
                LENGTHS,
                1,
                (Probe(([0.1, 0.05], [0.1, 0.05])), Probe(([0.1, 0.05, 0.025], [0.1, 0.05]))),
                _draw_lengths,
            ),
            Part(
                VALUES,
                2,
                (Probe(([0.1, 0.05], [0.10000000149011612, 0.05000000074505806])), Probe(([0.1, 0.05], [0.1, 0.1]))),
                _draw_values,
            ),
        ),
        hints=(
            "Compare the lengths first: zip stops at the shorter list, and NumPy stretches a single number.",
            "math.isclose(a, b, rel_tol=1e-6) compares two numbers and has no absolute tolerance; np.allclose has one.",
            "Every step counts: all(...) over the pairs.",
        ),
        mistakes=planned_equals_applied.MISTAKES,
        refused=(*OWN_WORK, "assert_applied", "compare_rates"),
    ),
    Exercise(
        id="my_schedule",
        lesson=LESSON,
        signature="my_schedule(step)",
        result=Result.PLAN,
        prompt=(
            "Return the rate of `step`, which counts optimizer updates from 0 to 1499: 12 epochs of MNIST-1D with batches of 16, "
            "a ReLU network 40-32-10 and plain SGD. The task is to beat the best constant rate: the check trains both with 20 "
            "fresh seeds, and the whole 95 % interval of the gain in test accuracy, seed by seed, must lie above 0. A plan "
            "whose highest rate is at most a quarter above its lowest counts as a constant. `lr.schedules` may be used."
        ),
        reference=_my_schedule,
        parts=(Part(RATES, 1, (), _nothing_drawn), Part(GAIN, 2, (), _nothing_drawn)),
        hints=(
            "A schedule may begin above the best constant rate, where a constant would be too restless, and end near 0.",
            "Choose the highest rate on the tuning half: lr.compare with several, and data=lrcourse.capstone.data()[0].",
            "Let the decay end with the budget, at step 1499: not in its first tenth, and not after it.",
        ),
        mistakes=my_schedule.MISTAKES,
        refused=(),
    ),
)
