"""A schedule inside Keras: the rates that an optimizer applies with it, in `fit`, after a save, after a resume."""

import math
import subprocess
import sys

import numpy as np
import pytest

import lrcourse as lr
from lrcourse import _tensorflow
from lrcourse import schedules as s

keras = _tensorflow.keras()

X, Y = np.ones((12, 1), "float32"), np.zeros((12, 1), "float32")  # 3 updates an epoch at batch size 4


def small_model(learning_rate):
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(learning_rate), "mse")
    return model


def fit(model, epochs, callbacks=(), initial_epoch=0):
    recorder = lr.RateRecorder()
    callbacks = [*callbacks, recorder]
    model.fit(X, Y, batch_size=4, epochs=epochs, initial_epoch=initial_epoch, verbose=0, callbacks=callbacks)
    return recorder


def branching(step):
    """What Keras itself refuses in `fit`: a Python `if` on the step."""
    if step < 3:
        return 0.1 * (step + 1) / 3
    return 0.1 / (step - 1)


PLANS = {
    "branches": branching,
    "join": s.join([s.linear_warmup(0.1, warmup_steps=3), s.cosine(0.1, decay_steps=5)], boundaries=[3]),
    "epochs": s.every_epoch(s.halving(0.1, every=1), steps_per_epoch=3),
    "numpy": lambda step: np.float32(0.1) * np.array(0.5) ** step,
    "zero rate": lambda step: 0.0,
}


@pytest.mark.parametrize("schedule", PLANS.values(), ids=PLANS.keys())
def test_the_weight_moves_by_the_planned_rates(schedule):
    applied = lr.applied_rates(lr.as_keras(schedule, n_steps=9), range(9))
    np.testing.assert_allclose(applied, s.rates(schedule, 9), rtol=1e-6)


@pytest.mark.parametrize("schedule", PLANS.values(), ids=PLANS.keys())
def test_fit_applies_the_plan(schedule):
    model = small_model(lr.as_keras(schedule, n_steps=9))
    lr.assert_applied(schedule, fit(model, epochs=3), rtol=1e-6)


def test_the_last_rate_stays():
    applied = lr.applied_rates(lr.as_keras(s.halving(0.1, every=1), n_steps=3), [2, 3, 4, 10**6, 2**31 - 1])
    np.testing.assert_allclose(applied, [0.025] * 5, rtol=1e-6)


@pytest.mark.parametrize("bad, shown", [(math.nan, "nan"), (-0.5, "-0.5"), (math.inf, "inf")])
def test_an_impossible_rate_is_named_with_its_first_step(bad, shown):
    with pytest.raises(ValueError, match=f"finite and at least 0; the schedule gives {shown} at step 4"):
        lr.as_keras(lambda step: bad if step >= 4 else 0.1, n_steps=9)


@pytest.mark.parametrize("n_steps", [0, -1, 2.0, True])
def test_n_steps_is_a_count(n_steps):
    with pytest.raises(ValueError, match="n_steps must be a whole number of at least 1; got"):
        lr.as_keras(s.constant(0.1), n_steps=n_steps)


def test_config_round_trip():
    schedule = lr.as_keras(s.cosine(0.1, decay_steps=5), n_steps=6)
    again = keras.optimizers.schedules.deserialize(keras.optimizers.schedules.serialize(schedule))
    assert type(again) is type(schedule)
    np.testing.assert_array_equal(again.rates, schedule.rates)
    optimizer = keras.optimizers.Adam.from_config(keras.optimizers.Adam(schedule).get_config())
    assert float(optimizer.learning_rate) == pytest.approx(0.1)


def test_save_and_load_goes_on_where_it_was(tmp_path):
    plan = s.halving(0.1, every=2)
    model = small_model(lr.as_keras(plan, n_steps=9))
    first = fit(model, epochs=1)
    model.save(tmp_path / "model.keras")
    second = fit(keras.models.load_model(tmp_path / "model.keras"), initial_epoch=1, epochs=3)
    lr.assert_applied(plan, [*first.rates, *second.rates], rtol=1e-6)


def test_load_in_a_new_process(tmp_path):
    model = small_model(lr.as_keras(s.halving(0.1, every=2), n_steps=9))
    fit(model, epochs=1)
    model.save(tmp_path / "model.keras")
    code = (
        "import sys, lrcourse; lrcourse.register(); import keras;"
        "optimizer = keras.models.load_model(sys.argv[1]).optimizer;"
        "print(int(optimizer.iterations), round(float(optimizer.learning_rate), 6))"
    )
    run = subprocess.run([sys.executable, "-c", code, tmp_path / "model.keras"], capture_output=True, text=True)
    assert (run.stdout, run.stderr) == ("3 0.05\n", "")


def test_per_epoch_sets_the_rate_of_each_epoch():
    recorder = fit(small_model(0.5), epochs=3, callbacks=[lr.per_epoch(s.halving(0.1, every=1))])
    lr.assert_applied([0.1] * 3 + [0.05] * 3 + [0.025] * 3, recorder, rtol=1e-6)


def test_per_epoch_is_right_in_a_second_fit():
    model, callback = small_model(0.1), lr.per_epoch(s.halving(0.1, every=1))
    first, second = fit(model, 2, [callback]), fit(model, 2, [callback])
    np.testing.assert_array_equal(first.rates, second.rates)


def test_per_epoch_is_right_after_a_resume_with_a_fresh_optimizer():
    recorder = fit(small_model(0.1), 4, [lr.per_epoch(s.halving(0.1, every=1))], initial_epoch=2)
    lr.assert_applied([0.025] * 3 + [0.0125] * 3, recorder, rtol=1e-6)


def test_per_epoch_takes_any_number_a_schedule_returns():
    recorder = fit(small_model(0.1), 2, [lr.per_epoch(lambda epoch: 1 if epoch == 0 else np.float32(0.5))])
    lr.assert_applied([1] * 3 + [0.5] * 3, recorder)


def test_per_epoch_names_an_impossible_rate():
    with pytest.raises(ValueError, match="the schedule gives nan at epoch 1"):
        fit(small_model(0.1), 3, [lr.per_epoch(lambda epoch: math.nan if epoch else 0.1)])


def test_per_epoch_shows_the_schedules_own_type_error():
    with pytest.raises(TypeError, match="unsupported operand"):
        fit(small_model(0.1), 1, [lr.per_epoch(lambda epoch: 0.1 / None)])
