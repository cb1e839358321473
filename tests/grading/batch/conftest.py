"""One small course for all tests here, and one Dask cluster of separate processes with Dask's defaults."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from distributed import Client
from small_class import command, copy_of, make_course, submit_class

DASK = Path(sys.executable).parent / "dask"


@pytest.fixture(scope="session")
def released(tmp_path_factory):
    """A course in which the assignment is released and nobody has submitted."""
    root = tmp_path_factory.mktemp("released")
    make_course(root)
    return root


@pytest.fixture(scope="session")
def submitted(released, tmp_path_factory):
    """The same with the class's submissions."""
    root = copy_of(released, tmp_path_factory.mktemp("submitted") / "course")
    submit_class(root)
    return root


@pytest.fixture(scope="session")
def graded(submitted, tmp_path_factory):
    """The same graded by `lrcourse grade --workers 2`, and what that printed. Nobody changes it."""
    root = copy_of(submitted, tmp_path_factory.mktemp("graded") / "course")
    done = command(root, "--workers", "2")
    assert (done.returncode, done.stderr) == (0, "")
    return root, done.stdout


class Cluster:
    """A scheduler and workers, each a process of its own, in a folder without a course."""

    def __init__(self, folder: Path, *workers: str):
        self.folder = folder
        self.processes = {}
        file = folder / "scheduler.json"
        self._start("scheduler", "scheduler", "--scheduler-file", file, "--host", "127.0.0.1", "--port", "0")
        self.address = _address(file)
        for name in workers:
            self.add(name)
        with Client(self.address) as client:
            client.wait_for_workers(len(workers), timeout=120)

    def add(self, name: str) -> None:
        """One more worker, with Dask's defaults and one thread."""
        self._start(name, "worker", self.address, "--nthreads", "1", "--name", name, "--no-dashboard")

    def _start(self, name, *arguments):
        with (self.folder / f"{name}.log").open("wb") as log:
            self.processes[name] = subprocess.Popen(
                [DASK, *map(str, arguments)], cwd=self.folder, stdout=log, stderr=log, start_new_session=True
            )

    def close(self) -> None:
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _address(file: Path) -> str:
    """The address in the file that a scheduler writes; it stands there empty for a moment."""
    deadline = time.monotonic() + 60
    while True:
        try:
            return json.loads(file.read_text())["address"]
        except (FileNotFoundError, json.JSONDecodeError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


@pytest.fixture
def other_cluster(tmp_path):
    """A cluster of one worker for a test that breaks it."""
    cluster = Cluster(tmp_path, "one")
    yield cluster
    cluster.close()


@pytest.fixture(scope="session")
def cluster(tmp_path_factory):
    """Its `address` is for `--scheduler`."""
    cluster = Cluster(tmp_path_factory.mktemp("cluster"), "one", "two")
    yield cluster
    cluster.close()
