"""What the recorder and the weight say that an optimizer applied."""

import math
import subprocess
import sys

import numpy as np
import pytest

import lrcourse as lr
from lrcourse import _tensorflow
from lrcourse import schedules as s
from lrcourse.recorder import PlanNotApplied, compare_rates

keras = _tensorflow.keras()

X, Y = np.ones((10, 1), "float32"), np.zeros((10, 1), "float32")  # 3 updates an epoch at batch size 4


def small_model(learning_rate=0.1, optimizer=None, **compile_arguments):
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(optimizer or keras.optimizers.SGD(learning_rate), "mse", **compile_arguments)
    return model


def decay():
    return keras.optimizers.schedules.InverseTimeDecay(0.1, 1, 0.01)


def test_one_rate_an_update_and_the_epochs_marked():
    recorder = lr.RateRecorder()
    small_model(decay()).fit(X, Y, batch_size=4, epochs=3, verbose=0, callbacks=[recorder])
    np.testing.assert_allclose(recorder.rates, [0.1 / (1 + 0.01 * step) for step in range(9)], rtol=1e-6)
    assert recorder.epoch_starts.tolist() == [0, 3, 6]


def test_goes_on_across_several_fits():
    recorder, model = lr.RateRecorder(), small_model(decay())
    for _ in range(2):
        model.fit(X, Y, batch_size=5, epochs=2, verbose=0, callbacks=[recorder])
    lr.assert_applied(s.time_based_decay(0.1, decay=0.01), recorder)
    assert recorder.epoch_starts.tolist() == [0, 2, 4, 6]
    assert len(recorder.rates) == 8


def test_validation_and_evaluation_are_no_updates():
    recorder, model = lr.RateRecorder(), small_model(decay())
    model.fit(X, Y, batch_size=4, epochs=2, validation_data=(X, Y), verbose=0, callbacks=[recorder])
    model.evaluate(X, Y, verbose=0, callbacks=[recorder])
    assert len(recorder.rates) == 6


@pytest.mark.filterwarnings("ignore:Your input ran out of data")  # Keras, at the end of the first epoch
def test_data_of_unknown_length_adds_no_rate_at_its_end():
    import tensorflow as tf

    data = tf.data.Dataset.from_tensor_slices((X, Y)).filter(lambda x, y: True).batch(4)
    recorder, model = lr.RateRecorder(), small_model(decay())
    model.fit(data, epochs=2, shuffle=False, verbose=0, callbacks=[recorder])
    # At the end Keras begins a batch that does not exist and counts it in `iterations`, but no weight moves.
    assert len(recorder.rates) == 6
    assert recorder.epoch_starts.tolist() == [0, 3]


def test_sees_what_another_callback_sets():
    recorder = lr.RateRecorder()
    callbacks = [lr.per_epoch(s.halving(0.1, every=1)), recorder]
    small_model(0.7).fit(X, Y, batch_size=4, epochs=2, verbose=0, callbacks=callbacks)
    np.testing.assert_allclose(recorder.rates, [0.1] * 3 + [0.05] * 3, rtol=1e-6)


def test_several_updates_in_one_execution_are_refused_before_training():
    model, recorder = small_model(steps_per_execution=2), lr.RateRecorder()
    with pytest.raises(ValueError, match=r"needs steps_per_execution=1 in compile.*got 2"):
        model.fit(X, Y, batch_size=4, epochs=1, verbose=0, callbacks=[recorder])
    assert len(recorder.rates) == int(model.optimizer.iterations) == 0


def test_gradient_accumulation_is_refused_before_training():
    model = small_model(optimizer=keras.optimizers.SGD(0.1, gradient_accumulation_steps=2))
    with pytest.raises(ValueError, match=r"without gradient accumulation.*got gradient_accumulation_steps=2"):
        model.fit(X, Y, batch_size=4, epochs=1, verbose=0, callbacks=[lr.RateRecorder()])


def test_two_updates_in_one_batch_are_refused():
    class Twice(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = keras.layers.Dense(1)

        def call(self, x):
            return self.dense(x)

        def train_step(self, data):
            super().train_step(data)
            return super().train_step(data)

    model = Twice()
    model.compile(keras.optimizers.SGD(0.1), "mse")
    with pytest.raises(ValueError, match="at most one optimizer update a batch; batch 0 made 2"):
        model.fit(X, Y, batch_size=4, epochs=1, verbose=0, callbacks=[lr.RateRecorder()])


def test_an_update_skipped_for_overflow_applied_no_rate():
    huge = np.array([[1e30], [1.0], [1.0]], "float32")
    model = small_model(optimizer=keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(decay()), initial_scale=1.0))
    recorder = lr.RateRecorder()
    model.fit(huge, huge, batch_size=1, epochs=1, shuffle=False, verbose=0, callbacks=[recorder])
    assert len(recorder.rates) == int(model.optimizer.iterations) == 2


def test_equal_rates_pass_in_float32():
    plan = s.exponential_decay(0.1, decay_steps=10, decay_rate=0.96)
    assert lr.assert_applied(plan, np.float32(s.rates(plan, 2000))) is None
    assert repr(compare_rates(plan, s.rates(plan, 450))) == "planned = applied at all 450 updates"
    assert compare_rates([0.1, 0.0], [0.1, 0.0]).agree


@pytest.mark.parametrize(
    "planned, applied, message",
    [
        (
            s.halving(0.1, every=2),
            [0.1, 0.05, 0.05],
            "planned and applied differ first at step 1: planned 0.1, applied 0.05 (1 of 3 updates differ).",
        ),
        (
            s.constant(0.1),
            [0.1, 0.2, 0.3],
            "planned and applied differ first at step 1: planned 0.1, applied 0.2 (2 of 3 updates differ).",
        ),
        ([0.1, 0.1], [0.1], "2 rates were planned and 1 applied."),
        (
            [0.1, 0.1],
            [0.2, 0.1, 0.1],
            "2 rates were planned and 3 applied; "
            "planned and applied differ first at step 0: planned 0.1, applied 0.2 (1 of 2 updates differ).",
        ),
        (
            [0.1, 0.1],
            [0.1, math.nan],
            "planned and applied differ first at step 1: planned 0.1, applied nan (1 of 2 updates differ).",
        ),
    ],
)
def test_a_difference_is_named(planned, applied, message):
    with pytest.raises(PlanNotApplied) as error:
        lr.assert_applied(planned, applied)
    assert str(error.value) == message
    assert isinstance(error.value, AssertionError)
    assert not compare_rates(planned, applied).agree


def test_the_tolerance_is_what_it_says():
    assert not compare_rates([0.1], [0.1 * (1 + 2e-5)]).agree
    assert compare_rates([0.1], [0.1 * (1 + 2e-5)], rtol=1e-4).agree
    assert not compare_rates([0.1], [0.1 * (1 + 2e-6)], rtol=1e-6).agree


@pytest.mark.parametrize(
    "applied, message", [([], "at least one rate; got none"), ([[0.1]], r"one row of rates; got shape \(1, 1\)")]
)
def test_nothing_to_compare_is_refused(applied, message):
    with pytest.raises(ValueError, match=message):
        compare_rates(s.constant(0.1), applied)


def test_the_weight_is_a_rate_meter():
    np.testing.assert_allclose(lr.applied_rates(0.1, [0, 5]), [0.1, 0.1], rtol=1e-6)
    applied = lr.applied_rates(decay(), [100, 0, 100, np.int64(10**9)])
    np.testing.assert_allclose(applied, [0.05, 0.1, 0.05, 0.1 / (1 + 1e7)], rtol=1e-6)
    assert all(type(rate) is float for rate in applied)


def test_the_rate_meter_agrees_with_fit():
    recorder = lr.RateRecorder()
    small_model(decay()).fit(X, Y, batch_size=1, epochs=5, verbose=0, callbacks=[recorder])
    lr.assert_applied(lr.applied_rates(decay(), range(50)), recorder, rtol=1e-6)


def test_the_rate_meter_fails_where_fit_fails():
    class Branching(keras.optimizers.schedules.LearningRateSchedule):
        def __call__(self, step):
            return 0.1 if step < 3 else 0.01

    # Two different exceptions for the same trap: `fit` rewrites the traceback, and with it the type.
    with pytest.raises(Exception, match=r"tf\.Tensor"):
        lr.applied_rates(Branching(), [0])
    with pytest.raises(Exception, match=r"tf\.Tensor"):
        small_model(Branching()).fit(X, Y, verbose=0)


def test_what_keras_refuses_comes_through():
    with pytest.raises(ValueError, match="Argument `learning_rate` should be float"):
        lr.applied_rates("fast", [0])
    with pytest.raises(TypeError):
        lr.applied_rates(lambda step: 0.1, [0])  # Keras calls a plain function without a step
    with pytest.raises(ValueError, match="each of steps must be a whole number of at least 0; got -1"):
        lr.applied_rates(0.1, [0, -1])


def test_comparing_needs_no_tensorflow():
    code = (
        "import sys, lrcourse as lr; lr.assert_applied(lr.schedules.constant(0.1), [0.1]);"
        "sys.exit('tensorflow' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
