"""A schedule is a pure function: its numbers first, then Keras' schedule of the same meaning."""

import math
import subprocess
import sys

import numpy as np
import pytest

import lrcourse as lr
from lrcourse import schedules as s

TABLES = {
    "constant": (s.constant(0.1), {0: 0.1, 1: 0.1, 10**9: 0.1}),
    "time based": (s.time_based_decay(0.1, decay=0.01), {0: 0.1, 1: 0.1 / 1.01, 100: 0.05, 1875: 0.1 / 19.75}),
    "time based, no decay": (s.time_based_decay(0.1, decay=0), {0: 0.1, 500: 0.1}),
    "exponential": (
        s.exponential_decay(0.1, decay_steps=10, decay_rate=0.96),
        {0: 0.1, 5: 0.0979796, 10: 0.096, 900: 0.00253753},
    ),
    "exponential staircase": (
        s.exponential_decay(0.1, decay_steps=10, decay_rate=0.96, staircase=True),
        {0: 0.1, 9: 0.1, 10: 0.096, 19: 0.096, 20: 0.09216},
    ),
    "step": (s.step_decay(1.0, factor=0.1, drop_every=3), {0: 1.0, 2: 1.0, 3: 0.1, 5: 0.1, 6: 0.01}),
    "halving": (s.halving(0.1, every=10), {0: 0.1, 9: 0.1, 10: 0.05, 20: 0.025, 39: 0.0125}),
    "warmup": (s.linear_warmup(0.1, warmup_steps=4), {0: 0.025, 1: 0.05, 2: 0.075, 3: 0.1, 4: 0.1, 999: 0.1}),
    "warmup of one step": (s.linear_warmup(0.1, warmup_steps=1), {0: 0.1, 1: 0.1}),
    "linear": (s.linear(0.1, decay_steps=4), {0: 0.1, 1: 0.075, 4: 0.0, 5: 0.0}),
    "linear to a rate": (s.linear(0.1, decay_steps=4, final=0.02), {0: 0.1, 2: 0.06, 4: 0.02, 99: 0.02}),
    "cosine": (s.cosine(0.1, decay_steps=4), {0: 0.1, 1: 0.0853553, 2: 0.05, 4: 0.0, 5: 0.0}),
    "cosine to a rate": (s.cosine(0.1, decay_steps=4, final=0.02), {0: 0.1, 2: 0.06, 4: 0.02, 99: 0.02}),
    "one cycle": (
        s.one_cycle(0.1, rise_steps=2, fall_steps=4),
        {0: 0.004, 1: 0.052, 2: 0.1, 3: 0.0853555, 4: 0.0500002, 6: 4e-7, 99: 4e-7},
    ),
    "one cycle, other divisors": (
        s.one_cycle(1.0, rise_steps=1, fall_steps=1, start_divisor=10, end_divisor=5),
        {0: 0.1, 1: 1.0, 2: 0.02, 3: 0.02},
    ),
    "warmup, stable, decay": (
        s.warmup_stable_decay(0.1, warmup_steps=2, stable_steps=3, decay_steps=4, final=0.02),
        {0: 0.05, 1: 0.1, 4: 0.1, 5: 0.1, 6: 0.08, 8: 0.04, 9: 0.02, 99: 0.02},
    ),
    "restarts": (
        s.cosine_with_restarts(0.1, first_steps=4),
        {0: 0.1, 2: 0.05, 3: 0.0146447, 4: 0.1, 6: 0.05, 4002: 0.05, 4 * 10**9: 0.1},
    ),
    "longer and lower restarts": (
        s.cosine_with_restarts(0.1, first_steps=2, longer=2, lower=0.5, final=0.02),
        {0: 0.1, 1: 0.06, 2: 0.06, 4: 0.04, 5: 0.0258579, 6: 0.04, 10: 0.03, 13: 0.0207612, 14: 0.03, 10**12: 0.02},
    ),
    "join": (
        s.join([s.linear_warmup(0.1, warmup_steps=2), s.halving(0.2, every=2), s.constant(0.01)], boundaries=[2, 6]),
        {0: 0.05, 1: 0.1, 2: 0.2, 3: 0.2, 4: 0.1, 5: 0.1, 6: 0.01, 100: 0.01},
    ),
    "join of one": (s.join([s.constant(0.1)], boundaries=[]), {0: 0.1, 7: 0.1}),
    "every epoch": (
        s.every_epoch(s.time_based_decay(0.1, decay=0.01), steps_per_epoch=1875),
        {0: 0.1, 1874: 0.1, 1875: 0.0990099, 3749: 0.0990099, 3750: 0.0980392},
    ),
}


@pytest.mark.parametrize("schedule, table", TABLES.values(), ids=TABLES.keys())
def test_numbers(schedule, table):
    for step, rate in table.items():
        assert schedule(step) == pytest.approx(rate, rel=1e-5, abs=1e-12), f"step {step}"


@pytest.mark.parametrize("schedule, table", TABLES.values(), ids=TABLES.keys())
def test_pure_and_a_python_float(schedule, table):
    forwards = [schedule(step) for step in table]
    backwards = [schedule(step) for step in reversed(table)][::-1]
    assert forwards == backwards
    assert all(type(rate) is float for rate in forwards)
    assert schedule(np.int64(3)) == schedule(3)


@pytest.mark.parametrize("step", [-1, 1.0, 2.5, True, None, "1"])
def test_a_step_is_a_count_from_0(step):
    with pytest.raises(ValueError, match=r"step must be a whole number of at least 0; got "):
        s.constant(0.1)(step)


REFUSED = [
    (lambda: s.constant(0), "rate must be a finite number greater than 0; got 0."),
    (lambda: s.constant(math.nan), "rate must be a finite number greater than 0; got nan."),
    (lambda: s.constant("0.1"), "rate must be a finite number greater than 0; got '0.1'."),
    (lambda: s.time_based_decay(-0.1, decay=0.01), "initial must be a finite number greater than 0; got -0.1."),
    (lambda: s.time_based_decay(math.inf, decay=0.01), "initial must be a finite number greater than 0; got inf."),
    (lambda: s.time_based_decay(True, decay=0.01), "initial must be a finite number greater than 0; got True."),
    (lambda: s.time_based_decay(0.1, decay=-0.01), "decay must be a finite number of at least 0; got -0.01."),
    (lambda: s.time_based_decay(0.1, decay=math.nan), "decay must be a finite number of at least 0; got nan."),
    (
        lambda: s.exponential_decay(0.1, decay_steps=0, decay_rate=0.96),
        "decay_steps must be a whole number of at least 1; got 0.",
    ),
    (
        lambda: s.exponential_decay(0.1, decay_steps=10.0, decay_rate=0.96),
        "decay_steps must be a whole number of at least 1; got 10.0.",
    ),
    (
        lambda: s.exponential_decay(0.1, decay_steps=10, decay_rate=0),
        "decay_rate must be a number greater than 0 and at most 1; got 0.",
    ),
    (
        lambda: s.exponential_decay(0.1, decay_steps=10, decay_rate=96),
        "decay_rate must be a number greater than 0 and at most 1; got 96.",
    ),
    (
        lambda: s.step_decay(0.1, factor=-1, drop_every=3),
        "factor must be a number greater than 0 and at most 1; got -1.",
    ),
    (
        lambda: s.step_decay(0.1, factor=0.5, drop_every=0),
        "drop_every must be a whole number of at least 1; got 0.",
    ),
    (lambda: s.halving(0.1, every=True), "every must be a whole number of at least 1; got True."),
    (lambda: s.linear_warmup(0.1, warmup_steps=0), "warmup_steps must be a whole number of at least 1; got 0."),
    (lambda: s.linear_warmup(0, warmup_steps=1), "peak must be a finite number greater than 0; got 0."),
    (lambda: s.linear(0.1, decay_steps=-1), "decay_steps must be a whole number of at least 1; got -1."),
    (lambda: s.cosine(0.1, decay_steps=5, final=-1), "final must be a finite number of at least 0; got -1."),
    (lambda: s.one_cycle(-1, rise_steps=1, fall_steps=1), "peak must be a finite number greater than 0; got -1."),
    (lambda: s.one_cycle(1, rise_steps=0, fall_steps=1), "rise_steps must be a whole number of at least 1; got 0."),
    (lambda: s.one_cycle(1, rise_steps=1, fall_steps=0.5), "fall_steps must be a whole number of at least 1; got 0.5."),
    (
        lambda: s.one_cycle(1, rise_steps=1, fall_steps=1, start_divisor=0.5),
        "start_divisor must be at least 1; got 0.5.",
    ),
    (lambda: s.one_cycle(1, rise_steps=1, fall_steps=1, end_divisor=0.1), "end_divisor must be at least 1; got 0.1."),
    (
        lambda: s.warmup_stable_decay(1, warmup_steps=1, stable_steps=0, decay_steps=1),
        "stable_steps must be a whole number of at least 1; got 0.",
    ),
    (
        lambda: s.warmup_stable_decay(1, warmup_steps="1", stable_steps=1, decay_steps=1),
        "warmup_steps must be a whole number of at least 1; got '1'.",
    ),
    (
        lambda: s.cosine_with_restarts(1, first_steps=0),
        "first_steps must be a whole number of at least 1; got 0.",
    ),
    (
        lambda: s.cosine_with_restarts(1, first_steps=5, longer=1.5),
        "longer must be a whole number of at least 1; got 1.5.",
    ),
    (
        lambda: s.cosine_with_restarts(1, first_steps=5, lower=0),
        "lower must be a number greater than 0 and at most 1; got 0.",
    ),
    (lambda: s.join([], boundaries=[]), "boundaries must be one fewer than schedules; got 0 boundaries for 0"),
    (lambda: s.join([s.constant(1)], boundaries=[1]), "must be one fewer than schedules; got 1 boundaries for 1"),
    (lambda: s.join([s.constant(1)] * 3, boundaries=[20, 10]), "boundaries must be strictly increasing; got [20, 10]."),
    (lambda: s.join([s.constant(1)] * 3, boundaries=[5, 5]), "boundaries must be strictly increasing; got [5, 5]."),
    (
        lambda: s.join([s.constant(1)] * 2, boundaries=[0]),
        "each of boundaries must be a whole number of at least 1; got 0.",
    ),
    (lambda: s.join([s.constant(1), 0.1], boundaries=[5]), "functions from a step to a rate; got 0.1 at position 1."),
    (
        lambda: s.every_epoch(s.constant(1), steps_per_epoch=0),
        "steps_per_epoch must be a whole number of at least 1; got 0.",
    ),
    (lambda: s.steps_per_epoch(0, batch_size=32), "n_examples must be a whole number of at least 1; got 0."),
    (lambda: s.steps_per_epoch(100, batch_size=0), "batch_size must be a whole number of at least 1; got 0."),
    (lambda: s.rates(s.constant(1), 0), "n_steps must be a whole number of at least 1; got 0."),
    (lambda: s.rates(lambda step: None, 3), "must return one number; at step 0 it returned None."),
]


@pytest.mark.parametrize("call, message", REFUSED, ids=[message for _, message in REFUSED])
def test_bad_arguments_name_rule_and_value(call, message):
    with pytest.raises(ValueError) as error:
        call()
    assert message in str(error.value)


def test_steps_per_epoch_counts_the_smaller_last_batch():
    assert s.steps_per_epoch(60000, batch_size=32) == 1875
    assert s.steps_per_epoch(1437, batch_size=32) == 45
    assert s.steps_per_epoch(1, batch_size=32) == 1
    assert s.steps_per_epoch(1200, batch_size=8) == 150


def test_rates_is_the_plan():
    plan = s.rates(s.halving(0.1, every=2), 5)
    assert plan.dtype == "float64"
    assert plan.tolist() == [0.1, 0.1, 0.05, 0.05, 0.025]


def test_needs_no_tensorflow():
    code = "import sys, lrcourse.schedules; sys.exit('tensorflow' in sys.modules or 'keras' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def same_meaning_in_keras():
    import keras

    k = keras.optimizers.schedules
    return {
        "InverseTimeDecay": (s.time_based_decay(0.1, decay=0.01), k.InverseTimeDecay(0.1, 1, 0.01)),
        "InverseTimeDecay per epoch": (
            s.every_epoch(s.time_based_decay(0.1, decay=0.01), steps_per_epoch=45),
            k.InverseTimeDecay(0.1, 45, 0.01, staircase=True),
        ),
        "ExponentialDecay": (
            s.exponential_decay(0.1, decay_steps=10, decay_rate=0.96),
            k.ExponentialDecay(0.1, 10, 0.96),
        ),
        "ExponentialDecay staircase": (
            s.exponential_decay(0.1, decay_steps=10, decay_rate=0.96, staircase=True),
            k.ExponentialDecay(0.1, 10, 0.96, staircase=True),
        ),
        "halving": (s.halving(0.1, every=100), k.ExponentialDecay(0.1, 100, 0.5, staircase=True)),
        "CosineDecay": (s.cosine(0.1, decay_steps=900), k.CosineDecay(0.1, 900)),
        "CosineDecay alpha": (s.cosine(0.1, decay_steps=900, final=0.01), k.CosineDecay(0.1, 900, alpha=0.1)),
        "PolynomialDecay": (s.linear(0.1, decay_steps=900), k.PolynomialDecay(0.1, 900, end_learning_rate=0.0)),
        "PolynomialDecay end": (
            s.linear(0.1, decay_steps=900, final=0.02),
            k.PolynomialDecay(0.1, 900, end_learning_rate=0.02),
        ),
        "CosineDecayRestarts": (
            s.cosine_with_restarts(0.1, first_steps=300),
            k.CosineDecayRestarts(0.1, 300, t_mul=1.0),
        ),
        "CosineDecayRestarts, longer and lower": (
            s.cosine_with_restarts(0.1, first_steps=128, longer=2, lower=0.5, final=0.01),
            k.CosineDecayRestarts(0.1, 128, t_mul=2.0, m_mul=0.5, alpha=0.1),
        ),
        # Keras keeps the old rate at the boundary itself, `join` does not: its boundary is one step later.
        "PiecewiseConstantDecay": (
            s.join([s.constant(0.1), s.constant(0.01), s.constant(0.001)], boundaries=[101, 501]),
            k.PiecewiseConstantDecay([100, 500], [0.1, 0.01, 0.001]),
        ),
        # In Keras the warmup is a line from `initial` at step 0 to the target at step `warmup_steps`.
        "CosineDecay with warmup": (
            s.join([lambda step: 0.01 + 0.09 * step / 100, s.cosine(0.1, decay_steps=900)], boundaries=[100]),
            k.CosineDecay(0.01, 900, warmup_target=0.1, warmup_steps=100),
        ),
    }


@pytest.mark.parametrize("name", same_meaning_in_keras().keys())
def test_agrees_with_keras_as_applied(name):
    ours, keras_schedule = same_meaning_in_keras()[name]
    steps = range(1003)
    # 1e-7 of the peak: float32 computes the last steps of a line or a cosine as a difference of nearly equal numbers.
    np.testing.assert_allclose(lr.applied_rates(keras_schedule, steps), s.rates(ours, len(steps)), rtol=1e-5, atol=1e-8)
