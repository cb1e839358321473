"""Runs the driver as whoever runs the tests, and, where that is root, as an ordinary user too."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
DRIVER = Path("tests/grading/sandbox/driver.py")
ORDINARY = 54321
USERS = ["self", "ordinary"] if os.geteuid() == 0 else ["self"]
# Root's Python and checkout may lie where nobody else can go, so they are shown at another place.
AS_ORDINARY = """
mount --bind "$1" "$4/python" && mount --bind "$2" "$4/site-packages" && mount --bind "$3" "$4/checkout" && cd / &&
exec setpriv --reuid {user} --regid {user} --clear-groups \
    env -i PATH=/usr/bin:/bin PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$4/checkout:$4/site-packages" {folders} \
    "$4/python/bin/python3" "$4/checkout/{driver}"
"""


@pytest.fixture(scope="session", params=[(level, user) for level in ("bubblewrap", "landlock") for user in USERS])
def place(request):
    """A level of sandbox and a user who grades."""
    return request.param


@pytest.fixture(scope="session")
def command():
    """The command that starts the driver as that user, all of whose folders are gone at the end."""
    # Not in /tmp, which is scratch inside; and short, as the path of a socket has to be.
    stage = Path(f"/var/tmp/lrc-test-{os.getpid()}")
    for name in ("python", "site-packages", "checkout", "tmp"):
        (stage / name).mkdir(parents=True)
    (stage / "tmp").chmod(0o1777)
    folders = [f"TMPDIR={stage}/tmp", f"XDG_RUNTIME_DIR={stage}/tmp"]
    shown = [sys.base_prefix, sysconfig.get_path("purelib"), ROOT, stage]
    script = AS_ORDINARY.format(user=ORDINARY, driver=DRIVER, folders=" ".join(folders))
    commands = {
        "self": ["env", *folders, sys.executable, ROOT / DRIVER],
        "ordinary": ["unshare", "--mount", "sh", "-c", script, "sh", *shown],
    }
    yield commands.__getitem__
    shutil.rmtree(stage / "tmp")
    for folder in (*stage.iterdir(), stage):
        folder.rmdir()  # refuses where something is in it: a place to mount on is never emptied


@pytest.fixture(scope="session")
def drive(place, command, needs):
    """Runs code in the sandbox, as the driver is told; gives what the driver says."""
    level, user = place
    needs(level)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command(user), **pipes) as driver:

        def run(code, **more):
            driver.stdin.write(json.dumps({"level": level, "code": code, **more}) + "\n")
            driver.stdin.flush()
            found = json.loads(driver.stdout.readline())
            assert found["user"] == (ORDINARY if user == "ordinary" else os.geteuid())
            return found

        yield run
        driver.stdin.close()
