"""`sweep`: what it chooses, what it says where the choice is not safe, what it refuses. And the models' classes."""

import numpy as np
import pytest

import lrcourse as lr
from lrcourse import schedules as s
from lrcourse import tuning
from lrcourse.comparison import compare
from lrcourse.tuning import Sweep, sweep

DATA = lr.digits()
SHAPES = {"constant": s.constant, "falling": lambda peak: s.linear(peak, decay_steps=76)}


def small(shapes=SHAPES, peaks=(0.4, 0.1, 0.2), **changes):
    """Two epochs of 38 updates."""
    settings = {"data": DATA, "batch_size": 32, "epochs": 2, "seeds": (5, 6), "hidden": (8,)}
    return sweep(shapes, peaks, **settings | changes)


def made(**scores):
    """A sweep of the peaks 0.1, 0.2, 0.4 with these means."""
    by_name = {name: np.array([[value, value] for value in values]) for name, values in scores.items()}
    return Sweep(SHAPES, (0.1, 0.2, 0.4), by_name, (5, 6))


def test_its_scores_are_those_of_compare():
    swept = small()
    assert swept.peaks == (0.1, 0.2, 0.4)
    result = compare(
        {"a": s.constant(0.2), "b": s.linear(0.4, decay_steps=76)},
        data=DATA,
        baseline="a",
        batch_size=32,
        epochs=2,
        seeds=(5, 6),
        hidden=(8,),
    )
    np.testing.assert_allclose(swept.scores["constant"][1], result.effects["a"].values)
    np.testing.assert_allclose(swept.scores["falling"][2], result.effects["b"].values)


def test_each_shape_gets_its_own_best_peak_and_its_schedule():
    swept = made(constant=[90, 92, 91], falling=[80, 93.5, 92])
    assert swept.best == {"constant": 0.2, "falling": 0.2}
    assert {name: schedule(0) for name, schedule in swept.schedules.items()} == {"constant": 0.2, "falling": 0.2}
    assert "Extend the sweep" not in swept.table()
    assert [line.split() for line in swept.table().splitlines()[2:]] == [
        ["peak", "constant", "falling"],
        ["0.1", "90.00", "80.00"],
        ["0.2", "92.00", "*", "93.50", "*"],
        ["0.4", "91.00", "92.00"],
    ]


def test_of_losses_the_lowest_is_best_and_one_that_is_no_number_never():
    swept = Sweep(
        SHAPES, (0.1, 0.2, 0.4), {"constant": np.array([[0.5, 0.5], [0.3, 0.3], [np.nan, 0.1]])}, (5, 6), "loss"
    )
    assert swept.best == {"constant": 0.2}
    assert "diverged" in swept.table()


@pytest.mark.parametrize(
    ("falling", "said"),
    [([95, 93, 92], "falling: 0.1, the lowest tried"), ([1, 2, 3], "falling: 0.4, the highest tried")],
)
def test_a_best_peak_at_the_edge_is_no_choice_and_says_what_to_do(falling, said):
    swept = made(constant=[90, 92, 91], falling=falling)
    rule = f"Extend the sweep: the best peak must have a tried one on either side; got {said}."
    for asked in ("best", "schedules"):
        with pytest.raises(ValueError) as refusal:
            getattr(swept, asked)
        assert str(refusal.value) == rule
    assert swept.table().endswith(rule)
    assert rule in swept._repr_html_()


def test_the_seeds_of_the_choice_are_not_those_of_a_comparison():
    compared = compare({"a": s.constant(0.1)}, data=DATA, baseline="a", batch_size=600, epochs=1, seeds=50)
    assert not set(tuning.SEEDS) & set(compared.seeds)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"shapes": {}}, "shapes must name at least one function from a peak to a schedule; got none."),
        ({"peaks": [0.1, 0.2]}, "peaks must be at least 3 different rates; got [0.1, 0.2]."),
        ({"peaks": [0.1, 0.1, 0.2]}, "peaks must be at least 3 different rates; got [0.1, 0.1, 0.2]."),
        ({"peaks": [0.1, 0.2, 0]}, "each of peaks must be a finite number greater than 0; got 0."),
        ({"measure": "score"}, "measure must be one of accuracy, loss, test loss; got 'score'."),
        ({"seeds": []}, "seeds must name at least one seed; got none."),
    ],
)
def test_bad_input_is_refused_with_rule_and_value(changes, message):
    with pytest.raises(ValueError) as refusal:
        small(**changes)
    assert message in str(refusal.value)


@pytest.mark.parametrize(("hidden", "activation"), [((8,), "relu"), ((8, 6), "tanh"), ((), "relu")])
def test_the_classes_of_the_models_are_those_that_the_accuracy_counted(hidden, activation):
    plans = {"a": s.constant(0.3), "b": s.constant(0.05)}
    result = compare(
        plans, data=DATA, baseline="a", batch_size=32, epochs=1, seeds=3, hidden=hidden, activation=activation
    )
    for name, classes in result.classes(DATA.x_test).items():
        assert classes.shape == (3, len(DATA.x_test))
        accuracy = 100 * (classes == DATA.y_test).mean(axis=1)
        np.testing.assert_allclose(accuracy, result.effects[name].values, atol=1e-3)
