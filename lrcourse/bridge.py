"""A schedule as Keras wants it: as a schedule object for an optimizer, or as a callback that acts once an epoch."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from lrcourse import _tensorflow
from lrcourse._arguments import count
from lrcourse.schedules import Schedule, rates

if TYPE_CHECKING:
    import keras

    from lrcourse._keras_classes import TabulatedSchedule


def as_keras(schedule: Schedule, *, n_steps: int) -> TabulatedSchedule:
    """`schedule` as a `keras.optimizers.schedules.LearningRateSchedule`: one rate for each of `n_steps` updates.

    The rates are computed here, once, so the schedule may be any Python: branches, joined pieces, a student's function.
    Beyond `n_steps` the last rate stays. A rate that is negative, infinite or not a number is a ValueError that names
    its step. A saved model keeps the table; before loading it in a new process, call `register`.

    >>> from lrcourse.schedules import halving
    >>> keras_schedule = as_keras(halving(0.1, every=2), n_steps=5)
    >>> [round(float(keras_schedule(step)), 4) for step in (0, 2, 4, 1000)]
    [0.1, 0.05, 0.025, 0.025]
    """
    from lrcourse._keras_classes import TabulatedSchedule

    plan = rates(schedule, count("n_steps", n_steps))
    illegal = np.flatnonzero(~(np.isfinite(plan) & (plan >= 0)))
    if len(illegal):
        step = int(illegal[0])
        raise ValueError(f"{_RULE}; the schedule gives {plan[step]} at step {step}.")
    return TabulatedSchedule(plan)


def per_epoch(schedule: Schedule) -> keras.callbacks.LearningRateScheduler:
    """A callback for `fit` that sets the rate at the start of each epoch to `schedule(epoch)`.

    The rate depends on the epoch alone, never on the rate before it, so it is right after a resume with `initial_epoch`
    and in a second `fit`. Compile the optimizer with a number: Keras refuses to set the rate of one built with a
    schedule. A rate that is negative, infinite or not a number is a ValueError that names its epoch.
    """

    # Keras calls again with the epoch alone when the first call raises TypeError. With this default the second call
    # raises the schedule's own error instead of one about a missing argument.
    def rate_of(epoch: int, current: float | None = None) -> float:
        rate = float(schedule(epoch))
        if not (math.isfinite(rate) and rate >= 0):
            raise ValueError(f"{_RULE}; the schedule gives {rate} at epoch {epoch}.")
        return rate

    return _tensorflow.keras().callbacks.LearningRateScheduler(rate_of)


def register() -> None:
    """Tell Keras about the schedules that `as_keras` makes, so that it can load a model saved with one.

    Needed once in a new process, before `keras.models.load_model`; `as_keras` does it by itself.
    """
    import lrcourse._keras_classes  # noqa: F401  (importing it registers the class)


_RULE = "A learning rate must be finite and at least 0"
