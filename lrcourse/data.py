"""The course's data, none of it downloaded: real images of digits, and signals that are made on this machine.

The 1797 images of handwritten digits, 8 x 8 pixels, come with scikit-learn; the signals are MNIST-1D.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

from lrcourse import _tensorflow
from lrcourse._arguments import count

if TYPE_CHECKING:
    import keras
    import tensorflow

N_TRAIN = 1200
NOISY_LABELS = 240  # 20 % of the training labels
N_CLASSES = 10
N_SIGNALS = 2000  # to train on, and as many to test on
_SIGNALS_SEED = 42  # mnist1d's own

_Data = TypeVar("_Data", bound=NamedTuple)


class Digits(NamedTuple):
    """Images as rows of 64 pixels (float32) and labels 0 to 9 (int32): 1200 to train on, 597 to test on."""

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray


def digits(*, noisy: bool = False) -> Digits:
    """The digits, split once and for all.

    Clean, the pixels are scaled to 0..1. That task is easy: with a well-chosen constant rate it leaves nothing for a
    schedule to gain. `noisy=True` makes it harder: pixels standardised with the training set's mean and deviation and
    clipped to -5..5, and 240 of the 1200 TRAINING labels replaced by a wrong one. Test labels are always right.

    >>> digits().x_train.shape, digits().x_test.shape
    ((1200, 64), (597, 64))
    >>> int((digits().y_train != digits(noisy=True).y_train).sum())
    240
    """
    from sklearn.datasets import load_digits

    x, y = load_digits(return_X_y=True)
    # RandomState and not default_rng: NumPy promises that its numbers never change, and the lessons rest on them.
    order = np.random.RandomState(0).permutation(len(x))
    x, y = x[order].astype("float32"), y[order].astype("int32")
    split = Digits(x[:N_TRAIN] / 16, y[:N_TRAIN], x[N_TRAIN:] / 16, y[N_TRAIN:])
    return _harder(split) if noisy else split


def _harder(clean: Digits) -> Digits:
    mean, deviation = clean.x_train.mean(axis=0), clean.x_train.std(axis=0)
    deviation[deviation == 0] = 1  # pixels that are blank in every training image
    x_train, x_test = (np.clip((x - mean) / deviation, -5, 5) for x in (clean.x_train, clean.x_test))

    chance = np.random.RandomState(1)
    wrong = chance.choice(N_TRAIN, NOISY_LABELS, replace=False)
    y_train = clean.y_train.copy()
    y_train[wrong] = (y_train[wrong] + chance.randint(1, N_CLASSES, NOISY_LABELS)) % N_CLASSES
    return Digits(x_train, y_train, x_test, clean.y_test)


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
    wanted.num_samples, wanted.train_split, wanted.seed = 2 * N_SIGNALS, 0.5, _SIGNALS_SEED
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


def set_seed(seed: int) -> None:
    """Make what follows repeatable: seeds Python, NumPy and TensorFlow (`keras.utils.set_random_seed`)."""
    _tensorflow.keras().utils.set_random_seed(count("seed", seed, least=0))


def batches(x: np.ndarray, y: np.ndarray, *, batch_size: int, seed: int) -> tensorflow.data.Dataset:
    """Batches of `x` and `y` for `fit`, in another order every epoch; the last batch may be smaller.

    - `x`, `y`: inputs and labels, with the same number of rows.
    - `batch_size`: examples per batch; at least 1.
    - `seed`: fixes the orders, together with `set_seed`; a whole number, at least 0.

    After `set_seed`, `fit` on NumPy arrays repeats one and the same order every epoch; this does not. The orders repeat
    from run to run for the same `seed` and the same `set_seed`. Call `fit(batches(...), shuffle=False)`: the shuffling
    is done here, and with its default of True Keras warns that it does none.
    """
    tf = _tensorflow.tensorflow()
    size, seed = count("batch_size", batch_size), count("seed", seed, least=0)
    if len(x) != len(y):
        raise ValueError(f"x and y must have the same number of rows; got {len(x)} and {len(y)}.")
    pairs = tf.data.Dataset.from_tensor_slices((x, y))
    return pairs.shuffle(len(x), seed=seed, reshuffle_each_iteration=True).batch(size)


def digits_mlp(
    hidden: tuple[int, ...] = (32,), *, activation: str = "relu", initializer: str = "glorot_uniform"
) -> keras.Model:
    """A small network for the digits, not compiled: 64 pixels, dense `hidden` layers, 10 probabilities (softmax).

    - `hidden`: units of each hidden layer; `()` for none, which is softmax regression.
    - `activation`: of the hidden layers, by its name in Keras.
    - `initializer`: of the hidden layers' kernels, by its name in Keras.
    """
    keras = _tensorflow.keras()
    layers = [keras.layers.Dense(units, activation, kernel_initializer=initializer) for units in hidden]
    return keras.Sequential([keras.Input((64,)), *layers, keras.layers.Dense(N_CLASSES, "softmax")])
