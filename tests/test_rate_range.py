"""The range test: a rising plan that is applied, a loss that explodes, and a network that stays as it is."""

import numpy as np
import pytest

import lrcourse as lr
from lrcourse import _tensorflow
from lrcourse.rate_range import RangeTest

keras = _tensorflow.keras()
X = np.random.RandomState(0).standard_normal((64, 4)).astype("float32")
Y = (X @ [1.0, -2.0, 0.5, 3.0]).astype("float32")[:, None]
BATCHES = [(X[at : at + 8], Y[at : at + 8]) for at in range(0, 64, 8)]


def line(optimizer=None):
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1, kernel_initializer="zeros")])
    model.compile(optimizer or keras.optimizers.SGD(0.1), "mse", metrics=["mae"])
    return model


def test_the_rate_rises_by_one_factor_and_the_loss_is_that_of_the_step():
    result = lr.range_test(line(), BATCHES, lowest=1e-4, highest=1e-2, n_steps=21)
    np.testing.assert_allclose(result.rates, 1e-4 * 100 ** (np.arange(21) / 20), rtol=1e-6)
    # By hand: the gradient of the mean square, batch after batch, the eight of them again and again.
    weights, bias = np.zeros((4, 1)), 0.0
    for step, (rate, loss) in enumerate(zip(result.rates, result.losses, strict=True)):
        x, y = BATCHES[step % 8]
        error = x @ weights + bias - y
        assert loss == pytest.approx((error**2).mean(), rel=1e-4)
        weights, bias = weights - rate * 2 * x.T @ error / 8, bias - rate * 2 * error.mean()


def test_it_stops_where_the_loss_explodes_and_suggests_a_tenth_of_the_rate_at_its_lowest():
    result = lr.range_test(line(), BATCHES, lowest=1e-3, highest=100, n_steps=200)
    assert len(result.rates) == len(result.losses) == len(result.smoothed) < 200
    assert result.diverged_at == result.rates[-1]
    # On a quadratic the rate is too high where it exceeds 2 / curvature, here some tenths.
    assert 0.1 < result.diverged_at < 10
    assert result.smoothed[-1] > 4 * result.smoothed.min()
    assert result.lowest_at == result.rates[result.smoothed.argmin()]
    assert result.suggestion == result.lowest_at / 10
    assert f"First rate to try: {result.suggestion:.2g}." in repr(result)


def test_a_range_that_ends_too_early_says_so():
    result = lr.range_test(line(), BATCHES, lowest=1e-5, highest=1e-3, n_steps=20)
    assert result.diverged_at is None
    assert "did not explode" in repr(result)


def test_the_model_stays_as_it_is():
    for optimizer in (keras.optimizers.SGD(0.1), keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(0.1, 9))):
        model = line(optimizer)
        before = [weight.copy() for weight in model.get_weights()]
        lr.range_test(model, BATCHES, n_steps=20)
        np.testing.assert_array_equal(model.get_weights()[0], before[0])
        assert int(model.optimizer.iterations) == 0
        assert float(np.asarray(model.optimizer.learning_rate)) == pytest.approx(0.1)


def test_a_loss_that_is_no_number_ends_the_test():
    result = RangeTest(np.array([0.1, 0.2, 0.4]), np.array([1.0, 0.5, np.nan]), np.array([1.0, 0.8, np.nan]))
    assert result.diverged_at == 0.4
    assert result.lowest_at == 0.2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"lowest": 0}, "lowest must be a finite number greater than 0; got 0."),
        ({"highest": float("inf")}, "highest must be a finite number greater than 0; got inf."),
        ({"lowest": 1.0, "highest": 0.5}, "highest must be above lowest; got 0.5 and 1.0."),
        ({"n_steps": 19}, "n_steps must be a whole number of at least 20; got 19."),
        ({"batches": []}, r"batches must hold at least one pair \(x, y\); got none."),
        ({"model": keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])}, "model must be compiled"),
    ],
)
def test_what_it_refuses(arguments, said):
    arguments = {"model": line(), "batches": BATCHES, **arguments}
    with pytest.raises(ValueError, match=said):
        lr.range_test(arguments.pop("model"), arguments.pop("batches"), **arguments)


def test_the_figure_and_its_sentence():
    result = lr.range_test(line(), BATCHES, lowest=1e-3, highest=100, n_steps=100)
    drawing = result.plot()
    assert drawing.png().startswith(b"\x89PNG")
    assert drawing.text == f"Training loss of a range test. {result!r}"
    (axes,) = drawing.figure.axes
    assert axes.get_xscale() == "log"
    np.testing.assert_array_equal(axes.lines[0].get_xydata().T, [result.rates, result.losses])
