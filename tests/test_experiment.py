"""`compare`: its numbers against SciPy, its table and figure as text, its refusals, its silence."""

import contextlib
import os
import pty
import subprocess
import sys
from html.parser import HTMLParser

import numpy as np
import pytest
from scipy import stats

import lrcourse as lr
from lrcourse import intervals, schedules
from lrcourse.comparison import compare

DATA = lr.digits()
PLANS = {
    "constant 0.1": schedules.constant(0.1),
    "time-based": schedules.time_based_decay(0.1, decay=0.01),
    "far <too> high": schedules.constant(1e30),
}


def small(plans=PLANS, **changes):
    """Two epochs of 38 updates."""
    settings = {"baseline": "constant 0.1", "batch_size": 32, "epochs": 2, "seeds": 3, "hidden": (8,)}
    return compare(plans, data=DATA, **settings | changes)


@pytest.fixture(scope="module")
def result():
    return small()


def test_means_intervals_and_paired_differences_are_scipys(result):
    ends = 100 * result.training.test_accuracy[..., -1].astype(float)
    for row, effect in enumerate(result.effects.values()):
        np.testing.assert_array_equal(effect.values, ends[row])
        assert effect.mean == pytest.approx(ends[row].mean())
    effect = result.effects["time-based"]
    low, high = stats.ttest_1samp(ends[1], 0).confidence_interval(0.95)
    assert (effect.mean - effect.half_width, effect.mean + effect.half_width) == pytest.approx((low, high))
    low, high = stats.ttest_rel(ends[1], ends[0]).confidence_interval(0.95)
    assert effect.difference == pytest.approx((low + high) / 2)
    assert effect.difference_half_width == pytest.approx((high - low) / 2)


def test_diverged_models_are_counted_and_stay_in_the_mean(result):
    assert [effect.diverged for effect in result.effects.values()] == [0, 0, 3]
    assert result.effects["far <too> high"].mean == pytest.approx(100 * (DATA.y_test == 0).mean())
    assert result.all_diverged() == ""


def test_the_rates_of_a_comparison_are_those_of_its_schedules(result):
    for name, plan in PLANS.items():
        np.testing.assert_array_equal(result.plans[name], schedules.rates(plan, 76))
    np.testing.assert_allclose(result.training.applied, np.stack(list(result.plans.values())), rtol=1e-6)


def test_a_schedule_may_be_a_row_of_rates(result):
    rows = {name: schedules.rates(plan, 76) for name, plan in PLANS.items()}
    np.testing.assert_array_equal(small(rows).curves(), result.curves())


def test_the_table_is_text_with_a_line_a_schedule(result):
    lines = str(result).splitlines()
    assert lines[0] == "test accuracy in % after 2 epochs, mean and 95 % interval of 3 seeds"
    assert lines[2].split("  ")[0] == "schedule"
    assert [line.split("  ")[0] for line in lines[3:]] == list(PLANS)
    effect = result.effects["time-based"]
    assert f"{effect.mean:.2f} ± {effect.half_width:.2f}" in lines[4]
    assert f"{effect.difference:+.2f} ± {effect.difference_half_width:.2f}" in lines[4]
    assert "baseline" in lines[3]
    assert lines[5].endswith("3 of 3")


def test_loss_is_another_view_of_the_same_training(result):
    loss = result.by("loss")
    assert loss.training is result.training
    assert loss.effects["time-based"].mean == pytest.approx(result.training.train_loss[1, :, -1].mean(), rel=1e-6)
    assert "not finite" in str(loss).splitlines()[-1]


def test_the_html_table_says_the_same_and_escapes_names(result):
    texts = []
    parser = HTMLParser()
    parser.handle_data = texts.append
    parser.feed(result._repr_html_())
    assert "far <too> high" in texts
    assert all(word in texts for word in ("time-based", "baseline", "3 of 3"))


def test_the_figure_has_bands_above_rates_and_a_sentence(result):
    drawing = result.plot()
    above, below = drawing.figure.axes
    assert [len(line.get_xdata()) for line in above.lines] == [2, 2, 2]
    assert len(above.collections) == 3
    np.testing.assert_allclose(above.lines[1].get_ydata(), result.curves()[1].mean(axis=0))
    np.testing.assert_array_equal(below.lines[1].get_ydata(), result.plans["time-based"])
    effect = result.effects["time-based"]
    assert f"time-based ends at {effect.mean:.2f} ± {effect.half_width:.2f}" in drawing.text
    assert "3 of 3 models diverged" in drawing.text
    assert "time-based starts at 0.1 and ends at 0.0571" in drawing.text
    assert drawing.png().startswith(b"\x89PNG")


def test_a_figure_of_more_schedules_than_styles_is_refused():
    many = small({f"{rate}": schedules.constant(rate) for rate in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)}, baseline="0.1")
    with pytest.raises(ValueError, match="at most 6 schedules, to be told apart; got 7"):
        many.plot()


def test_where_everything_diverged_table_and_figure_say_so():
    result = small({"constant 0.1": schedules.constant(1e30), "b": schedules.constant(1e31)})
    sentence = "All 6 models diverged: there is nothing to compare. Try lower rates."
    assert str(result).endswith(sentence)
    assert sentence in result._repr_html_()
    drawing = result.plot()
    assert drawing.text.startswith(sentence)
    assert [text.get_text() for text in drawing.figure.axes[0].texts] == [sentence]
    assert not drawing.figure.axes[0].lines


@pytest.mark.parametrize(
    ("plans", "changes", "message"),
    [
        (
            PLANS,
            {"baseline": "cosine"},
            "baseline must be the name of a schedule, one of ['constant 0.1', 'time-based'",
        ),
        ({}, {}, "got 'constant 0.1'"),
        (PLANS, {"seeds": 1}, "seeds must be a whole number of at least 2; got 1"),
        (PLANS, {"seeds": [4]}, "seeds must be at least two, or there is no interval; got [4]"),
        (PLANS, {"seeds": []}, "got []"),
        (PLANS, {"measure": "speed"}, "measure must be one of accuracy, loss, test loss; got 'speed'"),
        (PLANS, {"optimizer": "nadam"}, "got 'nadam'"),
        (
            {"constant 0.1": lambda step: -0.1},
            {},
            "'constant 0.1' must give finite rates of at least 0; got -0.1 at step 0",
        ),
        ({"constant 0.1": lambda step: 0.1 if step < 5 else float("nan")}, {}, "got nan at step 5"),
        (
            {"constant 0.1": lambda step: None},
            {},
            "schedule 'constant 0.1': A schedule must return one number; at step 0",
        ),
        ({"constant 0.1": [0.1] * 10}, {}, "must give one rate for each of 76 updates; got [10]"),
        ({"constant 0.1": np.ones((76, 2))}, {}, "got [76, 2]"),
    ],
)
def test_bad_input_is_refused_with_rule_and_value(plans, changes, message):
    with pytest.raises(ValueError) as refusal:
        small(plans, **changes)
    assert message in str(refusal.value)


def test_interval_takes_a_column_a_case():
    mean, half_width = intervals.interval([[1.0, 5.0], [2.0, 5.0], [3.0, 5.0]])
    assert mean.tolist() == [2.0, 5.0]
    assert half_width == pytest.approx([stats.t.ppf(0.975, 2) / 3**0.5, 0.0])


PROGRAM = """
import lrcourse as lr
from lrcourse import _progress, schedules
from lrcourse.comparison import compare
_progress.AFTER_SECONDS = 0.0
plans = {"a": schedules.constant(0.1), "b": schedules.constant(1e30)}
result = compare(plans, data=lr.digits(), baseline="a", batch_size=32, epochs=2, seeds=2, hidden=())
"""


def test_a_terminal_shows_progress_on_stdout_and_nothing_on_stderr():
    screen, terminal = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    command = [sys.executable, "-W", "error", "-c", PROGRAM]
    with subprocess.Popen(command, stdout=terminal, stderr=subprocess.PIPE, env=environment) as running:
        os.close(terminal)
        shown = b""
        # Linux reports the end of a terminal as an error, macOS as empty text.
        with contextlib.suppress(OSError):
            while piece := os.read(screen, 4096):
                shown += piece
        errors = running.stderr.read()
    os.close(screen)
    shown = shown.decode()
    assert (running.returncode, errors) == (0, b"")
    assert "2 schedules x 2 seeds" in shown
    assert "100%" in shown


def test_a_notebook_shows_progress_table_and_figure_and_nothing_on_stderr():
    import nbformat
    from nbclient import NotebookClient

    cells = [PROGRAM, "result", "result.plot()"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    progress, table, figure = (cell.outputs for cell in notebook.cells)
    # The bar is redrawn in place and ends as an empty output.
    assert [output["data"] for output in progress] == [{"text/plain": ""}]
    assert set(table[0]["data"]) == {"text/plain", "text/html"}
    assert "image/png" in figure[0]["data"]
    assert not [output for cell in notebook.cells for output in cell.outputs if output.get("name") == "stderr"]


def test_a_pipe_gets_no_progress_at_all():
    done = subprocess.run([sys.executable, "-W", "error", "-c", PROGRAM], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
