"""Data beside the digits, made on this machine, and a way to keep the choice of a rate apart from its test."""

from __future__ import annotations

import random
from typing import NamedTuple, TypeVar

import numpy as np

N_TRAIN = 2000
N_TEST = 2000
_SEED = 42  # mnist1d's own

_Data = TypeVar("_Data", bound=NamedTuple)


class Signals(NamedTuple):
    """Signals as rows of 40 values (float32) and labels 0 to 9 (int32): 2000 to train on, 2000 to test on."""

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray


def mnist1d() -> Signals:
    """MNIST-1D: ten short curves, one for each digit, shifted, sheared and noisy. Made anew at each call, in seconds.

    A hard task for a small network: it learns the training signals by heart and is right on half of the test signals.
    Nothing is downloaded; the same numbers every time. Source: S. Greydanus, "Scaling down deep learning", 2020
    (package `mnist1d`).
    """
    from mnist1d.data import get_dataset_args, make_dataset

    wanted = get_dataset_args()
    wanted.num_samples, wanted.train_split, wanted.seed = N_TRAIN + N_TEST, N_TRAIN / (N_TRAIN + N_TEST), _SEED
    # The package seeds the generators that a notebook shares; give them back as they were.
    shared = random.getstate(), np.random.get_state()
    try:
        made = make_dataset(wanted)
    finally:
        random.setstate(shared[0])
        np.random.set_state(shared[1])
    return Signals(
        made["x"].astype("float32"),
        made["y"].astype("int32"),
        made["x_test"].astype("float32"),
        made["y_test"].astype("int32"),
    )


def tuning_and_test(data: _Data) -> tuple[_Data, _Data]:
    """The same training set twice, each time with one half of the test set: one to choose with, one to judge with.

    What was chosen because it did well on some examples looks a little too good on the same examples.

    >>> from lrcourse import digits
    >>> tuning, test = tuning_and_test(digits())
    >>> len(tuning.x_test), len(test.x_test), tuning.x_train is test.x_train
    (299, 298, True)
    """
    halves = [data._replace(x_test=data.x_test[first::2], y_test=data.y_test[first::2]) for first in (0, 1)]
    return halves[0], halves[1]
