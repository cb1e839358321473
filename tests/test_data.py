"""The bundled digits, and the order in which `fit` sees them."""

import hashlib

import numpy as np
import pytest

import lrcourse as lr
from lrcourse import _tensorflow

keras = _tensorflow.keras()


@pytest.mark.parametrize("noisy", [False, True])
def test_shapes_and_types(noisy):
    data = lr.digits(noisy=noisy)
    assert [part.shape for part in data] == [(1200, 64), (1200,), (597, 64), (597,)]
    assert [part.dtype for part in data] == ["float32", "int32", "float32", "int32"]
    assert set(data.y_train) == set(data.y_test) == set(range(10))


def test_every_image_is_in_exactly_one_part():
    from sklearn.datasets import load_digits

    data, (x, y) = lr.digits(), load_digits(return_X_y=True)
    ours = np.column_stack([np.vstack([data.x_train, data.x_test]) * 16, np.hstack([data.y_train, data.y_test])])
    assert sorted(map(tuple, ours)) == sorted(map(tuple, np.column_stack([x, y])))
    assert (data.x_train.min(), data.x_train.max()) == (0, 1)


def test_the_split_never_changes():
    """The lessons' numbers rest on it; a change here means that their thresholds must be measured again."""
    clean, noisy = lr.digits(), lr.digits(noisy=True)
    labels = np.hstack([clean.y_train, clean.y_test, noisy.y_train, noisy.y_test]).astype("uint8")
    assert hashlib.sha256(labels.tobytes()).hexdigest()[:16] == "7dc0165da9337b23"


def test_noisy_labels_are_wrong_and_only_in_the_training_set():
    clean, noisy = lr.digits(), lr.digits(noisy=True)
    assert (clean.y_train != noisy.y_train).sum() == 240
    np.testing.assert_array_equal(clean.y_test, noisy.y_test)


def test_noisy_pixels_are_standardised_with_the_training_set_and_clipped():
    clean, noisy = lr.digits(), lr.digits(noisy=True)
    assert np.abs(noisy.x_train).max() == np.abs(noisy.x_test).max() == 5
    pixel = 36  # in the middle of the image, where nothing is clipped
    mean, deviation = clean.x_train[:, pixel].mean(), clean.x_train[:, pixel].std()
    np.testing.assert_allclose(
        noisy.x_train[:, pixel], (clean.x_train[:, pixel] - mean) / deviation, rtol=1e-4, atol=1e-5
    )
    np.testing.assert_allclose(
        noisy.x_test[:, pixel], (clean.x_test[:, pixel] - mean) / deviation, rtol=1e-4, atol=1e-5
    )


def orders(dataset, epochs=3):
    return [np.concatenate([y.numpy() for _, y in dataset]).tolist() for _ in range(epochs)]


def some_batches(seed):
    return lr.batches(np.arange(40.0), np.arange(40), batch_size=16, seed=seed)


def test_batches_come_in_another_order_every_epoch():
    first, second, third = orders(some_batches(seed=0))
    assert first != second != third != first
    assert sorted(first) == sorted(second) == sorted(third) == list(range(40))
    assert [len(y) for _, y in some_batches(seed=0)] == [16, 16, 8]


def test_batches_repeat_for_the_same_seed():
    lr.set_seed(1)
    first, other = orders(some_batches(seed=0)), orders(some_batches(seed=1))
    lr.set_seed(1)
    again = orders(some_batches(seed=0))
    assert first == again
    assert first != other


def order_in_fit(*data, **arguments):
    """What `fit` really feeds to the model, epoch by epoch."""
    seen = []

    class Watch(keras.layers.Layer):
        def call(self, x, training=False):
            if training:
                seen.extend(np.ravel(x).tolist())
            return x

    model = keras.Sequential([keras.Input((1,)), Watch(), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.0), "mse", run_eagerly=True)
    model.fit(*data, epochs=3, verbose=0, **arguments)
    n = len(seen) // 3
    return [seen[i * n : (i + 1) * n] for i in range(3)]


def test_fit_sees_another_order_every_epoch():
    x = np.arange(40.0, dtype="float32")[:, None]
    lr.set_seed(0)
    first, second, third = order_in_fit(lr.batches(x, x, batch_size=8, seed=0), shuffle=False)
    assert sorted(first) == sorted(second) == sorted(third) == np.ravel(x).tolist()
    assert first != second != third != first


def test_the_sets_must_match():
    with pytest.raises(ValueError, match="same number of rows; got 3 and 2"):
        lr.batches(np.zeros(3), np.zeros(2), batch_size=1, seed=0)


@pytest.mark.parametrize("arguments", [{"batch_size": 0, "seed": 0}, {"batch_size": 8, "seed": -1}])
def test_counts_are_checked(arguments):
    with pytest.raises(ValueError, match="must be a whole number of at least"):
        lr.batches(np.zeros(3), np.zeros(3), **arguments)


def test_seeds_make_a_training_repeatable():
    def weights():
        lr.set_seed(3)
        model, data = lr.digits_mlp(), lr.digits()
        model.compile(keras.optimizers.SGD(0.1), "sparse_categorical_crossentropy")
        batches = lr.batches(data.x_train[:64], data.y_train[:64], batch_size=16, seed=3)
        model.fit(batches, epochs=2, shuffle=False, verbose=0)
        return np.concatenate([np.ravel(w) for w in model.get_weights()])

    np.testing.assert_array_equal(weights(), weights())


def test_the_small_network():
    assert lr.digits_mlp().count_params() == 64 * 32 + 32 + 32 * 10 + 10
    model = lr.digits_mlp((16, 16), activation="tanh", initializer="he_normal")
    assert [layer.units for layer in model.layers] == [16, 16, 10]
    np.testing.assert_allclose(np.sum(model(np.zeros((2, 64)))), 2, rtol=1e-6)
