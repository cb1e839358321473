"""How sharply a network's loss curves: the steepest direction, found by power iteration."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lrcourse import _tensorflow
from lrcourse._arguments import count

if TYPE_CHECKING:
    import keras


def sharpness(model: keras.Model, x: np.ndarray, y: np.ndarray, *, n_iterations: int = 30, seed: int = 0) -> float:
    """The largest curvature of the loss over `x` and `y`, at the weights that the model has now.

    model: compiled, for its loss. It is not changed.
    x, y: examples and labels; all of them are one batch.
    n_iterations: multiplications by the Hessian, from a random direction. The result grows towards the true value.
    seed: of the first direction.

    It is the largest eigenvalue of the Hessian. On a quadratic, gradient descent diverges where the rate is above
    2 / sharpness (Cohen et al., "Gradient Descent on Neural Networks Typically Occurs at the Edge of Stability", 2021).

    ValueError: a model that is not compiled, fewer than 2 iterations.
    """
    n_iterations = count("n_iterations", n_iterations, least=2)
    if getattr(model, "loss", None) is None:
        raise ValueError("model must be compiled, with its loss; got one that is not.")
    tf = _tensorflow.tensorflow()
    variables = [variable.value for variable in model.trainable_variables]
    x, y = tf.convert_to_tensor(x), tf.convert_to_tensor(y)

    def curved(direction):
        with tf.GradientTape() as outer:
            with tf.GradientTape() as inner:
                loss = tf.reduce_mean(model.compute_loss(x, y, model(x, training=False)))
            slope = inner.gradient(loss, variables)
            along = tf.add_n([tf.reduce_sum(part * towards) for part, towards in zip(slope, direction, strict=True)])
        return outer.gradient(along, variables, unconnected_gradients="zero")

    return _largest(tf.function(curved, autograph=False), variables, n_iterations, seed)


def _largest(times, variables, n_iterations: int, seed: int) -> float:
    """The largest eigenvalue of the symmetric matrix by which `times` multiplies."""
    tf = _tensorflow.tensorflow()
    chance = np.random.RandomState(seed)
    value, shift = 0.0, 0.0
    for _ in range(2):
        direction = [tf.constant(chance.standard_normal(variable.shape), variable.dtype) for variable in variables]
        for _ in range(n_iterations):
            length = tf.linalg.global_norm(direction)
            direction = [part / length for part in direction]
            image = times(direction)
            value = float(tf.add_n([tf.reduce_sum(a * b) for a, b in zip(direction, image, strict=True)]))
            direction = [new - shift * old for new, old in zip(image, direction, strict=True)]
        if value >= 0:
            return value
        # The iteration finds the value that is largest in size. Where that is negative, the largest one is found
        # beside it, with all values moved up by as much.
        shift = value
    return value
