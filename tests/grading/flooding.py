"""Submissions whose kernel floods the one who grades, and what each takes there; a test runs it."""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import dataclass, field

from small_notebooks import STEPS, TIME, graded, notebook

from lrcourse.grading.run.execution import run_notebook
from lrcourse.grading.run.kernels import ColdKernels
from lrcourse.grading.sandbox import Limits, find_sandbox

# The cell sends for longer than it may run.
SEND = """
import random, time
k = get_ipython().kernel
def send(kind, content):
    k.session.send(k.iopub_socket, kind, content, parent=k.get_parent())
end = time.monotonic() + 20
while time.monotonic() < end:
    send(*message())
"""
RAW = """
import time
k = get_ipython().kernel
head = k.session.serialize(k.session.msg('stream', {'name': 'stdout', 'text': 'x'}, parent=k.get_parent()))
large = bytes(3_900_000)
k.iopub_thread.schedule(lambda: k.iopub_thread.socket.send_multipart([b'x', *head, *[large] * 1000], copy=False))
time.sleep(20)
"""
REPLY = """
import lrcourse.student_code.agent as agent
class Reply:
    def __repr__(self):
        return text
agent.obey = lambda message: Reply()
"""


@dataclass(frozen=True)
class Flood:
    """Cells beside two right answers, and what becomes of these."""

    cells: list[str]
    outcomes: list[str] = field(default_factory=lambda: ["correct", "correct"])


def _sends(message: str) -> Flood:
    return Flood([f"def message():\n    return {message}\n{SEND}"])


def _replies(text: str) -> Flood:
    return Flood([f"text = {text}\n{REPLY}"], ["incorrect", "incorrect"])


FLOODS = {
    "seven hundred thousand keys": _sends(
        "'display_data', {'data': {str(random.random()): 0 for _ in range(700_000)}}"
    ),
    "fifteen megabytes of lists": _sends("'display_data', {'data': {'a': [[] for _ in range(3_900_000)]}}"),
    "as many lists as a message holds": _sends("'display_data', {'data': {'a': [[] for _ in range(900_000)]}}"),
    "a thousand parts": Flood([RAW]),
    "small texts": _sends("'stream', {'name': random.choice(['stdout', 'stderr']), 'text': 'x'}"),
    "empty texts": _sends("'stream', {'name': 'stdout', 'text': ''}"),
    "what is no output": _sends("'comm_msg', {'data': ['x'] * 1000}"),
    "a hundred cells that print two megabytes": Flood(["print('x' * 1_900_000)"] * 100),
    "lists in a reply": _replies("'{\"replies\": [[' + '[],' * 1_200_000 + '[]]]}'"),
    "objects in a reply": _replies("'{\"replies\": [[' + '{\"kind\":\"none\"},' * 200_000 + '{}]]}'"),
}


def main() -> None:
    limits = Limits(cell_seconds=1, submission_seconds=15)
    kernels = ColdKernels(find_sandbox("bubblewrap"), limits)
    kernels.start(None).kill()  # what loading takes does not count
    found = {name: _measured(flood, kernels, limits) for name, flood in FLOODS.items()}
    print(json.dumps(found))


def _measured(flood: Flood, kernels: ColdKernels, limits: Limits) -> list:
    """Seconds, MiB of memory at most, outcomes; in a process of its own."""
    reading, writing = os.pipe()
    if child := os.fork():
        os.close(writing)
        with open(reading) as pipe:
            told = pipe.read()
        os.waitpid(child, 0)
        return json.loads(told)
    before, start = _most_memory(), time.monotonic()
    nb = notebook(TIME, STEPS, *flood.cells, graded("time_based_decay"), graded("steps_between_decays"))
    report = run_notebook(nb, kernels, limits, lambda id: id)
    took = [time.monotonic() - start, (_most_memory() - before) / 1024, [mark.outcome for mark in report.marks]]
    with open(writing, "w") as pipe:
        pipe.write(json.dumps(took))
    sys.stdout.flush()
    os._exit(0)


def _most_memory() -> int:
    """KiB that this process has had at most."""
    with open("/proc/self/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmHWM"))


if __name__ == "__main__":
    main()
