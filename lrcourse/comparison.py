"""Schedules compared over many seeds: mean, 95 % interval, and the paired difference from a named baseline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from lrcourse import schedules as _schedules
from lrcourse._arguments import count
from lrcourse._progress import progress
from lrcourse.intervals import MEASURES, interval, with_interval
from lrcourse.tabular import Table
from lrcourse.training.many import Training, train_many

if TYPE_CHECKING:
    from lrcourse.plots.drawing import Drawing


@dataclass(frozen=True)
class Effect:
    """What one schedule did, at the end of training, in the unit of the comparison's measure."""

    mean: float
    half_width: float
    """Half of the 95 % interval of `mean` (Student's t over the seeds)."""
    difference: float
    """Mean over the seeds of this schedule minus the baseline, seed by seed."""
    difference_half_width: float
    values: np.ndarray
    """One value a seed."""
    diverged: int
    """Models whose loss became infinite or no number; they are part of `values`."""


@dataclass(frozen=True, repr=False)
class Comparison:
    """What `compare` measured. A notebook shows it as a table; `plot` draws it; `effects` holds its numbers."""

    plans: dict[str, np.ndarray]
    """Rate of every update, by schedule."""
    baseline: str
    seeds: tuple[int, ...]
    steps_per_epoch: int
    training: Training
    """Every single curve, as arrays [schedules, seeds, epochs]."""
    measure: str = "accuracy"

    @property
    def effects(self) -> dict[str, Effect]:
        """The result by schedule, in the order of `compare`'s argument."""
        last = dict(zip(self.plans, self.curves()[..., -1], strict=True))
        diverged = dict(zip(self.plans, self.training.diverged.sum(axis=1), strict=True))
        return {
            name: Effect(
                *map(float, interval(values)),
                *map(float, interval(values - last[self.baseline])),
                values=values,
                diverged=int(diverged[name]),
            )
            for name, values in last.items()
        }

    @property
    def words(self) -> str:
        """The measure with its unit, such as "test accuracy (%)"."""
        words, unit, *_ = MEASURES[self.measure]
        return f"{words} ({unit})"

    def curves(self) -> np.ndarray:
        """The measure after each epoch, as an array [schedules, seeds, epochs]."""
        return MEASURES[self.measure][-1](self.training)

    def classes(self, x: np.ndarray) -> dict[str, np.ndarray]:
        """By schedule: the class that each seed's last weights give to each row of `x`, as an array [seeds, rows]."""
        return dict(zip(self.plans, self.training.classes(x), strict=True))

    def by(self, measure: str) -> Comparison:
        """The same training in another measure: "accuracy" (test, in %), "loss" (training) or "test loss"."""
        return replace(self, measure=_known(measure))

    def all_diverged(self) -> str:
        """One sentence if every model diverged, else an empty text."""
        if not self.training.diverged.all():
            return ""
        return f"All {self.training.diverged.size} models diverged: there is nothing to compare. Try lower rates."

    def table(self) -> str:
        """The result as plain text, one schedule a line."""
        return repr(self._table())

    __repr__ = table

    def _repr_html_(self) -> str:
        return self._table()._repr_html_()

    def plot(self, *, title: str = "") -> Drawing:
        """The measure after each epoch, as mean and 95 % band over the seeds, and the rates below.

        `title` is what the figure finds, drawn above it.
        """
        from lrcourse.plots import comparison

        return comparison.comparison(self, title=title)

    def _caption(self) -> str:
        words, unit, *_ = MEASURES[self.measure]
        epochs = self.training.train_loss.shape[-1]
        return f"{words} in {unit} after {epochs} epochs, mean and 95 % interval of {len(self.seeds)} seeds"

    def _table(self) -> Table:
        words, _, decimals, _ = MEASURES[self.measure]
        diverged = any(effect.diverged for effect in self.effects.values())
        rows = []
        for name, effect in self.effects.items():
            difference = with_interval(effect.difference, effect.difference_half_width, decimals, "+")
            rows.append(
                [
                    name,
                    with_interval(effect.mean, effect.half_width, decimals),
                    "baseline" if name == self.baseline else difference,
                    *([f"{effect.diverged} of {len(self.seeds)}"] if diverged else []),
                ]
            )
        header = ["schedule", words, f"minus {self.baseline}", *(["diverged"] if diverged else [])]
        return Table(header, rows, caption=self._caption(), notes=self.all_diverged())


def compare(
    schedules: Mapping[str, _schedules.Schedule | Sequence[float]],
    *,
    data,
    baseline: str,
    batch_size: int,
    epochs: int,
    seeds: int | Sequence[int] = 10,
    measure: str = "accuracy",
    **model,
) -> Comparison:
    """Train every schedule with every seed, and compare each with `baseline`, one of their names, seed by seed.

    - `schedules`: each name with a schedule, or with a sequence that has the rate of each update.
    - `data`: what to train and test on, such as `digits()`.
    - `baseline`: the name of the schedule that the others are compared with.
    - `batch_size`: examples per update; at least 1. The last batch of an epoch may be smaller and is an update too.
    - `epochs`: passes over the training data; at least 1.
    - `seeds`: how many (10 means seeds 0 to 9), or the seeds themselves; at least two.
    - `measure`: "accuracy" (test, in %), "loss" (training cross-entropy, in nats) or "test loss" (in nats).
    - `model`: what goes to `train_many`: `hidden`, `activation`, `initializer`, `optimizer`, `momentum`.

    Models that diverged stay in the mean and are counted. A run of more than two seconds shows its progress on a
    terminal or in a notebook.

    ValueError: an unknown baseline or measure; fewer than two seeds; a schedule, named in the message, that gives a
    negative rate, one that is no finite number, or not one for each update; and what `train_many` refuses.
    """
    measure = _known(measure)
    if not schedules or baseline not in schedules:
        raise ValueError(f"baseline must be the name of a schedule, one of {list(schedules)}; got {baseline!r}.")
    seeds = tuple(range(count("seeds", seeds, least=2)) if np.ndim(seeds) == 0 else seeds)
    if len(seeds) < 2:
        raise ValueError(f"seeds must be at least two, or there is no interval; got {list(seeds)}.")
    per_epoch = _schedules.steps_per_epoch(len(data.x_train), batch_size=batch_size)
    n_steps = per_epoch * count("epochs", epochs)
    plans = {name: _plan(name, schedule, n_steps) for name, schedule in schedules.items()}
    with progress(epochs, f"{len(plans)} schedules x {len(seeds)} seeds") as on_epoch:
        training = train_many(
            np.stack(list(plans.values())),
            data,
            seeds=seeds,
            batch_size=batch_size,
            epochs=epochs,
            on_epoch=on_epoch,
            **model,
        )
    return Comparison(plans, baseline, seeds, per_epoch, training, measure)


def _known(measure):
    if measure not in MEASURES:
        raise ValueError(f"measure must be one of {', '.join(MEASURES)}; got {measure!r}.")
    return measure


def _plan(name, schedule, n_steps):
    try:
        plan = _schedules.rates(schedule, n_steps) if callable(schedule) else np.asarray(schedule, float)
    except ValueError as error:
        raise ValueError(f"schedule {name!r}: {error}") from None
    if plan.shape != (n_steps,):
        raise ValueError(f"schedule {name!r} must give one rate for each of {n_steps} updates; got {list(plan.shape)}.")
    wrong = np.flatnonzero(~(np.isfinite(plan) & (plan >= 0)))
    if len(wrong):
        step = int(wrong[0])
        raise ValueError(
            f"schedule {name!r} must give finite rates of at least 0; got {float(plan[step])} at step {step}."
        )
    return plan
