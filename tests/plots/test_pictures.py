"""The digits themselves, and what each rate came to."""

import numpy as np
import pytest

import lrcourse as lr
from lrcourse import schedules as s


def test_images_are_drawn_with_their_labels():
    data = lr.digits()
    drawing = lr.plots.images(data.x_train[:3], data.y_train[:3])
    labels = [str(label) for label in data.y_train[:3]]
    assert [axes.get_title() for axes in drawing.figure.axes] == labels
    np.testing.assert_array_equal(drawing.figure.axes[1].images[0].get_array(), data.x_train[1].reshape(8, 8))
    assert drawing.text == f"3 images of 8 by 8 pixels, labelled {', '.join(labels)}."
    with pytest.raises(ValueError, match="1 to 12 images and as many labels; got 0 and 0"):
        lr.plots.images(data.x_train[:0], [])


def test_over_rates_shows_every_seed_and_the_means():
    plans = {str(rate): s.constant(rate) for rate in (0.5, 0.02, 0.1)}
    result = lr.compare(plans, data=lr.digits(), baseline="0.1", batch_size=64, epochs=1, seeds=3)
    drawing = lr.plots.over_rates(result, title="It depends")
    (axes,) = drawing.figure.axes
    *dots, line = axes.lines
    means = [result.effects[name].mean for name in ("0.02", "0.1", "0.5")]
    np.testing.assert_array_equal(line.get_xdata(), [0.02, 0.1, 0.5])
    np.testing.assert_allclose(line.get_ydata(), means)
    np.testing.assert_array_equal(dots[0].get_ydata(), result.effects["0.5"].values)
    assert axes.get_xscale() == "log" and axes.get_ylabel() == "test accuracy (%)"
    assert f"{means[0]:.3g} at 0.02" in drawing.text


def test_over_rates_of_a_schedule_that_falls_is_refused():
    plans = {"a": s.constant(0.1), "b": s.cosine(0.1, decay_steps=19)}
    result = lr.compare(plans, data=lr.digits(), baseline="a", batch_size=64, epochs=1, seeds=2)
    with pytest.raises(ValueError, match="over_rates draws constant rates; got schedules that change"):
        lr.plots.over_rates(result)


def test_measured_draws_numbers_at_their_places_and_says_them():
    drawing = lr.plots.measured({"room": [0.2, 0.5], "warmup": [0.1, 0.9]}, at=[0, 4], along="epoch", words="rate")
    (axes,) = drawing.figure.axes
    np.testing.assert_array_equal(axes.lines[1].get_xydata(), [[0, 0.1], [4, 0.9]])
    assert [text.get_text() for text in axes.texts] == ["room", "warmup"]
    assert drawing.text == "Rate at epoch 0, 4: room 0.2, 0.5; warmup 0.1, 0.9."
    with pytest.raises(ValueError, match=r"curves must be 1 to 6 of the length of at, 2; got \{'room': 1\}"):
        lr.plots.measured({"room": [0.2]}, at=[0, 4], along="epoch", words="rate")
