"""The learning-rate range test: one short training in which the rate rises until the loss explodes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, islice, repeat
from typing import TYPE_CHECKING

import numpy as np

from lrcourse import _tensorflow
from lrcourse._arguments import count, positive
from lrcourse.bridge import as_keras

if TYPE_CHECKING:
    import keras

    from lrcourse.plots.drawing import Drawing

LEAST_STEPS = 20
"""Fewer say nothing: the smoothed loss looks back over about ten."""
_KEPT = 0.9  # of the smoothed loss at each step
_EXPLODED = 4.0  # times the lowest smoothed loss so far


@dataclass(frozen=True, repr=False)
class RangeTest:
    """What `range_test` saw, step by step until it stopped: three float64 arrays of one length, and two readings."""

    rates: np.ndarray
    """The rate that the optimizer applied in each step."""
    losses: np.ndarray
    """The loss of each step's batch, before its update."""
    smoothed: np.ndarray
    """The same as a moving mean over about ten steps."""

    @property
    def diverged_at(self) -> float | None:
        """The rate at which the smoothed loss was over four times its lowest, or no finite number; None if it never
        was."""
        return float(self.rates[-1]) if _exploded(self.smoothed) else None

    @property
    def lowest_at(self) -> float:
        """The rate at which the smoothed loss was lowest."""
        return float(self.rates[np.nanargmin(self.smoothed)])

    @property
    def suggestion(self) -> float:
        """A tenth of `lowest_at`: where the loss is lowest, the rate is about to be too high. A rule of thumb."""
        return self.lowest_at / 10

    def __repr__(self) -> str:
        end = "did not explode" if self.diverged_at is None else f"exploded at {self.diverged_at:.2g}"
        return (
            f"Rate from {self.rates[0]:.2g} to {self.rates[-1]:.2g} in {len(self.rates)} steps: the smoothed loss was "
            f"lowest at {self.lowest_at:.2g} and {end}. First rate to try: {self.suggestion:.2g}."
        )

    def plot(self, *, title: str = "") -> Drawing:
        """Loss over rate, on a logarithmic axis, with the rate to try and the one at which the loss exploded.

        `title` is what the figure finds.
        """
        from lrcourse.plots import range_test as range_plots

        return range_plots.range_test(self, title=title)


def range_test(
    model: keras.Model, batches: Iterable, *, lowest: float = 1e-4, highest: float = 10.0, n_steps: int = 300
) -> RangeTest:
    """Train a copy of `model` while the rate rises from `lowest` to `highest`, by the same factor each step.

    - `model`: a compiled Keras model. Its loss and its optimizer are used, with this plan instead of its rate; it stays
      as it is.
    - `batches`: pairs `(x, y)`, one for each update; used again from the start if there are fewer than `n_steps`.
    - `lowest`: the rate of step 0, per update; above 0.
    - `highest`: the rate of step `n_steps - 1`; above `lowest`.
    - `n_steps`: updates if nothing stops the test earlier; at least 20.

    Training stops when the smoothed loss is not finite, or is more than four times its lowest value. Smith, "Cyclical
    Learning Rates for Training Neural Networks", 2017, has the rate rise in a line; the constant factor is what most
    libraries do.

    The result depends on the batch size, the first weights, and how fast the rate rises.

    ValueError: a rate that is not positive, `highest` not above `lowest`, fewer than 20 steps, a model that is not
    compiled, no batches.
    """
    lowest, highest = positive("lowest", lowest), positive("highest", highest)
    if highest <= lowest:
        raise ValueError(f"highest must be above lowest; got {highest} and {lowest}.")
    n_steps = count("n_steps", n_steps, least=LEAST_STEPS)
    if getattr(model, "optimizer", None) is None:
        raise ValueError("model must be compiled, with its loss and optimizer; got one that is not.")

    ratio = highest / lowest
    schedule = as_keras(lambda step: lowest * ratio ** (step / (n_steps - 1)), n_steps=n_steps)
    copy = _copy(model, schedule)
    rates, losses, smoothed, mean = [], [], [], 0.0
    for step, (x, y) in enumerate(islice(chain.from_iterable(repeat(batches)), n_steps) if _any(batches) else ()):
        rates.append(float(copy.optimizer.learning_rate))
        # Not `fit`, which shows the mean of the epoch so far: a late explosion would drown in it.
        losses.append(float(copy.train_on_batch(x, y, return_dict=True)["loss"]))
        mean = _KEPT * mean + (1 - _KEPT) * losses[-1]
        smoothed.append(mean / (1 - _KEPT ** (step + 1)))  # at first the mean still leans towards its start, 0
        if _exploded(smoothed):
            break
    if not rates:
        raise ValueError("batches must hold at least one pair (x, y); got none.")
    return RangeTest(*(np.array(row, dtype="float64") for row in (rates, losses, smoothed)))


def _copy(model, schedule):
    keras = _tensorflow.keras()
    copy = keras.models.clone_model(model)
    copy.set_weights(model.get_weights())
    optimizer = type(model.optimizer)
    copy.compile(optimizer.from_config(model.optimizer.get_config() | {"learning_rate": schedule}), loss=model.loss)
    return copy


def _any(batches):
    return next(iter(batches), None) is not None


def _exploded(smoothed):
    return not np.isfinite(smoothed[-1]) or smoothed[-1] > _EXPLODED * min(smoothed)
