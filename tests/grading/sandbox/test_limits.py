"""What one submission may use holds: memory, files, processes."""

import pytest

MB = 2**20

# Prints how many processes it could have at a time; each child stays.
STORM = """
import os, signal, time
made = 0
for _ in range(200):
    try:
        if os.fork() == 0:
            signal.pause()
    except OSError:
        break
    made += 1
print(made, flush=True)
time.sleep(1)
"""

ENDLESS_STORM = """
import os
while True:
    try:
        os.fork()
    except OSError:
        pass
"""


def test_no_more_processes_than_the_limit(drive):
    found = drive(STORM, limits={"processes": 24})
    if found["stopped_for"] is None:
        assert 15 <= int(found["out"]) <= 24
    else:  # where the kernel counts a user's other processes too, the watch may be first
        assert found["stopped_for"] == "processes"
    assert found["left"] == []


def test_the_default_is_64(drive):
    found = drive(STORM)
    assert found["stopped_for"] == "processes" or 50 <= int(found["out"]) <= 64


def test_an_endless_storm_is_ended_by_kill(drive):
    found = drive(ENDLESS_STORM, limits={"processes": 32}, seconds=3)
    assert found["killed"] or found["stopped_for"] == "processes"
    assert found["left"] == []
    assert found["marked"] == []


def test_a_process_that_asks_for_too_much_memory_gets_an_error_and_goes_on(drive):
    code = "try:\n    bytearray(400 << 20)\nexcept MemoryError:\n    print('refused')"
    found = drive(code, limits={"memory": 300 * MB})
    assert (found["out"], found["exit"], found["stopped_for"]) == ("refused\n", 0, None)


SEVERAL = """
import os, time
for _ in range(4):
    if os.fork() == 0:
        held = b"x" * (150 << 20)
        time.sleep(30)
time.sleep(30)
"""
SHARED = """
import mmap, time
held = mmap.mmap(-1, 600 << 20)
for _ in range(600):
    held.write(bytes(1 << 20))
time.sleep(30)
"""


@pytest.mark.parametrize("code", [SEVERAL, SHARED], ids=["several processes", "shared pages"])
def test_memory_that_no_process_has_alone_ends_the_submission(drive, code):
    found = drive(code, limits={"memory": 300 * MB}, seconds=20)
    assert found["stopped_for"] == "memory"
    assert found["exit"] == 137
    assert found["left"] == []


def test_pages_that_children_share_with_their_parent_count_once(drive):
    code = """
import os, time
held = b"x" * (150 << 20)
for _ in range(8):
    if os.fork() == 0:
        time.sleep(1.5)
        os._exit(0)
time.sleep(1.5)
"""
    found = drive(code, limits={"memory": 400 * MB})
    assert (found["stopped_for"], found["exit"]) == (None, 0)


def test_a_file_stops_at_its_size(drive):
    code = """
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
try:
    with open("big", "wb") as file:
        for _ in range(40):
            file.write(bytes(1 << 20))
except OSError as error:
    print(error.errno)
"""
    assert drive(code, limits={"file": 8 * MB})["out"] == "27\n"


FILL = """
import itertools, time
try:
    for number in itertools.count():
        with open(f"file{number}", "wb") as file:
            file.write(bytes(4 << 20))
        if number > 100:
            break
        time.sleep(0.02)
except OSError as error:
    print(error.errno)
time.sleep(2)
"""


def test_files_stop_at_their_size_in_all(drive, place):
    found = drive(FILL, limits={"files": 64 * MB})
    # A file system of its own is full; a folder on the host's disk is watched.
    assert found["stopped_for"] == "files" if place[0] == "landlock" else found["out"] == "28\n"


def test_deleted_files_that_are_open_count(drive, place):
    code = FILL.replace("with open", "import os\n        held = globals().setdefault('held', [])\n        with open")
    code = code.replace("file.write(", "held.append(os.dup(file.fileno())); os.unlink(file.name); file.write(")
    found = drive(code, limits={"files": 64 * MB})
    assert found["stopped_for"] == "files" if place[0] == "landlock" else found["out"] == "28\n"


def test_many_empty_files_end_the_submission(drive):
    code = """
import time
for number in range(100_000):
    open(f"file{number}", "w").close()
time.sleep(5)
"""
    assert drive(code, limits={"files": 32 * MB})["stopped_for"] == "files"


def test_the_spool_takes_sockets(drive):
    code = """
import os, socket
made = socket.socket(socket.AF_UNIX)
made.bind(os.environ["SPOOL"] + "/s-1")
made.listen()
print("bound")
"""
    found = drive(code)
    assert (found["out"], found["in_spool"]) == ("bound\n", ["s-1"])
