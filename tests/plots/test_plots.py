"""Figures show the schedule and the recorder themselves, on both axes, in words, too, and readable on any page."""

import io
import subprocess
import sys
from html.parser import HTMLParser
from types import SimpleNamespace

import nbformat
import numpy as np
import pytest
from matplotlib import colors
from nbclient import NotebookClient
from PIL import Image

import lrcourse as lr
from lrcourse import _tensorflow, plots
from lrcourse import schedules as s
from lrcourse.plots.drawing import GREY, KINDS, MOST_CURVES, RED, kind, styles

PLAN = s.every_epoch(s.halving(0.1, every=2), steps_per_epoch=5)


def recorder(rates, steps_per_epoch=5):
    """What the figures use of a RateRecorder."""
    return SimpleNamespace(rates=np.array(rates), epoch_starts=np.arange(0, len(rates), steps_per_epoch))


def run(end, validation=True):
    history = {"loss": [2.0, 1.0, end], "accuracy": [0.1, 0.5, 1 - end]}
    if validation:
        history |= {f"val_{name}": values for name, values in history.items()}
    return history, recorder(s.rates(PLAN, 15))


def test_schedules_draws_the_rates_themselves():
    drawing = plots.schedules({"halving": PLAN, "constant": s.constant(0.02)}, n_steps=20, steps_per_epoch=5)
    (axes,) = drawing.figure.axes
    np.testing.assert_array_equal(axes.lines[0].get_ydata(), s.rates(PLAN, 20))
    np.testing.assert_array_equal(axes.lines[0].get_xdata(), range(20))
    assert [line.get_label() for line in axes.lines] == ["halving", "constant"]
    assert (
        drawing.text
        == repr(drawing)
        == (
            "Planned learning rate over 20 steps (4 epochs, 5 steps each): "
            "halving starts at 0.1 and ends at 0.05; constant stays at 0.02."
        )
    )


def test_steps_below_and_epochs_above():
    drawing = plots.schedules({"halving": PLAN}, n_steps=20, steps_per_epoch=5)
    drawing.png()
    (axes,) = drawing.figure.axes
    (above,) = axes.child_axes
    assert (axes.get_xlabel(), above.get_xlabel()) == ("step (optimizer update)", "epoch (of 5 steps)")
    np.testing.assert_allclose(np.array(above.get_xlim()) * 5, axes.get_xlim())


@pytest.mark.parametrize(
    "schedule, log, scale",
    [
        (s.cosine(0.1, decay_steps=500), None, "linear"),
        (s.exponential_decay(0.1, decay_steps=10, decay_rate=0.5), None, "log"),
        (s.exponential_decay(0.1, decay_steps=10, decay_rate=0.5), False, "linear"),
        (s.cosine(0.1, decay_steps=600), True, "log"),
    ],
)
def test_the_rate_axis_says_its_scale(schedule, log, scale):
    (axes,) = plots.schedules({"a": schedule}, n_steps=500, steps_per_epoch=50, log=log).figure.axes
    assert axes.get_yscale() == scale
    assert axes.get_ylabel() == ("learning rate (log scale)" if scale == "log" else "learning rate")
    if scale == "linear":
        assert axes.get_ylim()[0] == 0


def test_a_warmup_names_its_peak():
    plan = s.join([s.linear_warmup(0.1, warmup_steps=4), s.linear(0.1, decay_steps=4)], boundaries=[4])
    drawing = plots.schedules({"warmup": plan}, n_steps=8, steps_per_epoch=4)
    assert "warmup starts at 0.025, peaks at 0.1 in step 3 and ends at 0.025." in drawing.text


def contrast(one, other):
    """The contrast of two colours, from 1 to 21, as the Web Content Accessibility Guidelines measure it."""

    def light(colour):
        parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colors.to_rgb(colour)]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("page", ["#FFFFFF", "#111111"], ids=["light", "dark"])
def test_every_colour_stands_out_from_a_light_and_a_dark_page(page):
    for colour in {GREY, RED, *(style["color"] for style in KINDS.values())}:
        assert contrast(colour, page) >= 3, colour
    assert contrast(GREY, page) >= 4.2  # of words


@pytest.mark.parametrize(
    ("label", "named"),
    [
        ("constant 0.3", "constant"),
        ("0.1, no warmup", None),
        ("time-based, read per epoch", "time-based"),
        ("exponential", "exponential"),
        ("halving", "halv"),
        ("custom: halve every 10 epochs", "halv"),
        ("cosine from 0.3", "cosine"),
        ("linear to 0", "linear"),
        ("warmup, then cosine", "warmup"),
        ("linear warmup", "warmup"),
        ("cosine, no warmup", "cosine"),
        ("one-cycle", "one-cycle"),
        ("WSD", "wsd"),
        ("cosine with restarts", "restarts"),
        ("inverse square root", "inverse square root"),
        ("my schedule", None),
        ("mine", "mine"),
        ("your cosine", "mine"),
        ("validation", None),
    ],
)
def test_a_label_names_its_kind(label, named):
    assert kind(label) == named


def test_a_kind_looks_the_same_in_every_figure_and_like_no_other_kind():
    looks = {str((style["color"], style["linestyle"])) for style in KINDS.values()}
    assert len(looks) == len(KINDS)
    wanted = {name: (style["color"], style["linestyle"]) for name, style in KINDS.items()}
    # The baseline is grey, whatever stands beside it and wherever it stands.
    assert wanted["constant"] == (GREY, "-")
    for labels in (["cosine", "constant 0.1", "time-based"], ["time-based", "halving", "cosine", "constant"]):
        for label, style in zip(labels, styles(labels), strict=True):
            assert (style["color"], style["linestyle"]) == wanted[kind(label)]


def test_curves_of_one_kind_differ_in_width():
    widths = [style["linewidth"] for style in styles(["constant 0.3", "constant 0.1", "constant 0.03"])]
    assert widths == sorted(widths, reverse=True) and len(set(widths)) == 3


def test_labels_stand_at_the_line_ends_and_apart():
    curves = {f"constant {rate}": s.constant(rate) for rate in (0.1, 0.101, 0.102, 0.5, 0.001)}
    (axes,) = plots.schedules(curves, n_steps=50, steps_per_epoch=5).figure.axes
    assert {text.get_text() for text in axes.texts} == set(curves)
    places = sorted(text.get_position() for text in axes.texts)
    heights = [height for _, height in places]
    assert all(right > 1 for right, _ in places) and heights[0] < 0.1 and heights[-1] <= 1
    assert min(np.diff(heights)) > 0.04
    by_rate = sorted(axes.texts, key=lambda text: text.get_position()[1])
    assert [float(text.get_text().split()[1]) for text in by_rate] == [0.001, 0.1, 0.101, 0.102, 0.5]


def test_curves_are_told_apart_without_colour():
    drawing = plots.schedules({f"curve {k}": s.constant(k) for k in range(1, 7)}, n_steps=50, steps_per_epoch=5)
    looks = {(line.get_color(), str(line._unscaled_dash_pattern)) for line in drawing.figure.axes[0].lines}
    assert len({dashes for _, dashes in looks}) == MOST_CURVES == 6


@pytest.mark.parametrize("curves", [{}, {str(k): s.constant(1) for k in range(7)}, s.constant(1)])
def test_too_many_curves_or_none_are_refused(curves):
    with pytest.raises(ValueError, match="a dict of 1 to 6 labelled curves; got"):
        plots.schedules(curves, n_steps=5, steps_per_epoch=5)


def test_planned_and_applied_where_they_agree():
    drawing = plots.planned_and_applied(PLAN, recorder(s.rates(PLAN, 15)))
    (axes,) = drawing.figure.axes
    assert [line.get_label() for line in axes.lines] == ["planned", "applied"]
    assert drawing.text == (
        "Planned and applied learning rate over 15 steps (3 epochs, 5 steps each): "
        "planned = applied at all 15 updates; the plan starts at 0.1 and ends at 0.05."
    )


def test_planned_and_applied_marks_the_first_difference():
    applied = s.rates(PLAN, 15)
    applied[7:] = 0.07
    drawing = plots.planned_and_applied(PLAN, applied, steps_per_epoch=5)
    planned_line, applied_line, mark = drawing.figure.axes[0].lines
    np.testing.assert_array_equal(planned_line.get_ydata(), s.rates(PLAN, 15))
    np.testing.assert_array_equal(applied_line.get_ydata(), applied)
    assert (mark.get_label(), mark.get_xdata()) == ("first difference: step 7", [7, 7])
    assert "differ first at step 7: planned 0.1, applied 0.07 (8 of 15 updates differ)" in drawing.text


def test_planned_and_applied_of_two_lengths():
    drawing = plots.planned_and_applied(s.rates(PLAN, 20), recorder(s.rates(PLAN, 15)))
    assert "20 rates were planned and 15 applied; the plan" in drawing.text
    drawing.png()


def test_applied_rates_without_epochs_are_refused():
    with pytest.raises(ValueError, match="Give steps_per_epoch, or a RateRecorder, which knows its epochs; got list"):
        plots.planned_and_applied(PLAN, [0.1, 0.1])


def test_training_of_one_run():
    drawing = plots.training(*run(0.5))
    loss, accuracy, rate = drawing.figure.axes
    assert [line.get_label() for line in loss.lines] == ["training", "validation"]
    np.testing.assert_array_equal(loss.lines[0].get_xdata(), [5, 10, 15])
    assert (loss.get_ylabel(), accuracy.get_ylabel(), rate.get_ylabel()) == ("loss", "accuracy", "learning rate")
    np.testing.assert_array_equal(rate.lines[0].get_ydata(), s.rates(PLAN, 15))
    assert drawing.text == (
        "Training over 15 steps (3 epochs, 5 steps each): "
        "training loss goes from 2 to 0.5, validation loss goes from 2 to 0.5, "
        "training accuracy goes from 0.1 to 0.5, validation accuracy goes from 0.1 to 0.5, "
        "the learning rate starts at 0.1 and ends at 0.05."
    )


@pytest.mark.parametrize("validation, kind", [(True, "validation"), (False, "training")])
def test_training_compares_runs(validation, kind):
    drawing = plots.training({"slow": run(0.5, validation), "fast": run(0.25, validation)})
    loss, accuracy, rate = drawing.figure.axes
    assert [line.get_label() for line in loss.lines] == ["slow", "fast"]
    assert loss.get_ylabel() == f"{kind} loss" and accuracy.get_ylabel() == f"{kind} accuracy"
    assert [line.get_linestyle() for line in loss.lines] == [line.get_linestyle() for line in rate.lines]
    assert f"slow: {kind} loss goes from 2 to 0.5" in drawing.text
    assert f"fast: {kind} loss goes from 2 to 0.25" in drawing.text


def test_training_refuses_a_recorder_of_another_fit():
    history, _ = run(0.5)
    with pytest.raises(ValueError, match="of the same fit; got 3 epochs in the history and 4 in the recorder"):
        plots.training(history, recorder([0.1] * 20))


def test_training_of_a_real_fit():
    keras = _tensorflow.keras()
    model, seen, data = lr.digits_mlp(), lr.RateRecorder(), lr.digits()
    model.compile(keras.optimizers.SGD(0.1), "sparse_categorical_crossentropy")
    history = model.fit(data.x_train[:40], data.y_train[:40], batch_size=16, epochs=2, verbose=0, callbacks=[seen])
    drawing = plots.training(history, seen)
    assert len(drawing.figure.axes) == 2
    assert drawing.text.startswith("Training over 6 steps (2 epochs, 3 steps each): training loss goes from ")


class Figures(HTMLParser):
    """Alternative texts, captions and pictures of the figures in an output."""

    def __init__(self, text):
        super().__init__()
        self.alts, self.captions, self.sources, self.inside = [], [], [], False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.inside = tag == "figcaption"
        if tag == "img":
            self.alts.append(dict(attrs)["alt"])
            self.sources.append(dict(attrs)["src"])

    def handle_data(self, data):
        if self.inside:
            self.captions.append(data)

    def handle_endtag(self, tag):
        self.inside = False


def test_a_notebook_shows_a_figure_with_caption_and_alternative_text():
    code = (
        "import lrcourse as lr\n"
        "lr.plots.schedules({'my <rate>': lr.schedules.constant(0.1)}, n_steps=20, steps_per_epoch=5, title='Flat')"
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    NotebookClient(notebook, kernel_name="python3").execute()
    (output,) = notebook.cells[0].outputs
    text = "Flat. Planned learning rate over 20 steps (4 epochs, 5 steps each): my <rate> stays at 0.1."
    figure = Figures(output.data["text/html"])
    assert (figure.alts, figure.captions) == ([text], ["The rate planned for each step."])
    assert output.data["text/plain"] == text
    # For what shows no HTML, such as feedback on a graded notebook.
    assert figure.sources == [f"data:image/png;base64,{output.data['image/png'].strip()}"]


def test_the_picture_is_transparent_and_small():
    drawing = plots.schedules({"halving": PLAN}, n_steps=20, steps_per_epoch=5)
    picture = Image.open(io.BytesIO(drawing.png())).convert("RGBA")
    assert picture.getpixel((1, 1))[3] == 0
    assert len(drawing.png()) < 40_000


def test_the_same_figure_gives_the_same_bytes():
    def png():
        return plots.schedules({"halving": PLAN}, n_steps=20, steps_per_epoch=5).png()

    assert png() == png()
    assert png().startswith(b"\x89PNG")


def test_needs_no_pyplot_and_no_tensorflow():
    code = (
        "import sys, lrcourse as lr;"
        "lr.plots.schedules({'a': lr.schedules.constant(0.1)}, n_steps=5, steps_per_epoch=5).png();"
        "sys.exit('matplotlib.pyplot' in sys.modules or 'tensorflow' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
