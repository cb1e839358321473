"""The moving balls: the numbers travel and not pictures, the same every time, with a still picture and words beside."""

import base64
import json
import re

import nbformat
import numpy as np
import pytest

import lrcourse as lr
from lrcourse.locations import notebooks_dir

UPDATES = [0, 5, 40]
ONE = np.random.RandomState(0).uniform(-2, 2, (3, 7))
TWO = np.random.RandomState(1).uniform(-2, 2, (3, 7, 2))


def drawn(moving):
    """What the script gets, with the positions as numbers again: [schedule, frame, ball, direction]."""
    data = json.loads(moving.data)
    values = np.frombuffer(base64.b64decode(data["data"]), "<u2").astype(float)
    shape = (len(data["panels"]), len(data["updates"]), data["balls"], data["dimensions"])
    return data, (values.reshape(shape) / 65535 * 2 - 1) * data["reach"]


@pytest.mark.parametrize(("positions", "curvature"), [(ONE, (1.0,)), (TWO, (0.02, 1.0))], ids=["valley", "plane"])
def test_the_positions_arrive_to_four_digits(positions, curvature):
    moving = lr.plots.balls({"constant 0.1": positions, "cosine": positions / 2}, updates=UPDATES, curvature=curvature)
    data, found = drawn(moving)
    wanted = positions.reshape(3, 7, -1)
    np.testing.assert_allclose(found, [wanted, wanted / 2], atol=1e-4)
    assert data["updates"] == UPDATES
    assert data["panels"][0]["color"] == "#7A7A7A"
    square = (wanted[-1] ** 2).mean(axis=0)
    assert all(f"{one:.2g}" in data["panels"][0]["measured"][-1] for one in square)
    assert data["panels"][0]["measured"][-1] in moving.text and "7 balls" in moving.text


def test_the_same_figure_gives_the_same_bytes_and_has_a_still_picture_with_its_text():
    def made():
        return lr.plots.balls({"cosine": ONE}, updates=UPDATES, title="They < settle")._repr_mimebundle_()

    one, other = made(), made()
    assert one == other
    assert one["text/plain"].startswith("They < settle. 7 balls in a noisy valley, after 40 updates")
    assert re.search(r'<img alt="They &lt; settle\. 7 balls.*?\."', one["text/html"])
    assert "data:image/png;base64," in one["text/html"] and one["image/png"]


@pytest.mark.parametrize(
    ("positions", "said"),
    [
        ({"a": ONE[:2]}, r"positions must be 1 to 4 arrays of one shape \[3, 'balls'\], a frame an update; got"),
        ({"a": ONE, "b": TWO}, "of one shape"),
        ({}, "of one shape"),
        ({"a": ONE * np.inf}, "positions must be finite"),
    ],
)
def test_what_it_refuses(positions, said):
    with pytest.raises(ValueError, match=said):
        lr.plots.balls(positions, updates=UPDATES)


def test_the_lessons_moving_figures_are_small():
    notebook = nbformat.read(notebooks_dir() / "01_why_schedule" / "01_why_schedule.ipynb", as_version=4)
    outputs = [output.get("data", {}) for cell in notebook.cells for output in cell.get("outputs", [])]
    moving = [data["text/html"] for data in outputs if "<script>" in data.get("text/html", "")]
    assert len(moving) == 2
    assert sum(map(len, moving)) < 300_000


def test_a_page_with_scripts_shows_the_moving_one_and_its_slider(browser):
    moving = lr.plots.balls({"constant 0.1": TWO, "cosine": TWO / 2}, updates=UPDATES, curvature=(0.02, 1.0))
    page = browser.new_page()
    problems = []
    page.on("pageerror", lambda error: problems.append(error))
    page.set_content(moving._repr_mimebundle_()["text/html"] * 2)  # two on one page never meet
    canvas = page.locator("canvas")
    assert canvas.count() == 2 and page.locator("img:visible").count() == 0
    assert canvas.first.get_attribute("aria-label") == moving.told
    first = canvas.first.evaluate("canvas => canvas.toDataURL()")
    page.locator("input[type=range]").first.focus()
    page.keyboard.press("End")
    assert canvas.first.get_attribute("data-update") == "40"
    assert canvas.last.get_attribute("data-update") == "0"
    assert canvas.first.evaluate("canvas => canvas.toDataURL()") != first
    page.get_by_role("button", name="play").last.click()
    page.locator("canvas[data-update='40']").nth(1).wait_for(timeout=10_000)
    page.get_by_role("button", name="play").last.wait_for(timeout=10_000)
    assert problems == []
    page.close()
