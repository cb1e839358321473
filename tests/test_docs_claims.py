"""What the lessons say about Keras, checked against the installed Keras, so that the course fails and not a student.

Each test names the lesson that states its claim. They prove Keras' behaviour, so they use no schedule of ours.
"""

import doctest
import re
import textwrap
import warnings

import numpy as np
import pytest

import lrcourse as lr
from lrcourse import _tensorflow
from lrcourse.libraries import STEPS, rows

keras, tf = _tensorflow.keras(), _tensorflow.tensorflow()

k = keras.optimizers.schedules
X, Y = np.ones((12, 1), "float32"), np.zeros((12, 1), "float32")  # 3 updates an epoch at batch size 4


def model(optimizer, **compile_arguments):
    made = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    made.compile(optimizer, "mse", **compile_arguments)
    return made


def fit(made, epochs=1, callbacks=(), **arguments):
    arguments = {"batch_size": 4, "verbose": 0, **arguments}
    return made.fit(X, Y, epochs=epochs, callbacks=list(callbacks), **arguments)


def recorded(made, epochs=1, callbacks=(), **arguments):
    recorder = lr.RateRecorder()
    fit(made, epochs, [*callbacks, recorder], **arguments)
    return recorder.rates


def per_epoch_rates(made, epochs, callbacks, **arguments):
    return recorded(made, epochs, callbacks, batch_size=len(X), **arguments)  # one update an epoch


class Spy(keras.callbacks.Callback):
    """The learning rate that Keras shows at the begin and at the end of each batch, and how often it is called."""

    def __init__(self):
        super().__init__()
        self.begins, self.ends = [], []

    def on_train_batch_begin(self, batch, logs=None):
        self.begins.append(float(self.model.optimizer.learning_rate))

    def on_train_batch_end(self, batch, logs=None):
        self.ends.append(float(self.model.optimizer.learning_rate))


def same(got, expected, rtol=1e-6):
    np.testing.assert_allclose(got, expected, rtol=rtol)


# Lesson 00, "Look closer": what is recorded, and when


def test_lesson_00_the_first_update_uses_step_0_and_batch_end_shows_the_next_rate():
    spy = Spy()
    fit(model(keras.optimizers.SGD(k.InverseTimeDecay(0.1, 1, 0.01))), callbacks=[spy])
    rates = [0.1 / (1 + 0.01 * step) for step in range(4)]
    same(spy.begins, rates[:3])
    same(spy.ends, rates[1:])


def test_lesson_00_history_has_the_rate_only_with_a_callback_that_sets_it():
    assert "learning_rate" not in fit(model(keras.optimizers.SGD(k.InverseTimeDecay(0.1, 1, 0.01)))).history
    assert "learning_rate" not in fit(model(keras.optimizers.SGD(0.1))).history
    scheduler = keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate)
    assert "learning_rate" in fit(model(keras.optimizers.SGD(0.1)), callbacks=[scheduler]).history
    plateau = keras.callbacks.ReduceLROnPlateau(monitor="loss")
    assert "learning_rate" in fit(model(keras.optimizers.SGD(0.1)), callbacks=[plateau]).history


def test_lesson_00_a_rate_is_float32():
    rate = float(keras.optimizers.SGD(0.1).learning_rate)
    assert rate != 0.1
    assert f"{rate:.11f}" == "0.10000000149"
    same(rate, 0.1)


@pytest.mark.parametrize("name", ["SGD", "Adam"])
def test_lesson_00_under_a_constant_gradient_of_1_the_weight_moves_by_the_rate(name):
    warmup = k.PolynomialDecay(0.025, 3, end_learning_rate=0.1)  # rises in equal parts: 0.025, 0.05, 0.075, 0.1, 0.1
    optimizer = getattr(keras.optimizers, name)(warmup)
    weight = keras.Variable(0.0)
    positions = [0.0]
    for _ in range(5):
        optimizer.apply([tf.ones(())], [weight])
        positions.append(float(weight))
    # Adam adds a small number, epsilon, where it divides: its meter is right to about one part in 100 000.
    same(-np.diff(positions), [0.025, 0.05, 0.075, 0.1, 0.1], rtol=1e-5 if name == "SGD" else 5e-5)


def test_lesson_00_setting_lr_does_nothing():
    optimizer = keras.optimizers.SGD(0.1)
    optimizer.lr = 0.5
    same(float(optimizer.learning_rate), 0.1)


def test_lesson_00_steps_per_execution_keeps_the_schedule_and_thins_the_callbacks():
    spy, schedule = Spy(), k.InverseTimeDecay(0.1, 1, 0.01)
    grouped = model(keras.optimizers.SGD(schedule), steps_per_execution=3)
    single = model(keras.optimizers.SGD(schedule))
    single.set_weights(grouped.get_weights())
    fit(grouped, epochs=2, callbacks=[spy])
    fit(single, epochs=2)
    assert len(spy.begins) == 2 and int(grouped.optimizer.iterations) == 6
    for one, other in zip(grouped.get_weights(), single.get_weights(), strict=True):
        same(one, other)


def test_lesson_00_gradient_accumulation_moves_the_schedule_on_every_batch():
    optimizer = keras.optimizers.SGD(k.InverseTimeDecay(0.1, 1, 0.01), gradient_accumulation_steps=2)
    spy = Spy()
    made = model(optimizer)
    fit(made, epochs=2, callbacks=[spy])
    same(spy.begins, [0.1 / (1 + 0.01 * batch) for batch in range(6)])
    assert int(optimizer.iterations) == 3


# Lesson 00, "Run": the order of the batches


class Watch(keras.layers.Layer):
    """Passes its input on, and remembers it."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def call(self, x, training=False):
        if training:
            self.seen.extend(np.ravel(x).tolist())
        return x


def orders_in_fit(*data, epochs=3, **arguments):
    watch = Watch()
    made = keras.Sequential([keras.Input((1,)), watch, keras.layers.Dense(1)])
    made.compile(keras.optimizers.SGD(0.0), "mse", run_eagerly=True)
    made.fit(*data, epochs=epochs, verbose=0, **arguments)
    return np.reshape(watch.seen, (epochs, -1)).tolist()


def test_lesson_00_after_set_random_seed_fit_on_numpy_repeats_one_order():
    x = np.arange(40, dtype="float32")[:, None]
    keras.utils.set_random_seed(0)
    first, second, third = orders_in_fit(x, x, batch_size=8)
    assert first == second == third
    assert first != np.ravel(x).tolist()  # it is shuffled: once


def test_lesson_00_a_dataset_with_its_own_seed_has_another_order_every_epoch():
    x = np.arange(40, dtype="float32")[:, None]
    keras.utils.set_random_seed(0)
    data = tf.data.Dataset.from_tensor_slices((x, x)).shuffle(40, seed=0, reshuffle_each_iteration=True).batch(8)
    first, second, third = orders_in_fit(data, shuffle=False)
    assert first != second != third != first


def test_lesson_00_fit_on_a_dataset_warns_unless_shuffle_is_false():
    data = tf.data.Dataset.from_tensor_slices((X, Y)).batch(4)
    made = model(keras.optimizers.SGD(0.1))
    with pytest.warns(UserWarning, match="`shuffle=True` was passed, but will be ignored"):
        made.fit(data, verbose=0)
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="`shuffle")
        made.fit(data, shuffle=False, verbose=0)


# Lesson 02, time-based decay


def test_lesson_02_sgd_takes_no_lr():
    with pytest.raises(ValueError, match="lr"):
        keras.optimizers.SGD(lr=0.1)


def test_lesson_02_sgd_takes_decay_warns_and_ignores_it():
    with pytest.warns(UserWarning, match="decay"):
        optimizer = keras.optimizers.SGD(learning_rate=0.1, decay=0.01)
    same(recorded(model(optimizer), epochs=3), [0.1] * 9)


def test_lesson_02_legacy_optimizers_are_gone():
    with pytest.raises(ImportError, match="legacy"):
        keras.optimizers.legacy.SGD(0.1)


def test_lesson_02_inverse_time_decay_per_update_and_per_epoch():
    steps = [0, 1, 2, 1874, 1875, 3750]
    per_update = k.InverseTimeDecay(0.1, decay_steps=1, decay_rate=0.01)
    per_epoch = k.InverseTimeDecay(0.1, decay_steps=1875, decay_rate=0.01, staircase=True)
    same(lr.applied_rates(per_update, steps), [0.1 / (1 + 0.01 * step) for step in steps])
    same(lr.applied_rates(per_epoch, steps), [0.1 / (1 + 0.01 * (step // 1875)) for step in steps])


def test_lesson_02_the_two_readings_after_one_epoch_of_1875_steps():
    per_update = k.InverseTimeDecay(0.1, decay_steps=1, decay_rate=0.01)
    per_epoch = k.InverseTimeDecay(0.1, decay_steps=1875, decay_rate=0.01, staircase=True)
    after = [round(lr.applied_rates(schedule, [1875])[0], 4) for schedule in (per_update, per_epoch)]
    assert after == [0.0051, 0.0990]


# Lesson 03, exponential decay


def test_lesson_03_the_example_in_keras_has_a_base_of_0_96_every_100000_steps():
    said = " ".join(k.ExponentialDecay.__doc__.split())
    assert "decay every 100000 steps with a base of 0.96" in said


@pytest.mark.parametrize("steps_per_epoch, epochs, shown", [(45, 20, "0.00254"), (1875, 1, "4.8e-05")])
def test_lesson_03_decay_steps_counts_updates(steps_per_epoch, epochs, shown):
    schedule = k.ExponentialDecay(initial_learning_rate=0.1, decay_steps=10, decay_rate=0.96, staircase=True)
    (rate,) = lr.applied_rates(schedule, [steps_per_epoch * epochs])
    assert f"{rate:.{3 if epochs == 20 else 2}g}" == shown


def test_lesson_03_the_per_epoch_reading_multiplies_decay_steps():
    schedule = k.ExponentialDecay(0.1, decay_steps=10 * 45, decay_rate=0.96, staircase=True)
    same(lr.applied_rates(schedule, [0, 449, 450, 900]), [0.1, 0.1, 0.096, 0.09216])


def test_lesson_03_staircase_holds_the_rate_between_drops():
    stairs = lr.applied_rates(k.ExponentialDecay(0.1, 10, 0.96, staircase=True), [0, 5, 9, 10])
    smooth = lr.applied_rates(k.ExponentialDecay(0.1, 10, 0.96), [0, 5, 9, 10])
    same(stairs, [0.1, 0.1, 0.1, 0.096])
    same(smooth, [0.1 * 0.96 ** (step / 10) for step in (0, 5, 9, 10)])


def test_lesson_03_the_last_smaller_batch_is_an_update():
    optimizer = keras.optimizers.SGD(0.1)
    made = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    made.compile(optimizer, "mse")
    made.fit(np.ones((10, 1)), np.zeros((10, 1)), batch_size=4, epochs=2, verbose=0)
    assert int(optimizer.iterations) == 6


def test_lesson_03_piecewise_changes_after_the_boundary():
    same(
        lr.applied_rates(k.PiecewiseConstantDecay([10, 20], [1.0, 0.1, 0.01]), [9, 10, 11, 20, 21]),
        [1, 1, 0.1, 0.1, 0.01],
    )


def test_lesson_03_piecewise_does_not_check_the_order_of_its_boundaries():
    same(float(k.PiecewiseConstantDecay([20, 10], [1.0, 0.1, 0.01])(15)), 1.01)


def test_lesson_03_boundaries_beyond_the_run_never_change_the_rate():
    schedule = k.PiecewiseConstantDecay([100, 200], [0.1, 0.05, 0.01])
    same(recorded(model(keras.optimizers.SGD(schedule)), epochs=5), [0.1] * 15)


# Lesson 04, custom decay


def original_lesson(epoch, rate):
    return rate * 0.5 if epoch % 10 == 0 and epoch > 0 else rate


def epoch_alone(epoch, rate):
    return 0.1 * 0.5 ** (epoch // 10)


def scheduler(function):
    return keras.callbacks.LearningRateScheduler(function)


def test_lesson_04_halving_the_current_rate_works_in_one_clean_run():
    clean = per_epoch_rates(model(keras.optimizers.SGD(0.1)), 25, [scheduler(original_lesson)])
    same(clean, [0.1] * 10 + [0.05] * 10 + [0.025] * 5)
    same(per_epoch_rates(model(keras.optimizers.SGD(0.1)), 25, [scheduler(epoch_alone)]), clean)


def test_lesson_04_halving_the_current_rate_breaks_on_resume_with_a_fresh_optimizer():
    resumed = per_epoch_rates(model(keras.optimizers.SGD(0.1)), 22, [scheduler(original_lesson)], initial_epoch=15)
    same(resumed, [0.1] * 5 + [0.05] * 2)  # the plan: 0.05, then 0.025
    right = per_epoch_rates(model(keras.optimizers.SGD(0.1)), 22, [scheduler(epoch_alone)], initial_epoch=15)
    same(right, [0.05] * 5 + [0.025] * 2)


def test_lesson_04_halving_the_current_rate_breaks_in_a_second_fit():
    made = model(keras.optimizers.SGD(0.1))
    fit(made, 11, [scheduler(original_lesson)])
    same(per_epoch_rates(made, 2, [scheduler(original_lesson)]), [0.05, 0.05])
    same(per_epoch_rates(made, 2, [scheduler(epoch_alone)]), [0.1, 0.1])


def test_lesson_04_a_stateful_scheduler_that_was_plotted_first_starts_too_low():
    class Halve:
        rate = 0.5

        def __call__(self, epoch, current):
            used, self.rate = self.rate, self.rate * 0.5
            return used

    halve = Halve()
    plotted = [halve(epoch, None) for epoch in range(2)]
    applied = per_epoch_rates(model(keras.optimizers.SGD(0.1)), 2, [scheduler(halve)])
    assert plotted == [0.5, 0.25]
    same(applied, [0.125, 0.0625])


NOT_SETTABLE = "its learning rate is not settable"


def test_lesson_04_an_optimizer_with_a_schedule_refuses_another_rate():
    def scheduled():
        return keras.optimizers.SGD(k.InverseTimeDecay(0.1, 1, 0.01))

    with pytest.raises(TypeError, match=NOT_SETTABLE):
        scheduled().learning_rate = 0.5
    with pytest.raises(TypeError, match=NOT_SETTABLE):
        fit(model(scheduled()), 1, [scheduler(epoch_alone)])


def test_lesson_04_reduce_on_plateau_fails_only_when_the_plateau_comes():
    epochs = []
    watch = keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: epochs.append(epoch))
    plateau = keras.callbacks.ReduceLROnPlateau(monitor="loss", patience=2, min_delta=1e9)
    with pytest.raises(TypeError, match=NOT_SETTABLE):
        fit(model(keras.optimizers.SGD(k.InverseTimeDecay(0.1, 1, 0.01))), 9, [watch, plateau])
    assert epochs == [0, 1, 2]


def test_lesson_04_a_scheduler_overwrites_what_the_plateau_reduced():
    plateau = keras.callbacks.ReduceLROnPlateau(monitor="loss", patience=1, min_delta=1e9, factor=0.1)
    alone = per_epoch_rates(model(keras.optimizers.SGD(0.1)), 4, [plateau])
    same(alone, [0.1, 0.1, 0.01, 0.001])
    plateau = keras.callbacks.ReduceLROnPlateau(monitor="loss", patience=1, min_delta=1e9, factor=0.1)
    both = per_epoch_rates(model(keras.optimizers.SGD(0.1)), 4, [scheduler(lambda epoch, rate: 0.1), plateau])
    same(both, [0.1] * 4)


@pytest.mark.parametrize("answer", [1, None, tf.constant(0.1)], ids=["int", "None", "tensor"])
def test_lesson_04_a_scheduler_must_return_a_float(answer):
    with pytest.raises(ValueError, match="should be a float"):
        fit(model(keras.optimizers.SGD(0.1)), 1, [scheduler(lambda epoch, rate: answer)])


def test_lesson_04_a_type_error_inside_a_scheduler_is_hidden_by_a_misleading_one():
    def broken(epoch, rate):
        return rate / None

    with pytest.raises(TypeError, match=r"missing 1 required positional argument: 'rate'"):
        fit(model(keras.optimizers.SGD(0.1)), 1, [scheduler(broken)])


def custom_schedule(rule):
    class Custom(k.LearningRateSchedule):
        def __call__(self, step):
            return rule(step)

    return Custom()


def test_lesson_04_a_python_if_on_the_step_fails_in_fit():
    with pytest.raises(Exception, match=r"tf\.Tensor.*bool"):
        fit(model(keras.optimizers.SGD(custom_schedule(lambda step: 0.1 if step < 3 else 0.01))))


def test_lesson_04_a_division_by_the_step_needs_a_cast():
    with pytest.raises(TypeError, match="int64"):
        fit(model(keras.optimizers.SGD(custom_schedule(lambda step: 0.1 / (step + 1)))))
    cast = custom_schedule(lambda step: 0.1 / (keras.ops.cast(step, "float32") + 1))
    same(recorded(model(keras.optimizers.SGD(cast))), [0.1, 0.05, 0.1 / 3])


def test_lesson_04_a_plain_function_of_the_step_is_no_schedule():
    with pytest.raises(TypeError, match="missing 1 required positional argument"):
        fit(model(keras.optimizers.SGD(lambda step: 0.1)))


def test_lesson_04_saving_a_custom_schedule_needs_get_config(tmp_path):
    made = model(keras.optimizers.SGD(custom_schedule(lambda step: 0.1)))
    with pytest.raises(NotImplementedError, match="get_config"):
        made.save(tmp_path / "model.keras")


def test_lesson_04_a_keras_file_restores_the_schedule_and_where_it_was(tmp_path):
    made = model(keras.optimizers.SGD(k.InverseTimeDecay(0.1, 1, 0.01)))
    fit(made)
    made.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    same(recorded(loaded, 2, initial_epoch=1), [0.1 / (1 + 0.01 * step) for step in (3, 4, 5)])


def test_lesson_04_weights_alone_with_initial_epoch_restart_the_schedule():
    made, fresh = (model(keras.optimizers.SGD(k.InverseTimeDecay(0.1, 1, 0.01))) for _ in range(2))
    fit(made)
    fresh.set_weights(made.get_weights())
    same(recorded(fresh, 2, initial_epoch=1), [0.1, 0.1 / 1.01, 0.1 / 1.02])


def test_lesson_04_a_weights_file_restores_the_step_only_into_a_compiled_model(tmp_path):
    def schedule():
        return keras.optimizers.SGD(k.InverseTimeDecay(0.1, 1, 0.01))

    made = model(schedule())
    fit(made)
    made.save_weights(tmp_path / "model.weights.h5")
    compiled, compiled_later = model(schedule()), keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    compiled.load_weights(tmp_path / "model.weights.h5")
    compiled_later.load_weights(tmp_path / "model.weights.h5")
    compiled_later.compile(schedule(), "mse")
    assert [int(loaded.optimizer.iterations) for loaded in (compiled, compiled_later)] == [3, 0]


# Lesson 05, warmup


def test_lesson_05_a_warmup_from_0_wastes_an_epoch_and_never_reaches_its_peak():
    def wasteful(epoch, rate):
        return 0.1 * epoch / 5 if epoch < 5 else rate

    def right(epoch, rate):
        return 0.1 * min(1.0, (epoch + 1) / 5)

    wasted = per_epoch_rates(model(keras.optimizers.SGD(0.1)), 7, [scheduler(wasteful)])
    np.testing.assert_allclose(wasted, [0, 0.02, 0.04, 0.06, 0.08, 0.08, 0.08], rtol=1e-6)
    reached = per_epoch_rates(model(keras.optimizers.SGD(0.1)), 7, [scheduler(right)])
    same(reached, [0.02, 0.04, 0.06, 0.08, 0.1, 0.1, 0.1])


def test_lesson_05_an_epoch_at_rate_0_moves_no_weight():
    made = model(keras.optimizers.SGD(0.1))
    before = made.get_weights()
    fit(made, 1, [scheduler(lambda epoch, rate: 0.0)])
    for one, other in zip(before, made.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_lesson_05_cosine_decay_has_a_warmup():
    schedule = k.CosineDecay(0.0, decay_steps=100, warmup_target=0.1, warmup_steps=10)
    rates = lr.applied_rates(schedule, [0, 1, 5, 9, 10, 60, 110, 111])
    np.testing.assert_allclose(rates, [0, 0.01, 0.05, 0.09, 0.1, 0.05, 0, 0], rtol=1e-5, atol=1e-8)


def test_lesson_05_cosine_decay_runs_for_warmup_plus_decay():
    schedule = k.CosineDecay(0.0, decay_steps=100, warmup_target=0.1, warmup_steps=10)
    almost, end = lr.applied_rates(schedule, [105, 110])
    assert almost > 1e-4 and end == pytest.approx(0, abs=1e-8)


def test_lesson_05_warmup_steps_without_a_target_are_silently_ignored():
    steps = [0, 1, 5, 10, 50, 100]
    plain = lr.applied_rates(k.CosineDecay(0.1, decay_steps=100), steps)
    same(lr.applied_rates(k.CosineDecay(0.1, decay_steps=100, warmup_steps=10), steps), plain)


def test_lesson_05_a_warmup_target_without_steps_replaces_the_initial_rate():
    steps = [0, 1, 5, 10, 50, 100]
    from_target = lr.applied_rates(k.CosineDecay(0.5, decay_steps=100), steps)
    same(lr.applied_rates(k.CosineDecay(0.1, decay_steps=100, warmup_target=0.5), steps), from_target)


def test_lesson_05_no_schedule_of_keras_is_a_warmup_alone_or_joins_two():
    names = sorted(name for name in vars(k) if re.match("[A-Z]", name))
    assert names == [
        "CosineDecay",
        "CosineDecayRestarts",
        "ExponentialDecay",
        "InverseTimeDecay",
        "LearningRateSchedule",
        "PiecewiseConstantDecay",
        "PolynomialDecay",
    ]


# Lesson 07, choose and verify


@pytest.mark.parametrize("row", [row for row in rows() if row.library == "Keras"], ids=lambda row: row.schedule)
def test_lesson_07_the_table_of_libraries_holds_what_keras_applies(row):
    schedule = eval(f"k.{row.call}", {"k": k})
    np.testing.assert_allclose(lr.applied_rates(schedule, STEPS), row.rates, atol=6e-6)


def test_lesson_07_keras_has_the_names_of_the_table_and_no_one_cycle_or_wsd():
    for name in ("CosineDecay", "PolynomialDecay", "CosineDecayRestarts"):
        assert hasattr(k, name)
    assert not [name for name in dir(k) if re.search("cycle|stable|wsd", name.lower())]


def test_lesson_07_a_schedule_object_goes_on_in_a_second_fit_and_starts_again_with_a_new_optimizer():
    falling = k.PolynomialDecay(0.6, 6, end_learning_rate=0.0)  # 0.6, 0.5, ... 0.1 over two epochs of three updates
    made = model(keras.optimizers.SGD(falling))
    same(recorded(made), [0.6, 0.5, 0.4])
    same(recorded(made), [0.3, 0.2, 0.1], rtol=1e-5)
    weights = made.get_weights()
    again = model(keras.optimizers.SGD(falling))
    again.set_weights(weights)
    same(recorded(again, epochs=2, initial_epoch=1), [0.6, 0.5, 0.4])
    made.compile(keras.optimizers.SGD(falling), "mse")
    same(recorded(made), [0.6, 0.5, 0.4])


def test_lesson_07_a_callback_is_told_initial_epoch():
    by_epoch = keras.callbacks.LearningRateScheduler(lambda epoch, rate: 0.1 / (epoch + 1))
    rates = recorded(model(keras.optimizers.SGD(0.1)), epochs=5, callbacks=[by_epoch], initial_epoch=3)
    same(rates, [0.1 / 4] * 3 + [0.1 / 5] * 3)


def test_lesson_07_a_plateau_lowers_the_rate_by_its_factor_after_an_epoch_that_is_no_better():
    class Losses(keras.callbacks.Callback):
        """Puts losses of ours where the plateau looks for them."""

        def on_epoch_end(self, epoch, logs=None):
            logs["val_loss"] = [1.0, 0.5, 0.5, 0.4, 0.6, 0.7, 0.3][epoch]

    plateau = keras.callbacks.ReduceLROnPlateau(monitor="val_loss", factor=0.5, patience=1)
    rates = per_epoch_rates(model(keras.optimizers.SGD(0.2)), 7, [Losses(), plateau])
    same(rates, [0.2, 0.2, 0.2, 0.1, 0.1, 0.05, 0.025])


def test_lesson_07_train_on_batch_gives_the_loss_of_that_batch_alone():
    # `fit` shows the mean of the epoch so far, in which a late explosion drowns: the range test does not use it.
    made = model(keras.optimizers.SGD(0.0))
    made.set_weights([np.ones((1, 1)), np.zeros(1)])
    losses = [float(made.train_on_batch(X[:4], Y[:4] + shift)) for shift in (0, 3, 0)]
    same(losses, [1, 4, 1])


def test_lesson_04_two_examples_in_keras_own_documentation_fail():
    """For the reasons of the tests above: the uncast step, and a scheduler that returns a tensor."""
    names = {"keras": keras, "np": np, "ops": keras.ops}
    _, custom = re.findall(r"```python\n(.*?)```", k.LearningRateSchedule.__doc__, re.DOTALL)
    exec(textwrap.dedent(custom), names)
    with pytest.raises(TypeError, match="int64"):
        fit(model(names["optimizer"]))

    (function,) = (
        example.source
        for example in doctest.DocTestParser().get_examples(keras.callbacks.LearningRateScheduler.__doc__)
        if example.source.startswith("def scheduler")
    )
    exec(function, names)
    with pytest.raises(ValueError, match="should be a float"):
        fit(model(keras.optimizers.SGD(0.1)), 11, [scheduler(names["scheduler"])])
