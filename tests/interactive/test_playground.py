"""The playground: by typing, as it stands in the lesson's notebook, and with sliders in a real JupyterLab."""

import json
import re
import time

import nbformat
import numpy as np
import pytest
from real_jupyterlab import TOKEN

import lrcourse as lr
from lrcourse.capstone import BUDGET
from lrcourse.interactive.choices import SCHEDULES
from lrcourse.interactive.figure import LiveFigure
from lrcourse.locations import notebooks_dir

LESSON = "07_choose_and_verify"


@pytest.mark.parametrize("name", SCHEDULES)
def test_every_schedule_of_the_list_has_a_plan_and_says_what_to_type_for_it(name):
    playground = lr.playground(name)
    assert playground.plan.shape == (BUDGET,)
    assert playground.text.endswith(".")
    again = eval(playground.call, {"lr": lr})
    np.testing.assert_array_equal(again.plan, playground.plan)


def test_typed_numbers_are_taken_and_the_others_start_where_they_usually_do():
    expected = lr.schedules.rates(lr.schedules.cosine(0.2, decay_steps=BUDGET, final=0.001), BUDGET)
    np.testing.assert_array_equal(lr.playground(schedule="cosine", initial=0.2).plan, expected)


@pytest.mark.parametrize(
    ("name", "numbers", "said"),
    [
        ("cosin", {}, "schedule must be one of cosine, linear, .*; got 'cosin'."),
        ("cosine", {"peak": 1}, "cosine has the numbers initial, decay_steps, final; got 'peak'."),
        ("cosine", {"initial": -1}, "initial must be a finite number greater than 0; got -1."),
        ("one-cycle", {"rise_steps": 1500}, "rise_steps must be below the 1500 steps of the run; got 1500."),
        (
            "warmup-stable-decay",
            {"warmup_steps": 1000, "decay_steps": 500},
            r"warmup_steps \+ decay_steps must be below the 1500 steps of the run; got 1500.",
        ),
        ("warmup + cosine", {"warmup_steps": 2.5}, "warmup_steps must be a whole number of at least 1; got 2.5."),
    ],
)
def test_a_bad_value_is_refused_in_one_sentence_and_the_old_choice_stays(name, numbers, said):
    with pytest.raises(ValueError, match=said):
        lr.playground(name, **numbers)
    playground = lr.playground("linear", initial=0.3)
    with pytest.raises(ValueError, match=said):
        playground.choose(name, numbers)
    assert playground.call == lr.playground("linear", initial=0.3).call


def test_training_compares_with_the_best_constant_rate_over_ten_seeds():
    result = lr.playground("constant").train()
    yours, baseline = result.effects.values()
    assert len(result.seeds) == 10
    # The same rate on both sides; not 0 to the last digit, for sums of floats depend on their order.
    assert abs(yours.difference) < 1
    assert result.baseline in result.plans and baseline.mean > 40


def test_the_figure_follows_the_plan_and_draws_it_as_a_new_figure_would():
    plans = [lr.playground("cosine", initial=rate).plan for rate in (0.2, 0.3, 1.5, 0.2)]
    figure = LiveFigure(BUDGET, steps_per_epoch=125, constant=0.25)
    pictures = [figure.png(plan) for plan in plans]
    assert len(set(pictures)) == 3
    assert pictures[0] == pictures[3]
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)


def test_the_notebook_holds_the_figure_and_no_state_of_widgets():
    notebook = nbformat.read(notebooks_dir() / LESSON / f"{LESSON}.ipynb", as_version=4)
    assert "widgets" not in notebook.metadata
    (cell,) = [cell for cell in notebook.cells if cell.source.startswith("lr.playground(")]
    outputs = [output.data for output in cell.outputs]
    assert "image/png" in outputs[0]
    assert outputs[1]["text/plain"].startswith("Planned learning rate")
    assert "while the notebook runs" in outputs[2]["text/plain"]


@pytest.fixture(scope="module")
def page(browser, lab):
    """JupyterLab with a notebook that has run `lr.playground`."""
    folder, address = lab
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell('import lrcourse as lr\n\nlr.playground("cosine", initial=0.3)')]
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3 (ipykernel)"}
    nbformat.write(notebook, folder / "playground.ipynb")
    page = browser.new_page(viewport={"width": 1300, "height": 1200})
    page.goto(f"{address}/lab/workspaces/playground/tree/playground.ipynb?token={TOKEN}")
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=90_000)
    page.locator(".jp-CodeCell .cm-content").first.click()
    page.keyboard.press("Shift+Enter")
    page.locator(".jp-OutputArea .widget-hslider").first.wait_for(timeout=90_000)
    yield page
    page.close()


def call_of(page):
    return page.locator(".jp-OutputArea-output", has_text="lr.playground(").last


def picture_of(page):
    return page.locator(".jp-OutputArea-output img").first.get_attribute("src")


def until(page, other_than, seconds=20):
    """The picture, once it is another one."""
    end = time.monotonic() + seconds
    while (picture := picture_of(page)) == other_than:
        assert time.monotonic() < end, "the figure did not change"
        time.sleep(0.02)
    return picture


def test_moving_a_slider_by_keyboard_or_mouse_redraws_the_figure(page):
    before = picture_of(page)
    handle = page.locator(".widget-hslider .noUi-handle").first
    handle.focus()
    page.keyboard.press("ArrowRight")
    after = until(page, before)
    call_of(page).get_by_text(re.compile(r"initial=0\.3\d")).wait_for(timeout=20_000)
    box = page.locator(".widget-hslider .noUi-base").first.bounding_box()
    page.mouse.click(box["x"] + 0.9 * box["width"], box["y"] + box["height"] / 2)
    until(page, after)
    call_of(page).get_by_text(re.compile(r"initial=(0\.[89]|1)")).wait_for(timeout=20_000)


def test_typing_a_number_redraws_the_figure_and_a_bad_one_gets_a_sentence(page):
    before = picture_of(page)
    field = page.locator("input[type=number]").first
    field.fill("0.45")
    field.press("Tab")
    after = until(page, before)
    call_of(page).get_by_text("initial=0.45").wait_for()
    page.wait_for_timeout(1000)  # for the slider, which goes to its nearest step: the typed number has to stay
    assert "initial=0.45," in call_of(page).inner_text() and picture_of(page) == after
    field.fill("-1")
    field.press("Tab")
    page.get_by_text("initial must be a finite number greater than 0; got -1").wait_for(timeout=20_000)
    assert picture_of(page) == after
    assert page.get_by_text("Traceback").count() == 0
    field.fill("0.45")
    field.press("Tab")
    page.get_by_text("initial must be").wait_for(state="detached", timeout=20_000)


def test_another_schedule_has_its_own_numbers(page):
    before = picture_of(page)
    page.locator(".widget-dropdown select").first.select_option("one-cycle")
    until(page, before)
    page.locator(".widget-label", has_text="rise_steps").wait_for()
    call_of(page).get_by_text('lr.playground("one-cycle", peak=0.6, rise_steps=450)').wait_for()


def test_the_button_trains_ten_seeds_and_shows_the_table(page):
    page.get_by_role("button", name="train 10 seeds").click()
    page.locator(".jp-OutputArea-output caption", has_text="95 % interval of 10 seeds").wait_for(timeout=120_000)
    assert page.locator("td", has_text="baseline").count() == 1
    assert page.get_by_text("Traceback").count() == 0


def test_saved_the_notebook_keeps_the_figure_and_the_table(page, lab):
    path = lab[0] / "playground.ipynb"
    page.keyboard.press("Escape")
    page.keyboard.press("Control+s")
    for _ in range(100):
        outputs = json.loads(path.read_text())["cells"][0]["outputs"]
        if any("text/html" in output.get("data", {}) for output in outputs):
            break
        time.sleep(0.1)
    kinds = [set(output["data"]) for output in outputs if "data" in output]
    assert any("image/png" in kind for kind in kinds)
    assert any("text/html" in kind for kind in kinds)
