"""A real JupyterLab and a real browser, one of each for all tests of a worker that need them."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

TOKEN = "for-the-test"
# Without the flags about the network the browser looks up its maker's hosts at every start.
CHROMIUM_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
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


@pytest.fixture(scope="session")
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
