"""Many small classifiers trained at once: every schedule with every seed, in one TensorFlow loop.

One model on a small data set leaves the processor waiting for Python. Here all models lie on leading axes, so that an
update of all of them costs little more than an update of one. A model is a multilayer perceptron, or softmax regression
where `hidden=()`, trained on the cross-entropy of its logits. Its weights are those that Keras' `Dense` layers and
optimizers give; `tests/test_training.py` compares them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from lrcourse import _tensorflow
from lrcourse._arguments import count
from lrcourse.schedules import steps_per_epoch
from lrcourse.training import compiled, optimizers

ACTIVATIONS = ("relu", "tanh")
INITIALIZERS = {
    "glorot_normal": "GlorotNormal",
    "glorot_uniform": "GlorotUniform",
    "he_normal": "HeNormal",
    "he_uniform": "HeUniform",
}


@dataclass(frozen=True)
class Training:
    """What `train_many` saw. `s` counts schedules, `k` seeds, `e` epochs."""

    train_loss: np.ndarray
    """[s, k, e]: mean cross-entropy over all training examples, with the weights at the end of the epoch."""
    test_loss: np.ndarray
    """[s, k, e]: the same over all test examples."""
    test_accuracy: np.ndarray
    """[s, k, e]: share of test examples classified right at the end of the epoch, from 0 to 1."""
    applied: np.ndarray
    """[s, steps]: the rate used in each update, read inside the training loop."""
    weights: tuple[np.ndarray, ...]
    """Final kernel and bias of each layer in turn, as Keras' `get_weights` has them, behind the axes [s, k]."""
    activation: str = "relu"

    def classes(self, x: np.ndarray) -> np.ndarray:
        """[s, k, n]: the class that each model, as it ended, gives to each of the n rows of `x`."""
        squash = {"relu": lambda z: np.maximum(z, 0), "tanh": np.tanh}[self.activation]
        *hidden, last = zip(self.weights[::2], self.weights[1::2], strict=True)
        for kernel, bias in hidden:
            x = squash(x @ kernel + bias[..., None, :])
        return np.argmax(x @ last[0] + last[1][..., None, :], axis=-1)

    @property
    def diverged(self) -> np.ndarray:
        """[s, k]: True where the loss was no finite number at the end of some epoch.

        Such a model stays in every array. Its outputs are NaN, which count as class 0, as in Keras.
        """
        return ~np.isfinite(self.train_loss).all(axis=-1)


def train_many(
    rates,
    data,
    *,
    seeds: Sequence[int],
    batch_size: int,
    epochs: int,
    hidden: Sequence[int] = (32,),
    activation: str = "relu",
    initializer: str = "glorot_uniform",
    optimizer: str = "sgd",
    momentum: float = 0.9,
    on_epoch: Callable[[int], None] = lambda done: None,
) -> Training:
    """Train one model for each schedule and seed, all at once.

    - `rates`: an array [schedules, steps] with the rate of every update, at least 0; `steps` is `epochs` times the
      updates in an epoch.
    - `data`: has `x_train` [n, features], `y_train` [n] (classes from 0), `x_test`, `y_test`.
    - `seeds`: whole numbers, at least one, all different. A seed fixes the first weights and the order of the batches,
      which is new in every epoch; all schedules of a seed share both, so results can be compared pair by pair.
    - `batch_size`: examples per update; at least 1. The last batch of an epoch may be smaller and is an update too.
    - `epochs`: passes over the training data; at least 1.
    - `hidden`: units of each hidden layer, each at least 1; `()` for none. Biases start at 0.
    - `activation`: of the hidden layers, "relu" or "tanh".
    - `initializer`: of the kernels, "glorot_normal", "glorot_uniform", "he_normal" or "he_uniform".
    - `optimizer`: "sgd", "momentum", "adam", "rmsprop" or "adagrad", with Keras' default settings.
    - `momentum`: for "momentum" only; at least 0 and below 1 (1 excluded).
    - `on_epoch`: called after each epoch with the number of epochs done, from 1 to `epochs`.

    Memory: about 30 MB beyond TensorFlow's own 650, and 0.2 MB for each model of 64-32-10 units (measured with 500).

    ValueError: a rate that is negative or no finite number, a wrong shape or length, no seeds or a seed twice, a count
    below 1, an unknown optimizer, activation or initializer.
    """
    batch_size, epochs = count("batch_size", batch_size), count("epochs", epochs)
    hidden = [count("each width in hidden", width) for width in hidden]
    seeds = _checked_seeds(seeds)
    if activation not in ACTIVATIONS:
        raise ValueError(f"activation must be one of {', '.join(ACTIVATIONS)}; got {activation!r}.")
    rule = optimizers.rule(optimizer, momentum=momentum)
    n_train = len(data.x_train)
    per_epoch = steps_per_epoch(n_train, batch_size=batch_size)
    rates = _checked_rates(rates, epochs, per_epoch)
    n_classes = int(max(np.max(data.y_train), np.max(data.y_test))) + 1
    sizes = (data.x_train.shape[1], *hidden, n_classes)

    first = np.stack([_in_one_row(initial_weights(seed, sizes, initializer)) for seed in seeds])
    shape = (len(seeds), len(rates), first.shape[-1])
    weights = np.broadcast_to(first[:, None], shape)
    memory = tuple(np.full(shape, start, np.float32) for start in rule.memory)
    train, judge = compiled.compiled(sizes, shape, n_train, batch_size, activation, optimizer, momentum)

    tf = _tensorflow.tensorflow()
    train_set = tf.constant(data.x_train, tf.float32), tf.constant(data.y_train, tf.int32)
    test_set = tf.constant(data.x_test, tf.float32), tf.constant(data.y_test, tf.int32)
    weights, memory = tf.constant(weights), tuple(map(tf.constant, memory))
    losses, judged, applied = [], [], []
    for epoch in range(epochs):
        steps = slice(epoch * per_epoch, (epoch + 1) * per_epoch)
        order = np.stack([batch_order(seed, epoch, n_train) for seed in seeds])
        start = tf.constant(steps.start, tf.float32)
        weights, memory, used = train(weights, memory, *train_set, order, rates[:, steps].T, start)
        losses.append(judge(weights, *train_set)[0])
        judged.append(judge(weights, *test_set))
        applied.append(used)
        on_epoch(epoch + 1)

    by_schedule = np.swapaxes(weights.numpy(), 0, 1)
    return Training(
        train_loss=np.stack(losses, axis=-1).swapaxes(0, 1),
        test_loss=np.stack([loss for loss, _ in judged], axis=-1).swapaxes(0, 1),
        test_accuracy=np.stack([accuracy for _, accuracy in judged], axis=-1).swapaxes(0, 1),
        applied=np.concatenate(applied).T,
        weights=tuple(part for layer in compiled.layers(by_schedule, sizes) for part in layer),
        activation=activation,
    )


def batch_order(seed: int, epoch: int, n_examples: int) -> np.ndarray:
    """The order, as int32 indices, in which the models of `seed` see the training examples in `epoch` (from 0)."""
    return np.random.default_rng([seed, epoch]).permutation(n_examples).astype(np.int32)


def initial_weights(seed: int, sizes: Sequence[int], initializer: str = "glorot_uniform") -> list[np.ndarray]:
    """The kernel and bias with which each layer of a model of `seed` starts, drawn by Keras' initializer.

    `sizes` are the widths from the features over the hidden layers to the classes.
    """
    if initializer not in INITIALIZERS:
        raise ValueError(f"initializer must be one of {', '.join(INITIALIZERS)}; got {initializer!r}.")
    keras = _tensorflow.keras()
    draw = getattr(keras.initializers, INITIALIZERS[initializer])
    arrays = []
    for layer, (n_in, n_out) in enumerate(pairwise(sizes)):
        state = np.random.SeedSequence([seed, layer]).generate_state(1)[0]
        kernel = draw(seed=int(state >> 1))((n_in, n_out))
        arrays += [np.asarray(kernel, np.float32), np.zeros(n_out, np.float32)]
    return arrays


def _in_one_row(arrays):
    return np.concatenate([array.ravel() for array in arrays])


def _checked_seeds(seeds):
    seeds = [count("each of seeds", seed, least=0) for seed in seeds]
    if not seeds:
        raise ValueError("seeds must name at least one seed; got none.")
    if len(set(seeds)) < len(seeds):
        raise ValueError(f"seeds must all be different; got {seeds}.")
    return seeds


def _checked_rates(rates, epochs, per_epoch):
    rates = np.asarray(rates, float)
    n_steps = epochs * per_epoch
    if rates.ndim != 2 or rates.shape[1] != n_steps or not len(rates):
        raise ValueError(
            f"rates must have the shape [schedules, {n_steps}], one rate for each update "
            f"({epochs} epochs of {per_epoch}); got {list(rates.shape)}."
        )
    wrong = np.argwhere(~((rates >= 0) & (rates <= np.finfo(np.float32).max)))
    if len(wrong):
        row, step = wrong[0]
        raise ValueError(
            f"a rate must be a finite number of at least 0; got {rates[row, step]} for schedule {row} at step {step}."
        )
    return rates.astype(np.float32)
