"""The committed runs are those of the script that is here, and they are read right."""

import json

import numpy as np
import optimizer_grid as script
import pytest
from scipy import stats

import lrcourse as lr
from lrcourse.grid_results import measured
from lrcourse.training.optimizers import OPTIMIZERS

GRID = lr.optimizer_grid()
PROVENANCE, TASKS, RUNS = measured().values()
EVERY = [
    (task, optimizer, schedule) for task in script.TASKS for optimizer in OPTIMIZERS for schedule in script.SCHEDULES
]


def test_the_runs_are_what_the_script_would_make():
    assert [(run["task"], run["optimizer"], run["schedule"]) for run in RUNS] == EVERY
    assert PROVENANCE["command"] == script.COMMAND
    assert PROVENANCE["tuning_seeds"] == list(script.TUNING_SEEDS)
    assert PROVENANCE["test_seeds"] == list(script.TEST_SEEDS)
    assert {name: {k: v for k, v in task.items() if k != "n_test"} for name, task in TASKS.items()} == {
        name: json.loads(json.dumps(task.settings())) for name, task in script.TASKS.items()
    }


def test_tuning_and_test_seeds_have_nothing_in_common():
    assert not set(PROVENANCE["tuning_seeds"]) & set(PROVENANCE["test_seeds"])


@pytest.mark.parametrize("run", RUNS, ids=["-".join(names) for names in EVERY])
def test_the_chosen_rate_was_the_best_tried_and_neither_the_lowest_nor_the_highest(run):
    tried = run["tuning_accuracy"]
    assert tried[run["rate"]] == max(tried.values())
    assert min(tried) < run["rate"] < max(tried)
    ratios = np.diff(np.log2(list(tried)))
    np.testing.assert_allclose(ratios, 1)
    assert len(run["right"]) == len(run["test_loss"]) == len(PROVENANCE["test_seeds"])
    assert run["diverged"] == 0


def test_gains_are_paired_by_seed():
    scheduled, constant = (GRID.scores("mnist1d", "sgd", name) for name in ("cosine", "constant"))
    np.testing.assert_allclose(GRID.gains("mnist1d", "sgd"), scheduled - constant)
    low, high = stats.ttest_rel(scheduled, constant).confidence_interval(0.95)
    (line,) = [line for line in GRID.table().splitlines() if line.startswith("sgd")]
    assert line.split("  ")[-1].strip(" *") == f"{(low + high) / 2:+.2f} ± {(high - low) / 2:.2f}"


@pytest.mark.parametrize("measure", ["accuracy", "test loss"])
def test_the_table_marks_what_does_not_reach_across_0(measure):
    lines = GRID.table(measure=measure).splitlines()
    rows = [line for line in lines if line.split(" ")[0] in OPTIMIZERS]
    assert [line.split()[0] for line in rows] == list(OPTIMIZERS)
    expected = sum(
        stats.ttest_1samp(GRID.gains(task, optimizer, measure=measure), 0).pvalue < 0.05
        for task in GRID.tasks
        for optimizer in GRID.optimizers
    )
    assert sum(row.count("*") for row in rows) == expected


def test_the_figure_says_what_the_table_says():
    text = GRID.plot().text
    for cell in [cell.strip(" *") for line in GRID.table().splitlines() for cell in line.split("  ") if "±" in cell]:
        assert cell in text
    assert GRID.plot().png() == GRID.plot().png()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: GRID.rate("mnist", "sgd", "cosine"),
            "task must be one of clean digits, noisy digits, mnist1d; got 'mnist'",
        ),
        (lambda: GRID.scores("mnist1d", "nadam", "cosine"), "optimizer must be one of sgd, momentum, "),
        (
            lambda: GRID.table("linear"),
            "schedule must be one of constant, cosine, time-based, exponential; got 'linear'",
        ),
        (lambda: GRID.table(measure="loss"), "measure must be one of accuracy, test loss; got 'loss'"),
        (lambda: GRID.settings("digits"), "task must be one of"),
    ],
)
def test_an_unknown_name_is_refused_with_the_known_ones(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_the_script_widens_the_rates_until_the_best_is_inside():
    # From a first rate that is far too low, on a task of seconds.
    task = script.Task(lr.digits, (), 100, 2)
    data = lr.digits()
    small = data._replace(x_train=data.x_train[:200], y_train=data.y_train[:200])
    tried = script.tune(task, small, "adagrad")
    for rates in tried.values():
        best = max(rates, key=rates.get)
        assert min(rates) < best < max(rates)
