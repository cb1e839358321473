"""Whenever a run is killed, the next one goes on, and at the end nothing shows that it was."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from small_class import CLASS, LESSON, command, copy_of, everything, submit

from lrcourse.errors import CommandError
from lrcourse.grading.course import Course
from lrcourse.grading.gradebook.journal import only_driver

HERE = Path(__file__).parent


def script(name, *arguments, before=()):
    paths = os.pathsep.join([str(HERE), str(HERE.parent)])
    line = [*before, sys.executable, HERE / name, *arguments]
    environment = os.environ | {"PYTHONPATH": paths}
    return subprocess.run(list(map(str, line)), env=environment, capture_output=True, text=True, timeout=300)


def test_killed_before_any_step_of_saving_it_ends_with_the_same_rows_and_files(released, tmp_path):
    done = script("killed.py", released, tmp_path)
    assert done.returncode == 0, done.stderr
    steps = int(done.stdout)
    assert steps > 20  # files, folders, renames and outcomes of two submissions
    undisturbed = everything(tmp_path / "undisturbed")
    for number in range(1, steps + 1):
        root = tmp_path / str(number)
        assert everything(root) == undisturbed, f"killed before step {number}"
        left = [path for path in (root / ".lrcourse" / "journal").rglob("*") if path.is_file() and path.name != "lock"]
        assert left == []


def started(root, *arguments):
    """`lrcourse grade small` in a process group of its own, as in a terminal."""
    programs = Path(sys.executable).parent
    return subprocess.Popen(
        [programs / "lrcourse", "grade", LESSON, *arguments],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def graded_in(lines):
    """Who was graded, by the lines that a run printed."""
    return [line.split(": ")[1] for line in lines if re.match(r"\d+ of \d+: ", line)]


def until_first(process):
    """The lines up to the one that says that a submission is graded."""
    lines = []
    for line in process.stdout:
        lines.append(line)
        if graded_in(lines):
            return lines
    raise AssertionError(process.stderr.read())


def workers_of(process):
    return [
        child
        for child in psutil.Process(process.pid).children(recursive=True)
        if "multiprocessing" in str(child.cmdline())
    ]


def test_kill_9_and_ctrl_c_lose_nothing_and_grade_nobody_twice(submitted, graded, cluster, tmp_path):
    root = copy_of(submitted, tmp_path / "course")
    killed = started(root, "--workers", "1")
    done = graded_in(until_first(killed))
    workers = workers_of(killed)
    assert workers
    killed.kill()
    killed.communicate()
    assert psutil.wait_procs(workers, 30)[1] == []  # they end with the driver

    stopped = started(root, "--workers", "1")
    lines = until_first(stopped)
    os.killpg(stopped.pid, signal.SIGINT)
    out, err = stopped.communicate(timeout=60)
    done += graded_in([*lines, *out.splitlines()])
    assert stopped.returncode == 130
    assert err == "lrcourse: Stopped. Graded work is saved. Run the same command to resume.\n"

    last = command(root, "--scheduler", cluster.address)
    assert (last.returncode, last.stderr) == (0, "")
    done += graded_in(last.stdout.splitlines())
    assert sorted(done) == sorted(CLASS)
    assert everything(root) == everything(graded[0])


KILLS_ITS_WORKER = """
import os, signal
from pathlib import Path

def worker(pid):
    if "multiprocessing" in Path(f"/proc/{pid}/cmdline").read_text():
        return pid
    return worker(int(Path(f"/proc/{pid}/stat").read_text().rsplit(")")[-1].split()[1]))

mark = Path("MARK")
if not mark.exists():
    mark.parent.exists() and mark.touch()
    os.kill(worker(os.getpid()), signal.SIGKILL)
"""


def test_a_worker_that_dies_is_replaced_and_one_submission_that_ends_three_is_given_up(submitted, graded, tmp_path):
    root = copy_of(submitted, tmp_path / "course")
    submit(root, "once", CLASS["ada"] | {"before": KILLS_ITS_WORKER.replace("MARK", str(tmp_path / "mark"))})
    submit(root, "always", {"before": KILLS_ITS_WORKER.replace("MARK", "/nowhere/mark")})
    done = command(root, "--workers", "2", "--students", "ada,always,once")
    assert done.returncode == 1
    assert done.stderr == ""
    assert "not graded: always: Grading it ended the worker process each time, so it was given up." in done.stdout
    points = {row.student: row.points for row in Course(root).scores(LESSON, ["ada", "once", "always"], ["always"])}
    assert points == {"ada": 3.0, "once": 3.0, "always": None}
    assert not (root / "autograded" / "always").exists()
    deadline = time.monotonic() + 30
    while (left := kernels_left()) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not left, "without a sandbox, too, a kernel ends with its worker"


def kernels_left():
    """Kernels of this environment that belong to nobody any more."""
    everybody = [one.info for one in psutil.process_iter(["pid", "ppid", "cmdline"])]
    kernels = [one for one in everybody if "ipykernel_launcher" in (one["cmdline"] or ())]
    return [one["pid"] for one in kernels if one["ppid"] == 1 and one["cmdline"][0].startswith(sys.prefix)]


def test_a_full_disk_stops_it_with_one_line_and_it_goes_on_when_there_is_room(released, tmp_path, needs):
    needs("bubblewrap")
    small_disk = ["bwrap", "--dev-bind", "/", "/", "--size", str(6 << 20), "--tmpfs", "/mnt", "--chdir", "/mnt"]
    done = script("full_disk.py", released, tmp_path, before=small_disk)
    assert done.returncode == 0, done.stderr
    said = done.stdout.splitlines()
    full = [line for line in said if re.search("No space left on device|database or disk is full", line)]
    assert len(full) >= 5
    assert all(line in full or line == "saved" for line in said)
    assert all("the same command" in line for line in full)
    for place in tmp_path.iterdir():
        assert everything(place) == everything(tmp_path / "undisturbed"), place.name


def test_two_runs_at_once_are_one_too_many(tmp_path):
    with only_driver(tmp_path), pytest.raises(CommandError, match="Another `lrcourse grade` is running"):  # noqa: SIM117
        with only_driver(tmp_path):
            pass
    with only_driver(tmp_path):
        pass
