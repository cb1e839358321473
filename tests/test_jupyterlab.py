"""A lesson in a real JupyterLab, in a real browser, as `lrcourse lab` opens it."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

LESSON = "05_warmup"
TOKEN = "for-the-test"
# Without the flags about the network the browser looks up its maker's hosts at every start.
CHROMIUM_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def browser():
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing, and CI must have it: see .ci/run")
        pytest.skip("Chromium is missing (Debian: apt install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """`lrcourse lab` on a workspace of its own; gives the workspace and the server's address."""
    folder, port = tmp_path_factory.mktemp("lab") / "workspace", free_port()
    environment = os.environ | {"JUPYTER_TOKEN": TOKEN, "HOME": str(tmp_path_factory.mktemp("home"))}
    log = (folder.parent / "log.txt").open("w+")
    process = subprocess.Popen(
        [Path(sys.executable).parent / "lrcourse", "lab", folder, "--no-browser", "--port", str(port)],
        env=environment,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(f"{address}/api/status?token={TOKEN}", timeout=5).close()
                break
            except OSError:
                assert process.poll() is None, Path(log.name).read_text()
                time.sleep(0.5)
        else:
            pytest.fail(f"JupyterLab did not start:\n{Path(log.name).read_text()}")
        yield folder, address
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)
        log.close()


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
    page.goto(f"{address}/lab/tree/{LESSON}/{LESSON}.ipynb?token={TOKEN}")
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
