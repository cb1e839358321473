"""The batched trainer gives the weights that Keras gives, model by model."""

import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest

import lrcourse as lr
from lrcourse import _tensorflow, schedules
from lrcourse.training import many as training
from lrcourse.training import optimizers

# 1190 examples in batches of 48 are 25 updates an epoch, the last of them on 38 examples: 8 epochs are 200 updates.
DATA = lr.digits(noisy=True)
RAGGED = SimpleNamespace(
    x_train=DATA.x_train[:1190], y_train=DATA.y_train[:1190], x_test=DATA.x_test, y_test=DATA.y_test
)
EPOCHS, STEPS = 8, 200
RATE = {"sgd": 0.1, "momentum": 0.02, "adam": 0.003, "rmsprop": 0.001, "adagrad": 0.03}

TINY = SimpleNamespace(
    x_train=DATA.x_train[:20], y_train=DATA.y_train[:20], x_test=DATA.x_test[:30], y_test=DATA.y_test[:30]
)


def tiny(rates, **changes):
    """Two epochs of 20 examples: 3 updates an epoch with batches of 8, the last one of 4."""
    return training.train_many(rates, **{"data": TINY, "seeds": [0, 1], "batch_size": 8, "epochs": 2, **changes})


def keras_optimizer(name, schedule):
    keras = _tensorflow.keras()
    if name == "momentum":
        return keras.optimizers.SGD(schedule, momentum=0.9)
    classes = {"sgd": "SGD", "adam": "Adam", "rmsprop": "RMSprop", "adagrad": "Adagrad"}
    return getattr(keras.optimizers, classes[name])(schedule)


def trained_by_keras(plan, *, optimizer, seed, hidden, activation, initializer):
    """A Keras model that started from the same weights and saw the same batches."""
    model = lr.digits_mlp(hidden, activation=activation)
    model.compile(
        keras_optimizer(optimizer, lr.as_keras(plan, n_steps=STEPS)),
        "sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    model.set_weights(training.initial_weights(seed, (64, *hidden, 10), initializer))
    for epoch in range(EPOCHS):
        order = training.batch_order(seed, epoch, 1190)
        for start in range(0, 1190, 48):
            batch = order[start : start + 48]
            model.train_on_batch(RAGGED.x_train[batch], RAGGED.y_train[batch])
    assert int(model.optimizer.iterations) == STEPS
    return model


@pytest.mark.parametrize(
    ("optimizer", "hidden", "activation", "initializer"),
    [
        *((name, (32,), "relu", "glorot_uniform") for name in optimizers.OPTIMIZERS),
        ("sgd", (), "relu", "glorot_normal"),
        ("sgd", (16, 12), "tanh", "he_normal"),
        ("momentum", (16, 12), "relu", "he_uniform"),
    ],
)
def test_weights_loss_and_accuracy_are_those_of_keras(optimizer, hidden, activation, initializer):
    peak = RATE[optimizer]
    plans = [schedules.constant(peak / 2), schedules.cosine(peak, decay_steps=250, final=peak / 100)]
    rates = np.stack([schedules.rates(plan, STEPS) for plan in plans])
    kind = {"optimizer": optimizer, "hidden": hidden, "activation": activation, "initializer": initializer}
    ours = training.train_many(rates, RAGGED, seeds=[3, 4], batch_size=48, epochs=EPOCHS, **kind)

    model = trained_by_keras(plans[1], seed=4, **kind)
    theirs = model.get_weights()
    assert len(ours.weights) == len(theirs)
    for mine, kerass in zip(ours.weights, theirs, strict=True):
        np.testing.assert_allclose(mine[1, 1], kerass, rtol=0, atol=1e-6)
    loss, _ = model.evaluate(RAGGED.x_train, RAGGED.y_train, verbose=0)
    test_loss, accuracy = model.evaluate(RAGGED.x_test, RAGGED.y_test, verbose=0)
    assert ours.train_loss[1, 1, -1] == pytest.approx(loss, rel=1e-5)
    assert ours.test_loss[1, 1, -1] == pytest.approx(test_loss, rel=1e-5)
    assert ours.test_accuracy[1, 1, -1] == pytest.approx(accuracy, abs=1e-6)


def test_shapes_and_the_rates_that_were_applied():
    rates = np.linspace(0.1, 0.01, 18).reshape(3, 6)
    done = []
    result = tiny(rates, on_epoch=done.append)
    assert done == [1, 2]
    assert result.train_loss.shape == result.test_loss.shape == result.test_accuracy.shape == (3, 2, 2)
    assert result.diverged.shape == (3, 2)
    np.testing.assert_array_equal(result.applied, rates.astype("float32"))
    assert [part.shape for part in result.weights] == [(3, 2, 64, 32), (3, 2, 32), (3, 2, 32, 10), (3, 2, 10)]


def test_schedules_of_a_seed_start_alike_and_see_the_same_batches():
    # Rate 0 leaves the first weights as they are; the last two rows are the same schedule.
    result = tiny(np.array([[0.0] * 6, [0.1] * 6, [0.1] * 6]))
    for layer, part in enumerate(result.weights):
        for position, seed in enumerate([0, 1]):
            np.testing.assert_array_equal(part[0, position], training.initial_weights(seed, (64, 32, 10))[layer])
        np.testing.assert_array_equal(part[1], part[2])
    assert not np.array_equal(result.weights[0][0, 0], result.weights[0][0, 1])


def test_a_seed_gives_the_same_result_whatever_trains_beside_it():
    alone = tiny(np.full((1, 6), 0.1), seeds=[7])
    beside = tiny(np.array([[0.3] * 6, [0.1] * 6]), seeds=[2, 7, 2**40])
    for mine, other in zip(alone.weights, beside.weights, strict=True):
        np.testing.assert_allclose(mine[0, 0], other[1, 1], rtol=0, atol=1e-6)


def test_batches_come_in_another_order_every_epoch_and_seed():
    orders = [training.batch_order(seed, epoch, 20).tolist() for seed in range(3) for epoch in range(3)]
    assert all(sorted(order) == list(range(20)) for order in orders)
    assert len({tuple(order) for order in orders}) == 9


@pytest.mark.parametrize(
    ("initializer", "deviation"),
    [
        ("glorot_uniform", (2 / 364) ** 0.5),
        ("glorot_normal", (2 / 364) ** 0.5),
        ("he_uniform", (2 / 64) ** 0.5),
        ("he_normal", (2 / 64) ** 0.5),
    ],
)
def test_first_weights_have_the_spread_of_their_initializer(initializer, deviation):
    kernel, bias = training.initial_weights(0, (64, 300), initializer)
    assert kernel.std() == pytest.approx(deviation, rel=0.03)
    assert not bias.any()


def test_diverged_models_stay_are_counted_and_harm_no_other():
    calm = np.full((1, 6), 0.1)
    wild = np.full((1, 6), 1e30)
    result = tiny(np.concatenate([calm, wild, calm]))
    assert result.diverged.tolist() == [[False, False], [True, True], [False, False]]
    assert np.isfinite(result.train_loss[[0, 2]]).all()
    for part, alone in zip(result.weights, tiny(calm).weights, strict=True):
        np.testing.assert_allclose(part[2], alone[0], rtol=0, atol=1e-6)
    # NaN outputs count as class 0.
    assert result.test_accuracy[1, :, -1] == pytest.approx((TINY.y_test == 0).mean())


GOOD = np.full((2, 6), 0.1)


@pytest.mark.parametrize(
    ("rates", "changes", "message"),
    [
        (np.full((2, 6), np.nan), {}, "a rate must be a finite number of at least 0; got nan for schedule 0 at step 0"),
        ([[0.1] * 6, [0.1, 0.1, -0.5, 0.1, 0.1, 0.1]], {}, "got -0.5 for schedule 1 at step 2"),
        (np.full((1, 6), 1e39), {}, "got 1e+39"),
        (np.full((2, 4), 0.1), {}, "shape [schedules, 6], one rate for each update (2 epochs of 3); got [2, 4]"),
        (np.full((2, 7), 0.1), {}, "got [2, 7]"),
        (np.full(6, 0.1), {}, "got [6]"),
        (np.empty((0, 6)), {}, "got [0, 6]"),
        (GOOD, {"seeds": []}, "seeds must name at least one seed; got none"),
        (GOOD, {"seeds": [1, 1]}, "seeds must all be different; got [1, 1]"),
        (GOOD, {"seeds": [-1]}, "each of seeds must be a whole number of at least 0; got -1"),
        (GOOD, {"batch_size": 0}, "batch_size must be a whole number of at least 1; got 0"),
        (GOOD, {"epochs": 2.5}, "epochs must be a whole number of at least 1; got 2.5"),
        (GOOD, {"hidden": (32, 0)}, "each width in hidden must be a whole number of at least 1; got 0"),
        (GOOD, {"optimizer": "nadam"}, "optimizer must be one of sgd, momentum, adam, rmsprop, adagrad; got 'nadam'"),
        (GOOD, {"momentum": 1.0}, "momentum must be at least 0 and below 1; got 1.0"),
        (GOOD, {"activation": "gelu"}, "activation must be one of relu, tanh; got 'gelu'"),
        (GOOD, {"initializer": "zeros"}, "initializer must be one of glorot_normal, glorot_uniform"),
    ],
)
def test_bad_input_is_refused_with_rule_and_value(rates, changes, message):
    with pytest.raises(ValueError) as refusal:
        tiny(rates, **changes)
    assert message in str(refusal.value)


def test_stderr_stays_silent_over_many_kinds_of_run():
    # nbgrader counts any text on stderr as an error; TensorFlow warns there of functions traced too often.
    program = """
import numpy as np, lrcourse as lr
from lrcourse.training import many as training
data = lr.digits()
for width in range(1, 9):
    training.train_many(np.full((1, 38), 0.1), data, seeds=[0], batch_size=32, epochs=1, hidden=(width,))
training.train_many(np.full((1, 38), 1e30), data, seeds=[0], batch_size=32, epochs=1)
"""
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
