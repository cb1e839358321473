"""A lesson in a real JupyterLab, in a real browser, as `lrcourse lab` opens it."""

import json
import re
import time

from real_jupyterlab import TOKEN

LESSON = "05_warmup"


def cells_of(path):
    return [
        (cell["cell_type"], "".join(cell["source"]), cell["metadata"].get("nbgrader"), cell["id"])
        for cell in json.loads(path.read_text())["cells"]
    ]


def is_saved(path, before):
    """Whether the file is another than before and whole; while JupyterLab writes, it may be empty or cut off."""
    text = path.read_text()
    try:
        json.loads(text)
    except ValueError:
        return False
    return text != before


def test_jupytext_is_there_so_that_the_next_test_means_something():
    import jupytext  # noqa: F401


def test_opening_and_saving_a_released_lesson_changes_no_cell_and_writes_no_text(browser, lab):
    folder, address = lab
    path = folder / LESSON / f"{LESSON}.ipynb"
    before, text_before = cells_of(path), path.read_text()
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    page.goto(f"{address}/lab/workspaces/lesson/tree/{LESSON}/{LESSON}.ipynb?token={TOKEN}")
    page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=60_000)
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=60_000)
    page.locator(".jp-CodeCell .cm-content").first.click()
    page.keyboard.press("Shift+Enter")
    page.locator(".jp-CodeCell .jp-InputPrompt", has_text=re.compile(r"\[1\]")).first.wait_for(timeout=60_000)
    page.keyboard.press("Escape")
    page.keyboard.press("Control+s")
    for _ in range(300):
        if is_saved(path, text_before):
            break
        time.sleep(0.1)
    assert is_saved(path, text_before), "the notebook was not saved"
    assert cells_of(path) == before
    assert [found for found in folder.rglob("*.md") if ".ipynb_checkpoints" not in found.parts] == []
    page.close()


def test_the_lab_opens_on_the_first_lesson(browser, lab):
    _, address = lab
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    page.goto(f"{address}/?token={TOKEN}")  # where the printed address leads
    page.locator(".jp-Notebook h1", has_text="Start here").wait_for(timeout=60_000)
    page.close()
