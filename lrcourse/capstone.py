"""The capstone's task: a budget of updates, its best constant rate, and what a plan of rates gains over it.

Digits offer too little here: on the noisy ones the best schedules we know gain a quarter of a point over a well-tuned
constant (1500 updates of 8 examples), which no small number of seeds can show. On MNIST-1D a good schedule gains three
to four points.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from lrcourse import schedules
from lrcourse._progress import progress
from lrcourse.data import Signals, mnist1d, tuning_and_test
from lrcourse.intervals import interval, with_interval
from lrcourse.training.many import Training, train_many

BATCH_SIZE = 16
EPOCHS = 12
STEPS_PER_EPOCH = 125
BUDGET = EPOCHS * STEPS_PER_EPOCH
"""Updates that a model is trained with: 1500."""
SETTINGS: Mapping = {"batch_size": BATCH_SIZE, "epochs": EPOCHS, "hidden": (32,)}
"""What `compare` and `train_many` need to train as the capstone does: a ReLU network 40-32-10, plain SGD."""
CONSTANTS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.6)
"""The constant rates of the sweep."""
TUNING_SEEDS = tuple(range(1000, 1020))
BEST_CONSTANT = 0.3
"""The winner of the sweep, on the tuning half of the data; `tests/test_capstone.py` runs it again."""
PRACTICE_SEEDS = tuple(range(20))
"""Seeds that everybody may know. Grading draws others, as many."""


@dataclass(frozen=True)
class Gain:
    """What a plan of rates gained in test accuracy, in percentage points, over the best constant rate."""

    values: tuple[float, ...]
    """Plan minus constant, one number a seed."""
    diverged: int
    """Models trained with the plan whose loss became infinite or no number; they are part of `values`."""

    @property
    def mean(self) -> float:
        """The mean over the seeds."""
        return float(interval(self.values)[0])

    @property
    def half_width(self) -> float:
        """Half of the mean's 95 % Student-t interval."""
        return float(interval(self.values)[1])

    @property
    def sure(self) -> bool:
        """Whether the whole interval lies above 0."""
        return self.mean - self.half_width > 0

    def __str__(self) -> str:
        points = with_interval(self.mean, self.half_width, 2, "+")
        diverged = f"; {self.diverged} of {len(self.values)} models diverged" if self.diverged else ""
        return f"{points} points over the best constant rate {BEST_CONSTANT} ({len(self.values)} seeds{diverged})"


@cache
def data() -> tuple[Signals, Signals]:
    """MNIST-1D with one half of its test signals to choose with, and with the other to judge with. Made once."""
    return tuning_and_test(mnist1d())


def gain(plan: schedules.Schedule | Sequence[float], seeds: Sequence[int] = PRACTICE_SEEDS) -> Gain:
    """Train `plan` and the best constant rate with each of `seeds`, judged on the half that nothing was chosen with.

    `plan` is a schedule, or the rate of each of the `BUDGET` updates. What was trained before in this process, as the
    constant with the same seeds, is not trained again. ValueError: fewer than two seeds, and what `train_many` refuses.
    """
    seeds = tuple(seeds)
    if len(seeds) < 2:
        raise ValueError(f"seeds must be at least two, or there is no interval; got {list(seeds)}.")
    rates = schedules.rates(plan, BUDGET) if callable(plan) else np.asarray(plan, float)
    constant, _ = _trained((BEST_CONSTANT,) * BUDGET, seeds, "the best constant rate")
    accuracy, diverged = _trained(tuple(rates.ravel().tolist()), seeds, "your schedule")
    return Gain(tuple((accuracy - constant).tolist()), diverged)


def sweep(seeds: Sequence[int] = TUNING_SEEDS) -> dict[float, np.ndarray]:
    """Test accuracy in % on the tuning half, one number a seed, for each of the `CONSTANTS`."""
    plans = np.array([[rate] * BUDGET for rate in CONSTANTS])
    accuracy = _accuracy(_train(plans, data()[0], tuple(seeds), "constant rates"))
    return dict(zip(CONSTANTS, accuracy, strict=True))


# A grader serves one submission after the other with the same seeds, and so with the same constant.
@lru_cache(maxsize=64)
def _trained(rates: tuple[float, ...], seeds: tuple[int, ...], what: str) -> tuple[np.ndarray, int]:
    """Accuracy in % of each seed, on the half of the data that judges, and how many models diverged."""
    trained = _train(np.array([rates]), data()[1], seeds, what)
    return _accuracy(trained)[0], int(trained.diverged.sum())


def _train(plans: np.ndarray, halved: Signals, seeds: tuple[int, ...], what: str) -> Training:
    with progress(EPOCHS, f"{what} x {len(seeds)} seeds") as on_epoch:
        return train_many(plans, halved, seeds=seeds, on_epoch=on_epoch, **SETTINGS)


def _accuracy(trained: Training) -> np.ndarray:
    """[schedules, seeds]: accuracy at the end, in %."""
    return 100 * trained.test_accuracy[..., -1].astype(float)
