"""The capstone's task: its best constant rate is the best, a good schedule surely gains, and nothing else does."""

import numpy as np
import pytest

from lrcourse import capstone, schedules
from lrcourse.intervals import interval

FEW = (1, 2, 3, 4)


def test_the_budget_is_that_of_the_training():
    n_train = len(capstone.data()[0].x_train)
    assert schedules.steps_per_epoch(n_train, batch_size=capstone.BATCH_SIZE) == capstone.STEPS_PER_EPOCH
    assert capstone.BUDGET == capstone.EPOCHS * capstone.STEPS_PER_EPOCH == 1500


def test_no_constant_of_the_sweep_is_surely_better_than_the_best():
    accuracy = capstone.sweep()
    best = accuracy[capstone.BEST_CONSTANT]
    # Neighbours differ by less than the seeds do, and another processor may turn them round; the ends are far off.
    for rate, values in accuracy.items():
        mean, half_width = interval(values - best)
        assert mean - half_width <= 0, f"{rate} is better than {capstone.BEST_CONSTANT}"
    assert best.mean() > max(accuracy[0.05].mean() + 5, accuracy[0.1].mean() + 1)
    assert best.mean() > np.mean([values.mean() for values in accuracy.values()])
    assert min(capstone.CONSTANTS) < capstone.BEST_CONSTANT < max(capstone.CONSTANTS)


def test_a_good_schedule_surely_gains():
    gain = capstone.gain(schedules.cosine(0.6, decay_steps=capstone.BUDGET))
    assert gain.sure
    assert gain.mean > 1.5
    assert len(gain.values) == 20
    assert gain.diverged == 0


def test_the_best_constant_gains_nothing_at_all():
    gain = capstone.gain(schedules.constant(capstone.BEST_CONSTANT), FEW)
    assert gain.values == (0.0, 0.0, 0.0, 0.0)
    assert not gain.sure
    assert str(gain) == "+0.00 ± 0.00 points over the best constant rate 0.3 (4 seeds)"


def test_models_that_diverge_count_and_are_told():
    gain = capstone.gain([100.0] * capstone.BUDGET, FEW)
    assert gain.diverged == 4
    assert gain.mean < -20
    assert not gain.sure
    assert "(4 seeds; 4 of 4 models diverged)" in str(gain)


def test_the_constant_is_trained_once_for_the_same_seeds():
    capstone.gain([0.2] * capstone.BUDGET, FEW)
    before = capstone._trained.cache_info().misses
    capstone.gain([0.1] * capstone.BUDGET, FEW)
    assert capstone._trained.cache_info().misses == before + 1


def test_the_interval_decides_and_not_the_mean():
    assert capstone.Gain((1.0, 2.0, 3.0), 0).sure is False  # 2 ± 2.48
    assert capstone.Gain((2.0, 2.5, 3.0), 0).sure is True


@pytest.mark.parametrize(
    ("plan", "seeds", "words"),
    [
        ([0.1] * 1499, FEW, "one rate for each update"),
        ([0.1] * 1499 + [-0.1], FEW, "at least 0; got -0.1"),
        ([0.1] * 1500, (1,), "seeds must be at least two"),
    ],
)
def test_bad_input_is_refused(plan, seeds, words):
    with pytest.raises(ValueError, match=words):
        capstone.gain(plan, seeds)
