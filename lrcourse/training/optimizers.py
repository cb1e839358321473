"""Keras' update rules for many models at once, as pure functions on arrays.

A rule sees all weights of all models as one array [models, weights] and their gradient in the same shape; `rate` is
[models, 1], so every model has its own. The formulas and the hyper-parameters are those of `keras.optimizers` with its
defaults (`momentum` is Keras' `SGD(momentum=...)`); `tests/test_training.py` compares the weights with Keras' own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lrcourse import _tensorflow

OPTIMIZERS = ("sgd", "momentum", "adam", "rmsprop", "adagrad")


@dataclass(frozen=True)
class Rule:
    """One optimizer: what it remembers, and how it moves the weights.

    `memory` holds the start value of each array that the rule keeps between updates. `update` takes
    `(weights, gradient, memory, rate, step)`, where `step` counts updates from 0 (a float tensor), and returns the new
    `(weights, memory)`.
    """

    memory: tuple[float, ...]
    update: Callable[[Any, Any, tuple, Any, Any], tuple[Any, tuple]]


def rule(optimizer: str, *, momentum: float = 0.9) -> Rule:
    """The update rule named `optimizer`, one of `OPTIMIZERS`. Only "momentum" uses `momentum`, from 0 to below 1."""
    if optimizer not in OPTIMIZERS:
        raise ValueError(f"optimizer must be one of {', '.join(OPTIMIZERS)}; got {optimizer!r}.")
    if not 0 <= momentum < 1:
        raise ValueError(f"momentum must be at least 0 and below 1; got {momentum}.")
    if optimizer == "momentum":
        return Rule((0.0,), lambda *state: _momentum(*state, momentum))
    return {
        "sgd": Rule((), _sgd),
        "adam": Rule((0.0, 0.0), _adam),
        "rmsprop": Rule((0.0,), _rmsprop),
        "adagrad": Rule((0.1,), _adagrad),
    }[optimizer]


def _sgd(weights, gradient, memory, rate, step):
    return weights - gradient * rate, memory


def _momentum(weights, gradient, memory, rate, step, momentum):
    velocity = memory[0] * momentum - gradient * rate
    return weights + velocity, (velocity,)


def _adam(weights, gradient, memory, rate, step, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    tf = _tensorflow.tensorflow()
    first, second = memory
    first = first + (gradient - first) * (1 - beta_1)
    second = second + (tf.square(gradient) - second) * (1 - beta_2)
    # Both averages start at 0; this factor makes up for it in the first updates.
    rate = rate * tf.sqrt(1 - beta_2 ** (step + 1)) / (1 - beta_1 ** (step + 1))
    return weights - first * rate / (tf.sqrt(second) + epsilon), (first, second)


def _rmsprop(weights, gradient, memory, rate, step, rho=0.9, epsilon=1e-7):
    tf = _tensorflow.tensorflow()
    second = rho * memory[0] + (1 - rho) * tf.square(gradient)
    return weights - rate * gradient / tf.sqrt(second + epsilon), (second,)


def _adagrad(weights, gradient, memory, rate, step, epsilon=1e-7):
    tf = _tensorflow.tensorflow()
    total = memory[0] + tf.square(gradient)
    return weights - rate * gradient / tf.sqrt(total + epsilon), (total,)
