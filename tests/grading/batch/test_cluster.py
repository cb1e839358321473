"""A scheduler and two workers as processes of their own, as a university runs them: same marks, and clear words."""

import socket
import time

import pytest
from distributed import wait
from small_class import CLASS, LESSON, copy_of, everything

from lrcourse.errors import CommandError
from lrcourse.grading.batch import cluster as cluster_module
from lrcourse.grading.batch.cluster import workers
from lrcourse.grading.batch.grade import How, grade_assignment


def test_workers_that_have_no_course_and_no_gradebook_give_the_same(submitted, graded, cluster, tmp_path):
    root = copy_of(submitted, tmp_path / "course")
    graded_here = grade_assignment(root, LESSON, how=How(scheduler=cluster.address, quiet=True))
    assert (graded_here.new, graded_here.problems) == (len(CLASS), {})
    assert everything(root) == everything(graded[0])
    assert not list(cluster.folder.glob("**/*.db"))


def test_no_scheduler_at_the_address_is_said_in_one_line(monkeypatch):
    monkeypatch.setattr(cluster_module, "CONNECT", 0.5)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(CommandError, match=f"No Dask scheduler answers at {address}"), workers(None, address, 1):
        pass


def test_a_scheduler_that_goes_away_is_said_in_one_line(other_cluster):
    with pytest.raises(CommandError, match=r"is gone\. Graded work is saved"):  # noqa: SIM117
        with workers(None, other_cluster.address, 1) as client:
            future = client.submit(time.sleep, 60)
            other_cluster.processes["scheduler"].kill()
            wait([future])
