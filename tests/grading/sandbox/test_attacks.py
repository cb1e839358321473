"""A student's code tries to get out: at each level, as root and as an ordinary user, nothing comes through."""

import json
import os
import subprocess
from pathlib import Path

import attacks
import pytest

CODE = Path(attacks.__file__).read_text()
NAMES = [attack.__name__ for attack in attacks.ATTACKS]


@pytest.fixture(scope="module")
def tried(drive):
    found = drive(CODE, attack=True)
    assert found["exit"] == 0, found["err"]
    return found


@pytest.mark.parametrize("name", NAMES)
def test_an_attack_does_not_come_through(tried, name):
    assert name not in json.loads(tried["out"])


def test_nothing_of_the_grader_was_touched(tried):
    assert tried["harmed"] == []


def test_nothing_was_left_in_the_spool(tried):
    assert tried["in_spool"] == []


@pytest.fixture(scope="module")
def unconfined(command):
    order = json.dumps({"level": "none", "code": CODE, "attack": True})
    user = "ordinary" if os.geteuid() == 0 else "self"
    done = subprocess.run(command(user), input=order, capture_output=True, text=True, timeout=120)
    Path("/var/tmp/hacked").unlink(missing_ok=True)  # what `write_to_the_system` leaves where nothing holds it back
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


# What an ordinary user may not do in the first place, or what this kernel may not have.
NEEDS_MORE = {"use_netlink", "keep_a_capability", "become_root", "mount_something", "use_io_uring"}
NEEDS_MORE |= {"new_user_namespace", "new_user_namespace_by_clone", "trace_a_process", "signal_a_process"}


@pytest.mark.parametrize("name", [name for name in NAMES if name not in NEEDS_MORE | {"send_by_udp"}])
def test_without_a_sandbox_it_does_so_the_test_above_means_something(unconfined, name):
    assert name in json.loads(unconfined["out"])


def test_without_a_sandbox_the_grader_is_harmed_in_every_way(unconfined):
    assert set(unconfined["harmed"]) >= {"files", *(f"{name} heard something" for name in ("tcp", "udp", "datagrams"))}
