"""Sharpness is the largest eigenvalue of the Hessian, held against the whole matrix of a tiny model."""

import numpy as np
import pytest

import lrcourse as lr
from lrcourse import _tensorflow

keras = _tensorflow.keras()
tf = _tensorflow.tensorflow()


def tiny(seed):
    """Two tanh units and a loss that is no quadratic: 9 weights."""
    lr.set_seed(seed)
    layers = [keras.layers.Dense(2, "tanh"), keras.layers.Dense(1)]
    model = keras.Sequential([keras.Input((2,)), *layers])
    model.compile("sgd", "mse")
    return model


def exact(model, x, y):
    """All eigenvalues of the Hessian, made entry by entry."""
    variables = [variable.value for variable in model.trainable_variables]
    with tf.GradientTape(persistent=True) as outer:
        with tf.GradientTape() as inner:
            loss = tf.reduce_mean((model(x) - y) ** 2)
        flat = tf.concat([tf.reshape(part, [-1]) for part in inner.gradient(loss, variables)], 0)
        entries = [flat[i] for i in range(flat.shape[0])]
    rows = []
    for entry in entries:
        parts = outer.gradient(entry, variables, unconnected_gradients="zero")
        rows.append(np.concatenate([np.ravel(part) for part in parts]))
    return np.linalg.eigvalsh(np.array(rows, float))


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_it_is_the_largest_eigenvalue_of_the_hessian(seed):
    model, chance = tiny(seed), np.random.RandomState(seed)
    x, y = chance.standard_normal((20, 2)).astype("float32"), chance.standard_normal((20, 1)).astype("float32")
    before = model.get_weights()
    assert lr.sharpness(model, x, y, n_iterations=200) == pytest.approx(exact(model, x, y)[-1], rel=1e-3)
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_where_a_negative_value_is_the_largest_in_size_the_largest_is_still_found():
    # One bent unit with a large error: the loss curves down in one direction and not at all in the other.
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, "tanh")])
    model.compile("sgd", "mse")
    x, y = np.ones((1, 1), "float32"), np.full((1, 1), -9.0, "float32")
    model.set_weights([np.full((1, 1), 0.4, "float32"), np.zeros(1, "float32")])
    values = exact(model, x, y)
    assert abs(values[0]) > abs(values[-1])
    assert lr.sharpness(model, x, y, n_iterations=100) == pytest.approx(values[-1], abs=1e-3 * abs(values[0]))


def test_on_a_quadratic_two_over_it_is_the_rate_that_diverges():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, use_bias=False)])
    model.compile("sgd", "mse")
    x, y = np.diag([3.0, 1.0]).astype("float32"), np.zeros((2, 1), "float32")
    limit = 2 / lr.sharpness(model, x, y)
    for rate, shrinks in [(0.98 * limit, True), (1.02 * limit, False)]:
        weights = np.ones(2)
        for _ in range(200):
            weights -= rate * x.T @ (x @ weights)  # the gradient of the mean of two squares
        assert (np.abs(weights).max() < 1) == shrinks


def test_what_it_refuses():
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    with pytest.raises(ValueError, match="model must be compiled, with its loss; got one that is not"):
        lr.sharpness(model, np.ones((1, 1)), np.ones((1, 1)))
    with pytest.raises(ValueError, match="n_iterations must be a whole number of at least 2; got 1"):
        lr.sharpness(tiny(0), np.ones((1, 2)), np.ones((1, 1)), n_iterations=1)
