"""Wrong Keras schedules, built from a formula: what a student's own subclass or the wrong Keras class would apply."""

from __future__ import annotations

from collections.abc import Callable

from lrcourse import _tensorflow


def keras_rates(formula: Callable):
    """A Keras schedule whose rate is `formula(step, power)`, with the step as a float."""
    keras = _tensorflow.keras()

    class Formula(keras.optimizers.schedules.LearningRateSchedule):
        def __call__(self, step):
            return formula(keras.ops.cast(step, "float32"), keras.ops.power)

    return Formula()


def keras_max(value, least: float):
    """The larger of a tensor and a number."""
    return _tensorflow.keras().ops.maximum(value, least)
