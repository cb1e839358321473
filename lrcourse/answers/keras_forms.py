"""Wrong Keras schedules, built from a formula: what a student's own subclass or the wrong Keras class would apply."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from lrcourse import _tensorflow


def keras_rates(formula: Callable):
    """A Keras schedule whose rate is `formula(step)`, with the step as a float.

    Its `plain(step)` computes the same without TensorFlow, which takes a tenth of a second for each schedule: whoever
    looks for the formula behind some rates can rule most of them out first.
    """
    keras = _tensorflow.keras()

    class Formula(keras.optimizers.schedules.LearningRateSchedule):
        def __call__(self, step):
            rate = formula(keras.ops.cast(step, "float32"))
            return keras.ops.convert_to_tensor(rate, "float32")

        def plain(self, step: int) -> float:
            return float(formula(float(step)))

    return Formula()


def at_least(value, least: float):
    """The larger of a tensor or number and a number."""
    return max(value, least) if isinstance(value, float) else _tensorflow.keras().ops.maximum(value, least)


def at_most(value, most: float):
    """The smaller of a tensor or number and a number."""
    return min(value, most) if isinstance(value, float) else _tensorflow.keras().ops.minimum(value, most)


def rounded(value):
    """A tensor or number, rounded to the nearest whole number."""
    return float(round(value)) if isinstance(value, float) else _tensorflow.keras().ops.round(value)


def rounded_up(value):
    """A tensor, rounded up to a whole number.

    TypeError for a plain number: whether `3 * s / s` is 3 or a little more, and so 4, float32 alone can tell.
    """
    if isinstance(value, float):
        raise TypeError("Only a tensor can be rounded up as TensorFlow does it.")
    return _tensorflow.keras().ops.ceil(value)


def schedules():
    """The module of Keras' own schedule classes."""
    return _tensorflow.keras().optimizers.schedules


def even_lengths(least: int, below: int) -> list[int]:
    """The numbers from `least` to `below - 1` that Keras divides by as one does by hand.

    So it does by their neighbours and by ten times them: wrong answers too must drop where a known mistake says.
    """
    return [n for n in range(least, below) if all(map(_rounded_up, (n - 1, n, n + 1, 10 * n)))]


def _rounded_up(n: int) -> bool:
    import numpy as np

    return Fraction(float(np.float32(1) / np.float32(n))) >= Fraction(1, n)
