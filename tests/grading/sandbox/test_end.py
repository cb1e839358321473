"""The end of a submission is the end of everything that it started."""

import json
import signal
import subprocess
import time
import uuid
from pathlib import Path

# A process that has left its parent, its group and its session, and hears no signal that it can refuse.
DAEMON = """
import os, signal, sys, time
def leave():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for number in range(1, 32):
                try:
                    signal.signal(number, signal.SIG_IGN)
                except (OSError, ValueError):
                    pass
            for stream in (0, 1, 2):
                os.close(stream)
            time.sleep(300)
        os._exit(0)
    os.wait()
leave()
print("left", flush=True)
"""


def test_what_outlives_its_parents_is_gone_once_the_code_ends(drive):
    found = drive(DAEMON)
    assert (found["out"], found["exit"]) == ("left\n", 0)
    assert found["left"] == found["marked"] == []


def test_what_outlives_its_parents_is_gone_after_a_kill(drive):
    found = drive(DAEMON + "time.sleep(300)", seconds=2)
    assert found["killed"]
    assert found["seen"] >= 3
    assert found["left"] == found["marked"] == []


def test_the_exit_code_is_told(drive):
    assert drive("raise SystemExit(7)")["exit"] == 7
    assert drive("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")["exit"] == 137


def test_nothing_goes_on_when_the_grader_is_killed(place, command, needs):
    level, user = place
    needs(level)
    mark = uuid.uuid4().hex
    order = {"level": level, "code": f"{DAEMON}\nMARK = '{mark}'\ntime.sleep(300)", "seconds": 300}
    grader = subprocess.Popen(command(user), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    with grader.stdin as stdin:
        stdin.write(json.dumps(order).encode() + b"\n")
    assert eventually(lambda: len(marked(mark)) >= 2), "the code did not start"
    grader.send_signal(signal.SIGKILL)
    grader.wait()
    assert eventually(lambda: not marked(mark))


def marked(mark):
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if mark.encode() in path.read_bytes():
                found.append(path.parent.name)
        except OSError:
            continue
    return found


def eventually(condition, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return False


def test_a_signal_reaches_the_python_inside(drive):
    code = """
import os, signal, time
signal.signal(signal.SIGINT, lambda *_: os.write(1, b"heard\\n") and os._exit(3))
print("ready", flush=True)
time.sleep(60)
"""
    found = drive(code, interrupt=True)
    assert (found["out"], found["exit"]) == ("ready\nheard\n", 3)


def test_the_thread_that_started_it_may_end(drive):
    found = drive("import time; time.sleep(1.5); print('still here')", in_a_thread=True)
    assert found["out"] == "still here\n"
