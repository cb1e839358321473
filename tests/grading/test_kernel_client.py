"""Whatever a kernel sends, it holds the grader no longer than its time, and takes little of its memory."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import zmq
from flooding import FLOODS
from small_notebooks import STEPS, TIME, graded, notebook

from lrcourse.grading.run import kernel_client
from lrcourse.grading.run.execution import run_notebook
from lrcourse.grading.run.kernel_client import LARGEST_MESSAGE, MOST_PARTS
from lrcourse.grading.run.kernels import ColdKernels
from lrcourse.grading.sandbox import Limits

HERE = Path(__file__).parent
BEYOND = 5.0  # what a submission may take beyond its limit, in seconds
LOADED = 25.0  # and what a machine with other things to do may take
MEMORY = 300  # MiB


@pytest.fixture(scope="module")
def sandbox(needs):
    return needs("bubblewrap")


@pytest.fixture(scope="module")
def floods(sandbox):
    """What each flood took: one process for each, since only that tells the most memory that it has had."""
    ran = subprocess.run(
        [sys.executable, HERE / "flooding.py"],
        env=os.environ | {"PYTHONPATH": str(HERE)},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


@pytest.mark.parametrize("name", FLOODS)
def test_no_flood_holds_the_grader(floods, name):
    seconds, mebibytes, outcomes = floods[name]
    assert seconds < BEYOND + LOADED
    assert mebibytes < MEMORY
    assert outcomes == FLOODS[name].outcomes


CHANGES_ITS_KEY = "get_ipython().kernel.session.key = b'another'"
LATER = f"import threading\nthreading.Timer(0.2, lambda: exec({CHANGES_ITS_KEY!r}, globals())).start()"


@pytest.mark.parametrize("cells", [(CHANGES_ITS_KEY,), (LATER, "import time; time.sleep(0.6)")])
def test_a_kernel_that_changes_its_key_is_replaced(sandbox, cells):
    limits = Limits(cell_seconds=3, submission_seconds=100)
    nb = notebook(TIME, STEPS, *cells, graded("time_based_decay"), graded("steps_between_decays"))
    start = time.monotonic()
    report = run_notebook(nb, ColdKernels(sandbox, limits), limits, lambda id: id)
    assert [mark.outcome for mark in report.marks] == ["correct", "correct"]
    assert time.monotonic() - start < 60


@pytest.fixture
def place(tmp_path_factory):
    """A short path for a socket."""
    return f"/tmp/lrc-test-{os.getpid()}-{time.monotonic_ns()}"


def connected(place, kind, ours):
    """ZeroMQ's own socket of this kind, and ours at the other end."""
    context = zmq.Context()
    other = context.socket(kind)
    other.bind(f"ipc://{place}")
    channel = kernel_client._Channel(place, ours)
    deadline = time.monotonic() + 30
    while not channel.connect():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return context, other, channel


def received(channel, number):
    found, deadline = [], time.monotonic() + 30
    while len(found) < number and not channel.closed and time.monotonic() < deadline:
        if (message := channel.receive()) is not None:
            found.append(message)
    return found


def test_it_speaks_with_zeromq_both_ways_and_passes_over_what_is_too_large(place):
    context, router, channel = connected(place, zmq.ROUTER, b"DEALER")
    channel.send([b"", b"a" * 255, b"b" * 256, b"c" * 3_000_000])
    assert router.poll(30_000)
    name, *parts = router.recv_multipart()
    assert parts == [b"", b"a" * 255, b"b" * 256, b"c" * 3_000_000]
    messages = [
        [b"one"],
        [b"", b"x" * 255, b"", b"y" * 256],
        [b"x" * (LARGEST_MESSAGE + 1)],
        [b"half"] + [b"x" * (LARGEST_MESSAGE // 2)] * 3 + [b""],
        [b"x"] * (MOST_PARTS + 1),
        [b"x"] * MOST_PARTS,
        [b"x" * LARGEST_MESSAGE],
    ]
    for message in messages:
        router.send_multipart([name, *message])
    wanted = [messages[0], messages[1], [], [], [], messages[5], messages[6]]
    assert received(channel, len(messages)) == wanted
    assert not channel.closed
    context.destroy(linger=0)
    assert received(channel, 1) == []
    assert channel.closed
    channel.send([b"nobody hears it"])
    channel.close()


def test_it_subscribes_to_everything(place):
    context, publisher, channel = connected(place, zmq.XPUB, b"SUB")
    assert publisher.poll(30_000)
    assert publisher.recv() == b"\x01"
    publisher.send_multipart([b"any topic", b"text"])
    assert received(channel, 1) == [[b"any topic", b"text"]]
    channel.close()
    context.destroy(linger=0)


def test_outputs_are_built_of_what_is_known():
    kept = kernel_client._Outputs(10_000)
    picture = {"image/png": "iVBO", "text/html": "<b>", "application/x": {"a": [1]}}
    kept.add(
        "display_data", {"data": picture, "metadata": {"image/png": {"width": 3, "x": []}, "y": 1}, "transient": {}}
    )
    kept.add("execute_result", {"data": {"text/plain": "1"}, "execution_count": "many"})
    kept.add("error", {"ename": "E", "evalue": "v", "traceback": ["one", 2] + ["line"] * 5000})
    for broken in ({}, {"data": 1}, {"data": {"text/plain": "\ud800"}}, {"ename": 1, "evalue": 2, "traceback": 3}):
        for kind in ("display_data", "execute_result", "error", "stream", "comm_open", "nonsense"):
            kept.add(kind, broken)
    kept.add("stream", {"name": "stdin", "text": "x"})
    for name, text in (("stdout", "a"), ("stdout", "b"), ("stderr", "c"), ("stdout", "\ud800"), ("stdout", "d")):
        kept.add("stream", {"name": name, "text": text})
    display, result, error, *streams = kept.outputs()
    assert display.data == {"image/png": "iVBO", "text/html": "<b>", "application/x": ""}
    assert display.metadata == {"image/png": {"width": 3}}
    assert (result.data, result.execution_count) == ({"text/plain": "1"}, None)
    assert (error.ename, error.traceback[:2], len(error.traceback)) == ("E", ["one", "line"], 999)
    assert [(each.name, each.text) for each in streams] == [("stdout", "ab"), ("stderr", "c"), ("stdout", "d")]
    kept.add("stream", {"name": "stdout", "text": "x" * 10_000})
    assert kept.full
    assert "is left out" in kept.outputs()[-1].text
