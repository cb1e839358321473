"""MNIST-1D as it comes, and the test set cut in two."""

import random

import numpy as np
import pytest

import lrcourse as lr


@pytest.fixture(scope="module")
def signals():
    return lr.mnist1d()


def test_shapes_types_and_classes(signals):
    assert [part.shape for part in signals] == [(2000, 40), (2000,), (2000, 40), (2000,)]
    assert [part.dtype for part in signals] == ["float32", "int32", "float32", "int32"]
    assert set(signals.y_train) == set(signals.y_test) == set(range(10))


def test_no_signal_is_in_both_sets(signals):
    rows = {row.tobytes() for part in (signals.x_train, signals.x_test) for row in part}
    assert len(rows) == 4000


def test_it_is_the_same_every_time_and_leaves_the_callers_random_numbers_alone(signals):
    random.seed(7)
    np.random.seed(7)
    wanted = random.random(), np.random.rand()
    random.seed(7)
    np.random.seed(7)
    again = lr.mnist1d()
    assert (random.random(), np.random.rand()) == wanted
    for one, other in zip(signals, again, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("which", ["digits", "mnist1d"])
def test_tuning_and_test_share_no_example_but_the_training_set(which, signals):
    data = {"digits": lr.digits(), "mnist1d": signals}[which]
    tuning, test = lr.tuning_and_test(data)
    np.testing.assert_array_equal(tuning.x_train, test.x_train)
    np.testing.assert_array_equal(tuning.y_train, data.y_train)
    assert abs(len(tuning.x_test) - len(test.x_test)) <= 1
    back = np.empty_like(data.x_test)
    back[0::2], back[1::2] = tuning.x_test, test.x_test
    np.testing.assert_array_equal(back, data.x_test)
    assert len(tuning.y_test) == len(tuning.x_test) and len(test.y_test) == len(test.x_test)
