"""A scheduler and two workers as processes of their own, as a university runs them: same marks, and clear words."""

import socket

import pytest
from small_class import command, copy_of, everything

from lrcourse.errors import CommandError
from lrcourse.grading.batch import cluster as cluster_module
from lrcourse.grading.batch.cluster import workers


def test_workers_that_have_no_course_and_no_gradebook_give_the_same(submitted, graded, cluster, tmp_path):
    root = copy_of(submitted, tmp_path / "course")
    done = command(root, "--scheduler", cluster.address)
    assert (done.returncode, done.stderr) == (0, "")
    assert everything(root) == everything(graded[0])
    assert not list(cluster.folder.glob("**/*.db"))


def test_no_scheduler_at_the_address_is_said_in_one_line(monkeypatch):
    monkeypatch.setattr(cluster_module, "CONNECT", 0.5)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(CommandError, match=f"No Dask scheduler answers at {address}"), workers(None, address, 1):
        pass
